/** Conditions as SQL: allow-listed fields and bound values only, so nothing a client says becomes SQL text. */
import { type SQL, sql } from "drizzle-orm";
import type { Predicate, Scalar } from "@/server/domain/predicates";

const OPERATORS = {
  eq: sql.raw("is"),
  ne: sql.raw("is not"),
  gt: sql.raw(">"),
  ge: sql.raw(">="),
  lt: sql.raw("<"),
  le: sql.raw("<="),
} as const;

/** `text` as the pattern of a LIKE that looks for it anywhere; use with `escape '\'`. */
function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Whether `field` holds `text` anywhere, ignoring the case of ASCII letters. */
export function contains(field: SQL, text: string): SQL {
  return sql`${field} like ${anywhere(text)} escape '\\'`;
}

function valueList(values: readonly Scalar[]): SQL {
  return sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  );
}

/** One predicate on the SQL of its field. */
export function condition(field: SQL, predicate: Predicate<string>): SQL {
  switch (predicate.operation) {
    case "in":
      return predicate.values.length === 0 ? sql`0` : sql`${field} in (${valueList(predicate.values)})`;
    case "contains":
      return contains(field, predicate.value);
    default:
      return sql`${field} ${OPERATORS[predicate.operation]} ${predicate.value}`;
  }
}

/** All conditions joined by AND; true when there are none. */
export function allOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`1` : sql.join([...conditions], sql` and `);
}

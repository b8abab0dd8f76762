/** Comparisons as SQL: the field is ours, the values are bound; a field without a value satisfies nothing but `!=`. */
import { type SQL, sql } from "drizzle-orm";
import { familyOf } from "@/server/domain/lists/families";
import type { Comparison, Filter, FilterValue, Order } from "@/server/domain/lists/filter";
import { readLength, readMoment } from "@/server/domain/lists/moments";
import { contains } from "../conditions";

const ORDER_SQL: { readonly [order in Exclude<Order, "!=">]: SQL } = {
  "=": sql.raw("="),
  ">": sql.raw(">"),
  ">=": sql.raw(">="),
  "<": sql.raw("<"),
  "<=": sql.raw("<="),
};

/** Conditions joined by AND; true when there are none. */
export const every = (parts: readonly SQL[]): SQL =>
  parts.length === 0 ? sql`1` : sql`(${sql.join([...parts], sql` and `)})`;

/** Conditions joined by OR; false when there are none. */
export const some = (parts: readonly SQL[]): SQL =>
  parts.length === 0 ? sql`0` : sql`(${sql.join([...parts], sql` or `)})`;

/** What does not hold, unknown included, so that every filter is true or false. */
export const negated = (condition: SQL): SQL => sql`((${condition}) is not true)`;

const isOwn = (filter: Filter): boolean => "is" in filter && familyOf(filter.field) === null;

/** Of what one alone decides, a row's own columns come first: they are at hand, where a fact is looked up. */
const ownFirst = (parts: readonly Filter[]): readonly Filter[] => [
  ...parts.filter(isOwn),
  ...parts.filter((part) => !isOwn(part)),
];

/** A tree as one condition, given what each comparison is. */
export function filterSql(filter: Filter, compare: (comparison: Comparison) => SQL): SQL {
  if ("all" in filter) return every(filter.all.map((part) => filterSql(part, compare)));
  if ("any" in filter) return some(ownFirst(filter.any).map((part) => filterSql(part, compare)));
  return "not" in filter ? negated(filterSql(filter.not, compare)) : compare(filter);
}

type Scalar = string | number;

/** A comparison of a plain column; `read` turns what was written into what is stored. */
function plain(field: SQL, comparison: Comparison, read: (value: FilterValue) => Scalar | null): SQL {
  switch (comparison.is) {
    case "set":
      return sql`(${field} is not null and ${field} <> '')`;
    case "contains":
      return contains(field, comparison.value);
    case "in":
      return sql`${field} in (${sql.join(
        comparison.values.map((value) => sql`${read(value)}`),
        sql`, `,
      )})`;
    case "!=":
      return sql`${field} is not ${read(comparison.value)}`;
    default:
      return sql`${field} ${ORDER_SQL[comparison.is]} ${read(comparison.value)}`;
  }
}

export const text = (field: SQL, comparison: Comparison): SQL => plain(field, comparison, String);
export const number = (field: SQL, comparison: Comparison): SQL => plain(field, comparison, Number);
export const moment = (field: SQL, comparison: Comparison, nowMs: number): SQL =>
  plain(field, comparison, (value) => readMoment(value, nowMs));
export const length = (field: SQL, comparison: Comparison): SQL => plain(field, comparison, readLength);

/**
 * A comparison of a column that holds numbers and texts: a number is compared with numbers only, a text with texts.
 * SQLite puts every number before every text, so one more bound keeps the index in use.
 */
export function mixed(field: SQL, comparison: Comparison): SQL {
  switch (comparison.is) {
    case "contains":
      return sql`(typeof(${field}) = 'text' and ${contains(field, comparison.value)})`;
    case "set":
      return sql`${field} is not null`;
    case ">":
    case ">=":
    case "<":
    case "<=": {
      const { value } = comparison;
      const own = sql`${field} ${ORDER_SQL[comparison.is]} ${value}`;
      if (typeof value === "number") return comparison.is.startsWith(">") ? sql`(${own} and ${field} < '')` : own;
      return comparison.is.startsWith("<") ? sql`(${own} and ${field} >= '')` : own;
    }
    default:
      return plain(field, comparison, (value) => value);
  }
}

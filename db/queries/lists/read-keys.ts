/** Reads one page of a list: which rows, in which order, by keyset, and how many there are in all. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { type Comparison, conjunctsOf, type Filter } from "@/server/domain/lists/filter";
import type { Direction, PagePosition, Scalar } from "@/server/domain/predicates";
import { COUNT_LIMIT } from "../keyset";
import { every, filterSql, some } from "./comparison-sql";
import type { ListOrder, ListSource } from "./list-source";

export interface ListQuestion {
  readonly filter: Filter | undefined;
  readonly sort: string;
  readonly direction: Direction;
  readonly after: PagePosition | null;
  readonly limit: number;
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: PagePosition | null;
  readonly total: number;
}

export interface KeyPage {
  readonly keys: readonly number[];
  readonly next: PagePosition | null;
}

/** Up to so many candidates are looked at one by one; more than that, and the list is walked in its order. */
const FEW = 4_000;
const MAX_ARMS = 12;

/** The matching rows of a list, with the few candidates where a comparison leaves only few. */
export interface Matching {
  readonly where: SQL;
  readonly arms: readonly SQL[];
  readonly few: boolean;
  /** A comparison whose rows an index gives, where they are too many to be looked at; and what else has to hold. */
  readonly driver: { readonly keys: SQL; readonly where: SQL } | null;
}

const isComparison = (filter: Filter): filter is Comparison => "is" in filter;

/** Finds out how to read the rows that match: one statement where the filter names something that may be rare. */
export function matching(db: Executor, source: ListSource, filter: Filter | undefined): Matching {
  const conjuncts = conjunctsOf(filter);
  const compare = (comparison: Comparison) => source.compare(comparison);
  const allOf = (parts: readonly Filter[]) => every([source.visible, ...parts.map((part) => filterSql(part, compare))]);
  const telling = conjuncts.filter(isComparison).find((comparison) => source.candidates(comparison) !== null);
  const candidates = telling === undefined ? null : source.candidates(telling);
  if (candidates !== null) {
    const keys = db.all<{ key: number }>(sql`${candidates.query} limit ${FEW + 1}`).map(({ key }) => key);
    if (keys.length <= FEW) {
      const among = sql`${source.key} in (select value from json_each(${JSON.stringify(keys)}))`;
      return { where: every([among, allOf(conjuncts)]), arms: [sql`1`], few: true, driver: null };
    }
  }
  // What the index says of a row is not asked again of the row.
  const rest = conjuncts.filter((part) => part !== telling);
  const driver = candidates?.isExact ? { keys: candidates.query, where: allOf(rest) } : null;
  return { ...armed(source, conjuncts), few: false, driver };
}

/** Splits the first comparisons that have arms, as long as there are not too many. */
function armed(source: ListSource, conjuncts: readonly Filter[]): Pick<Matching, "where" | "arms"> {
  let arms: readonly SQL[] = [sql`1`];
  const rest: SQL[] = [source.visible];
  for (const part of conjuncts) {
    const own = isComparison(part) ? source.arms(part) : null;
    if (own === null || own.length * arms.length > MAX_ARMS) rest.push(filterSql(part, (c) => source.compare(c)));
    else arms = arms.flatMap((arm) => own.map((one) => every([arm, one])));
  }
  return { where: every(rest), arms };
}

interface KeyRow {
  readonly key: number;
  readonly value: Scalar | null;
}

/** The keys of one page. `next` is where the following page begins, null on the last. */
export function readKeys(db: Executor, source: ListSource, match: Matching, question: ListQuestion): KeyPage {
  const order = source.order(question.sort, match.few);
  const parts = [
    ...(question.after?.value === null && order.isNullable ? [] : valueParts(source, match, order, question)),
    ...(order.isNullable ? [nullPart(source, match, order, question)] : []),
  ];
  const limit = question.limit + 1;
  const [only] = parts;
  const rows = db.all<KeyRow>(
    parts.length === 1 && only
      ? only
      : sql`select * from (${sql.join(
          parts.map((part) => sql`select * from (${part})`),
          sql` union all `,
        )}) limit ${limit}`,
  );
  const last = rows[question.limit - 1];
  return {
    keys: rows.slice(0, question.limit).map(({ key }) => key),
    next: rows.length > question.limit && last ? { value: last.value, key: last.key } : null,
  };
}

const way = (direction: Direction): { beyond: SQL; order: SQL } =>
  direction === "asc" ? { beyond: sql`>`, order: sql`asc` } : { beyond: sql`<`, order: sql`desc` };

function valueParts(source: ListSource, match: Matching, order: ListOrder, question: ListQuestion): SQL[] {
  const { beyond, order: direction } = way(question.direction);
  const limit = question.limit + 1;
  const { by } = order;
  // The key as the index of the values has it, or rows of equal value would be sorted anew.
  const key = order.facts?.key ?? source.key;
  const { after } = question;
  const from = order.facts?.from ?? source.from;
  const there = order.isNullable ? [sql`${by} is not null`] : [];
  const later = after === null ? [] : [sql`(${by}, ${key}) ${beyond} (${after.value}, ${after.key})`];
  const arm = (condition: SQL) =>
    sql`select ${key} as key, ${by} as value from ${from}
      where ${every([condition, match.where, ...there, ...later])}
      order by ${by} ${direction}, ${key} ${direction} limit ${limit}`;
  const arms = match.arms.map(arm);
  if (arms.length < 2) return arms;
  const all = sql.join(
    arms.map((one) => sql`select * from (${one})`),
    sql` union all `,
  );
  return [sql`select key, value from (${all}) order by value ${direction}, key ${direction} limit ${limit}`];
}

function nullPart(source: ListSource, match: Matching, order: ListOrder, question: ListQuestion): SQL {
  const { beyond, order: direction } = way(question.direction);
  const { after, limit } = question;
  const absent = order.facts?.absent ?? sql`${order.by} is null`;
  const later = after !== null && after.value === null ? [sql`${source.key} ${beyond} ${after.key}`] : [];
  return sql`select ${source.key} as key, null as value from ${source.from}
    where ${every([some(match.arms), match.where, absent, ...later])}
    order by ${source.key} ${direction} limit ${limit + 1}`;
}

/** How many rows match; counting stops at one more than 10,000. */
export function countMatching(db: Executor, source: ListSource, match: Matching): number {
  const { key, from } = source;
  const { driver } = match;
  const each =
    driver === null
      ? match.arms.map((arm) => sql`select 1 from ${from} where ${every([arm, match.where])}`)
      : [sql`select 1 from (${driver.keys}) driver cross join ${from} on ${key} = driver.key where ${driver.where}`];
  return db.get<{ count: number }>(
    sql`select count(*) as count from (${sql.join(each, sql` union all `)} limit ${COUNT_LIMIT + 1})`,
  ).count;
}

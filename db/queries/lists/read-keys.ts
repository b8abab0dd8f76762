/** Reads one page of a list: which rows, in which order, by keyset, and how many there are in all. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { type Comparison, conjunctsOf, type Filter } from "@/server/domain/lists/filter";
import type { Direction, PagePosition, Scalar } from "@/server/domain/predicates";
import { COUNT_LIMIT } from "../keyset";
import { every, filterSql, some } from "./comparison-sql";
import { FEW } from "./few";
import type { Arm, Candidates, ListOrder, ListSource, ValueSource } from "./list-source";

export interface ListQuestion {
  readonly filter: Filter | undefined;
  readonly sort: string;
  readonly direction: Direction;
  readonly after: PagePosition | null;
  readonly limit: number;
}

/** A page of a list whose rows nobody counts. */
export interface ItemPage<Item> {
  readonly items: readonly Item[];
  readonly next: PagePosition | null;
}

export interface ListPage<Item> extends ItemPage<Item> {
  readonly total: number;
}

export interface KeyPage {
  readonly keys: readonly number[];
  readonly next: PagePosition | null;
}

const MAX_ARMS = 12;

/** The matching rows of a list, with the few candidates where a comparison leaves only few. */
export interface Matching {
  readonly where: SQL;
  readonly arms: readonly Arm[];
  readonly few: boolean;
  /** The comparisons that all hold at once. */
  readonly comparisons: readonly Comparison[];
  /** A comparison whose rows an index gives, where they are too many to be looked at; and what else has to hold. */
  readonly driver: { readonly keys: SQL; readonly where: SQL } | null;
}

const isComparison = (filter: Filter): filter is Comparison => "is" in filter;

const WHOLE: Arm = { where: sql`1` };

interface Telling extends Candidates {
  readonly comparison: Comparison;
}

/** Comparisons whose candidates are counted before a page is read. */
const MOST_TELLING = 4;

/** Which of them leaves the fewest rows, and whether these are few: one statement, however many there are. */
function fewest(db: Executor, telling: readonly Telling[]): { readonly one: Telling; readonly isFew: boolean } | null {
  if (telling.length === 0) return null;
  const counts = telling.map(
    ({ query }) => sql`select count(*) as found from (select 1 from (${query}) limit ${FEW + 1})`,
  );
  const found = db.all<{ found: number }>(sql.join(counts, sql` union all `)).map((row) => row.found);
  const least = Math.min(...found);
  const one = telling[found.indexOf(least)];
  return one === undefined ? null : { one, isFew: least <= FEW };
}

/** Finds out how to read the rows that match: one statement where the filter names something that may be rare. */
export function matching(
  db: Executor,
  source: ListSource,
  { filter, sort }: Pick<ListQuestion, "filter" | "sort">,
): Matching {
  const conjuncts = conjunctsOf(filter);
  const compare = (comparison: Comparison) => source.compare(comparison);
  const allOf = (parts: readonly Filter[]) => every([source.visible, ...parts.map((part) => filterSql(part, compare))]);
  const comparisons = conjuncts.filter(isComparison);
  const telling = comparisons.flatMap((comparison) => {
    const candidates = source.candidates(comparison, sort);
    return candidates === null ? [] : [{ comparison, ...candidates }];
  });
  const isWalked = telling.length === 1 && telling[0]?.isOrdered;
  const best = isWalked ? null : fewest(db, telling.slice(0, MOST_TELLING));
  if (best?.isFew) {
    const among = sql`${source.key} in (select key from (${best.one.query}))`;
    return { where: every([among, allOf(conjuncts)]), arms: [WHOLE], few: true, comparisons, driver: null };
  }
  // What the index says of a row is not asked again of the row.
  const rest = conjuncts.filter((part) => part !== best?.one.comparison);
  const driver = best?.one.isExact ? { keys: best.one.query, where: allOf(rest) } : null;
  return { ...armed(source, conjuncts, sort), few: false, comparisons, driver };
}

/** Splits the first comparison that has arms; the others are asked of each row. */
function armed(source: ListSource, conjuncts: readonly Filter[], sort: string): Pick<Matching, "where" | "arms"> {
  let arms: readonly Arm[] | null = null;
  const rest: SQL[] = [source.visible];
  for (const part of conjuncts) {
    const own: readonly Arm[] | null = arms === null && isComparison(part) ? source.arms(part, sort) : null;
    if (own !== null && own.length <= MAX_ARMS) arms = own;
    else rest.push(filterSql(part, (comparison) => source.compare(comparison)));
  }
  return { where: every(rest), arms: arms ?? [WHOLE] };
}

interface KeyRow {
  readonly key: number;
  readonly value: Scalar | null;
  readonly [tie: `tie${number}`]: Scalar;
}

/** The keys of one page. `next` is where the following page begins, null on the last. */
export function readKeys(db: Executor, source: ListSource, match: Matching, question: ListQuestion): KeyPage {
  const order = source.order(question.sort, match.few);
  const ties = order.sources[0]?.ties.length ?? 0;
  const isPastValues = question.after?.value === null && order.absent !== null;
  const parts = [
    ...(isPastValues ? [] : [valuePart(match, order, ties, question)]),
    ...(order.absent === null ? [] : [absentPart(source, match, order.absent, ties, question)]),
  ];
  const limit = question.limit + 1;
  const [only] = parts;
  const rows = db.all<KeyRow>(parts.length === 1 && only ? only : sql`select * from (${inTurn(parts)}) limit ${limit}`);
  const last = rows[question.limit - 1];
  return {
    keys: rows.slice(0, question.limit).map(({ key }) => key),
    next: rows.length > question.limit && last ? positionOf(last, ties) : null,
  };
}

const tieNames = (ties: number): readonly `tie${number}`[] =>
  Array.from({ length: ties }, (_, at) => `tie${at}` as const);

function positionOf(row: KeyRow, ties: number): PagePosition {
  if (row.value === null || ties === 0) return { value: row.value, key: row.key };
  return { value: row.value, ties: tieNames(ties).map((name) => row[name] ?? ""), key: row.key };
}

const inTurn = (selects: readonly SQL[]): SQL =>
  sql.join(
    selects.map((one) => sql`select * from (${one})`),
    sql` union all `,
  );

const listed = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);

const way = (direction: Direction): { beyond: SQL; order: SQL } =>
  direction === "asc" ? { beyond: sql`>`, order: sql`asc` } : { beyond: sql`<`, order: sql`desc` };

/** What stands beyond a position in a source, as ranges of its index. */
function rangesAfter(own: ValueSource, beyond: SQL, after: PagePosition | null): readonly SQL[] {
  const ties = after?.ties ?? [];
  if (after === null || ties.length !== own.ties.length) return [sql`1`];
  const values = [after.value, ...ties, after.key].map((value) => sql`${value}`);
  if (!own.isOwned) return [sql`(${listed([own.by, ...own.ties, own.key])}) ${beyond} (${listed(values)})`];
  const [owner, ...inner] = own.ties;
  return [
    sql`(${own.by} = ${after.value} and ${owner} = ${ties[0]}
      and (${listed([...inner, own.key])}) ${beyond} (${listed(values.slice(2))}))`,
    sql`(${own.by}, ${owner}) ${beyond} (${after.value}, ${ties[0]})`,
  ];
}

function valuePart(match: Matching, order: ListOrder, ties: number, question: ListQuestion): SQL {
  const { beyond, order: direction } = way(question.direction);
  const limit = question.limit + 1;
  const selects = order.sources.flatMap((own) => {
    const { by, key, from } = own;
    const columns = [
      sql`${key} as key`,
      sql`${by} as value`,
      ...own.ties.map((tie, at) => sql`${tie} as ${sql.raw(`tie${at}`)}`),
    ];
    const there = [
      ...(order.absent === null ? [] : [sql`${by} is not null`]),
      ...(own.where ? [own.where] : []),
      ...match.comparisons.flatMap((comparison) => own.narrow?.(comparison) ?? []),
    ];
    const ways = listed([by, ...own.ties, key].map((each) => sql`${each} ${direction}`));
    return match.arms.flatMap((arm) =>
      rangesAfter(own, beyond, question.after).map(
        (range) => sql`select ${listed(columns)} from ${arm.from ?? from}
          where ${every([arm.where, match.where, ...there, range])} order by ${ways} limit ${limit}`,
      ),
    );
  });
  const [only] = selects;
  if (selects.length === 1 && only) return only;
  const names = ["value", ...tieNames(ties), "key"].map((name) => sql`${sql.raw(name)} ${direction}`);
  return sql`select * from (${inTurn(selects)}) order by ${listed(names)} limit ${limit}`;
}

function absentPart(source: ListSource, match: Matching, absent: SQL, ties: number, question: ListQuestion): SQL {
  const { beyond, order: direction } = way(question.direction);
  const { after, limit } = question;
  const later = after !== null && after.value === null ? [sql`${source.key} ${beyond} ${after.key}`] : [];
  const columns = [
    sql`${source.key} as key`,
    sql`null as value`,
    ...tieNames(ties).map((name) => sql`null as ${sql.raw(name)}`),
  ];
  return sql`select ${listed(columns)} from ${source.from}
    where ${every([some(match.arms.map((arm) => arm.where)), match.where, absent, ...later])}
    order by ${source.key} ${direction} limit ${limit + 1}`;
}

/** How many rows match; counting stops at one more than 10,000. */
export function countMatching(db: Executor, source: ListSource, match: Matching): number {
  const { key, from } = source;
  const { driver } = match;
  const each =
    driver === null
      ? match.arms.map((arm) => sql`select 1 from ${arm.from ?? from} where ${every([arm.where, match.where])}`)
      : [sql`select 1 from (${driver.keys}) driver cross join ${from} on ${key} = driver.key where ${driver.where}`];
  return db.get<{ count: number }>(
    sql`select count(*) as count from (${sql.join(each, sql` union all `)} limit ${COUNT_LIMIT + 1})`,
  ).count;
}

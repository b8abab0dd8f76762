/** What the newest runs hold: names of parameters, metrics and tags, and values with how often they occur. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, run, runMetric, runParameter, runTag } from "@/db/schema";
import { familyOf } from "@/server/domain/lists/families";
import type { CountedValue, FactNames } from "@/server/domain/views/lists";
import { contains } from "../conditions";

/** Suggestions look at so many of the newest runs, so that they cost the same however many there are. */
const NEWEST = 5_000;
const NEWEST_FOR_NAMES = 1_000;
const MOST_NAMES = 500;
const MOST_VALUES = 12;

const since = (count: number): SQL =>
  sql`(select coalesce(min(key), 0) from (select key from ${run} order by key desc limit ${count}))`;

/** Names of parameters, metrics and tags, by name. */
export function factNames(db: Executor, _question: object): FactNames {
  const names = (table: SQL): string[] =>
    db
      .all<{ name: string }>(
        sql`select distinct name from ${table} where run_key >= ${since(NEWEST_FOR_NAMES)} order by name limit ${MOST_NAMES}`,
      )
      .map(({ name }) => name);
  return { param: names(sql`${runParameter}`), metric: names(sql`${runMetric}`), tag: names(sql`${runTag}`) };
}

const COLUMNS: { readonly [field: string]: SQL } = {
  name: sql`r.name`,
  state: sql`r.state`,
  profile: sql`r.profile`,
  origin: sql`r.origin`,
  pipeline: sql`coalesce((select p.display_name from ${pipeline} p where p.key = r.pipeline_key), r.pipeline_name)`,
  experiment: sql`(select e.name from ${experiment} e where e.key = r.experiment_key)`,
  error: sql`case when r.state = 'failed' and json_valid(r.reason) then json_extract(r.reason, '$.message') end`,
};
const FACTS: { readonly [family: string]: { readonly table: SQL; readonly value: SQL } } = {
  param: { table: sql`${runParameter}`, value: sql`f.scalar` },
  metric: { table: sql`${runMetric}`, value: sql`f.value` },
  tag: { table: sql`${runTag}`, value: sql`f.value` },
};

export interface SuggestQuestion {
  readonly field: string;
  /** What a value holds somewhere; empty for any. */
  readonly part: string;
}

/** The most frequent values of a field among the newest runs; none for a field whose values are no words. */
export function suggestedValues(db: Executor, { field, part }: SuggestQuestion): CountedValue[] {
  const member = familyOf(field);
  const fact = member === null ? undefined : FACTS[member.family];
  const column = Object.hasOwn(COLUMNS, field) ? COLUMNS[field] : undefined;
  const from = since(NEWEST);
  const values =
    member !== null && fact !== undefined
      ? sql`select ${fact.value} as value from ${fact.table} f where f.run_key >= ${from} and f.name = ${member.name}`
      : column === undefined
        ? null
        : sql`select ${column} as value from ${run} r where r.key >= ${from} and r.deleted_at is null`;
  if (values === null) return [];
  const wanted = part === "" ? sql`1` : contains(sql`value`, part);
  return db.all<CountedValue>(
    sql`select substr(value, 1, 200) as value, count(*) as count from (${values}) where value is not null and ${wanted}
        group by value order by count desc, value limit ${MOST_VALUES}`,
  );
}

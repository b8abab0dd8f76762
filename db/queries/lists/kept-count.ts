/** How many runs a filter leaves, from the counters that triggers keep: the same few rows at any number of runs. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, run, runCount } from "@/db/schema";
import { type Comparison, conjunctsOf, type Filter } from "@/server/domain/lists/filter";
import { COUNT_LIMIT } from "../keyset";
import { every, text } from "./comparison-sql";
import type { ListSource } from "./list-source";

const equal = (value: Comparison): string | null => (value.is === "=" ? String(value.value) : null);

/** A comparison as a condition on the counters, null where they do not tell its runs from others. */
const COUNTED: { readonly [field: string]: (comparison: Comparison) => SQL | null } = {
  state: (c) => (c.is === "=" || c.is === "!=" || c.is === "in" ? text(sql`${runCount.state}`, c) : null),
  archived: (c) => whenEqual(c, (value) => sql`${runCount.isArchived} = ${value === "true" ? 1 : 0}`),
  experimentId: (c) => whenEqual(c, (id) => sql`${runCount.experimentKey} in ${keysOf(experiment, experiment.id, id)}`),
  experiment: (c) =>
    whenEqual(c, (name) => sql`${runCount.experimentKey} in ${keysOf(experiment, experiment.name, name)}`),
  pipelineId: (c) => whenEqual(c, (id) => sql`${runCount.pipelineKey} in ${keysOf(pipeline, pipeline.id, id)}`),
  pipeline: (c) =>
    whenEqual(c, (name) => sql`${runCount.pipelineKey} in ${keysOf(pipeline, pipeline.displayName, name)}`),
};

function whenEqual(comparison: Comparison, condition: (value: string) => SQL): SQL | null {
  const value = equal(comparison);
  return value === null ? null : condition(value);
}

type Named = typeof experiment.id | typeof experiment.name | typeof pipeline.id | typeof pipeline.displayName;

const keysOf = (owner: typeof experiment | typeof pipeline, by: Named, value: string): SQL =>
  sql`(select ${owner.key} from ${owner} where ${by} = ${value})`;

interface Counted {
  readonly comparisons: readonly Comparison[];
  readonly conditions: readonly SQL[];
}

function counted(filter: Filter | undefined): Counted | null {
  const comparisons: Comparison[] = [];
  const conditions: SQL[] = [];
  for (const part of conjunctsOf(filter)) {
    const condition = "is" in part && Object.hasOwn(COUNTED, part.field) ? COUNTED[part.field]?.(part) : null;
    if (!("is" in part) || !condition) return null;
    comparisons.push(part);
    conditions.push(condition);
  }
  return { comparisons, conditions };
}

/** Whether the kept counters know how many runs a filter leaves. */
export const isKept = (filter: Filter | undefined): boolean => counted(filter) !== null;

/**
 * How many runs a filter leaves, up to 10,001; null where runs have to be looked at. Runs of a pipeline that was never
 * listed are known to the counters without their name, so that these few are counted by an index.
 */
export function keptCount(db: Executor, source: ListSource, filter: Filter | undefined): number | null {
  const known = counted(filter);
  if (known === null) return null;
  const kept = sql`(select coalesce(sum(${runCount.count}), 0) from ${runCount} where ${every(known.conditions)})`;
  const unlisted = [
    source.visible,
    sql`${run.pipelineKey} is null`,
    ...known.comparisons.map((c) => source.compare(c)),
  ];
  const isNamed = known.comparisons.some(({ field }) => field === "pipeline");
  const others = sql`(select count(*) from (select 1 from ${run} indexed by run_unlisted where ${every(unlisted)} limit ${COUNT_LIMIT + 1}))`;
  const total = isNamed ? sql`${kept} + ${others}` : kept;
  return Math.min(db.get<{ count: number }>(sql`select ${total} as count`).count, COUNT_LIMIT + 1);
}

/** How many runs a filter leaves, from the counters that triggers keep: the same few rows at any number of runs. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { run, runCount } from "@/db/schema";
import { type Comparison, conjunctsOf, type Filter } from "@/server/domain/lists/filter";
import { COUNT_LIMIT } from "../keyset";
import { every, text } from "./comparison-sql";
import type { ListSource } from "./list-source";
import { experimentsLeft, pipelinesLeft } from "./owners-left";

/** A comparison as a condition on the counters, null where they do not tell its runs from others. */
function countedBy(comparison: Comparison): SQL | null {
  const { field, is } = comparison;
  if (field === "state") {
    return is === "=" || is === "!=" || is === "in" ? text(sql`${runCount.state}`, comparison) : null;
  }
  if (field === "archived") {
    return is === "=" ? sql`${runCount.isArchived} = ${String(comparison.value) === "true" ? 1 : 0}` : null;
  }
  const pipelines = pipelinesLeft(comparison);
  if (pipelines !== null) return sql`${runCount.pipelineKey} in ${pipelines}`;
  const experiments = experimentsLeft(comparison);
  return experiments === null ? null : sql`${runCount.experimentKey} in ${experiments}`;
}

interface Counted {
  readonly comparisons: readonly Comparison[];
  readonly conditions: readonly SQL[];
}

function counted(filter: Filter | undefined): Counted | null {
  const comparisons: Comparison[] = [];
  const conditions: SQL[] = [];
  for (const part of conjunctsOf(filter)) {
    const condition = "is" in part ? countedBy(part) : null;
    if (!("is" in part) || condition === null) return null;
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

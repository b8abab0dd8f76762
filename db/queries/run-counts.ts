/** Counts of runs by state, from the kept counters. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, runCount } from "@/db/schema";
import type { RunState } from "@/server/domain/states";
import { allOf } from "./conditions";

export type RunCounts = { [state in RunState]?: number };

export interface CountFilter {
  readonly experimentId?: string | undefined;
  readonly pipelineId?: string | undefined;
  readonly archived?: boolean | undefined;
}

interface StateCount {
  readonly state: RunState;
  readonly count: number;
}

function byState(rows: readonly StateCount[]): RunCounts {
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Runs by state, from the kept counters; states without a run are left out. */
export function countRunsByState(db: Executor, { experimentId, pipelineId, archived }: CountFilter): RunCounts {
  const conditions = [sql`${runCount.count} > 0`];
  if (archived !== undefined) conditions.push(sql`${runCount.isArchived} = ${archived ? 1 : 0}`);
  if (experimentId !== undefined) {
    conditions.push(sql`${runCount.experimentKey} = (select e.key from ${experiment} e where e.id = ${experimentId})`);
  }
  if (pipelineId !== undefined) {
    conditions.push(sql`${runCount.pipelineKey} = (select p.key from ${pipeline} p where p.id = ${pipelineId})`);
  }
  return byState(
    db.all<StateCount>(
      sql`select ${runCount.state} as state, sum(${runCount.count}) as count from ${runCount}
          where ${allOf(conditions)} group by ${runCount.state}`,
    ),
  );
}

/** Kept counts of several experiments in one statement, not archived runs only. */
export function countsOfExperiments(db: Executor, keys: readonly number[]): ReadonlyMap<number, RunCounts> {
  const counts = new Map<number, RunCounts>(keys.map((key) => [key, {}]));
  if (keys.length === 0) return counts;
  const wanted = sql.join(
    keys.map((key) => sql`${key}`),
    sql`, `,
  );
  const rows = db.all<StateCount & { readonly experimentKey: number }>(
    sql`select ${runCount.experimentKey} as experimentKey, ${runCount.state} as state,
          sum(${runCount.count}) as count
        from ${runCount} where ${runCount.experimentKey} in (${wanted}) and ${runCount.isArchived} = 0
        and ${runCount.count} > 0 group by 1, 2`,
  );
  for (const { experimentKey, state, count } of rows) {
    const own = counts.get(experimentKey);
    if (own) own[state] = count;
  }
  return counts;
}

/** The last runs of one pipeline and, for each, its steps of one level: what the grid of the pipeline's page shows. */
import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { run, task, version } from "@/db/schema";
import type { StepKind } from "@/pipelines/graph";
import type { RunState, TaskState } from "@/server/domain/states";
import type { MetricTrendView } from "@/server/domain/views/metrics";
import type { GridCell, GridRun, GridStep } from "@/server/domain/views/run-grid";
import { lastMetricValue, metricPlaces } from "./series";

const MAX_METRIC_NAMES = 200;

/** Of several tasks of one step the first of these that there is stands for all. */
const TELLING: readonly TaskState[] = [
  "failed",
  "running",
  "canceling",
  "queued",
  "pending",
  "canceled",
  "succeeded",
  "cached",
  "skipped",
  "omitted",
];

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const listed = (keys: readonly number[]): SQL =>
  sql.join(
    keys.map((key) => sql`${key}`),
    sql`, `,
  );

export type LastRun = Omit<GridRun, "cells"> & { readonly key: number };

interface LastRunRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly version: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** The newest runs of a pipeline that are neither archived nor deleted, the newest first. */
export function lastRunsOf(db: Db, pipelineKey: number, limit: number): LastRun[] {
  return db
    .all<LastRunRow>(
      sql`select r.key, r.id, r.name, r.state, v.number as version, r.created_at as createdAt,
            r.started_at as startedAt, r.finished_at as finishedAt
          from ${run} r join ${version} v on v.key = r.version_key
          where r.pipeline_key = ${pipelineKey} and r.deleted_at is null and r.archived_at is null
          order by r.created_at desc, r.key desc limit ${limit}`,
    )
    .map(({ createdAt, startedAt, finishedAt, ...row }) => ({
      ...row,
      createdAt: new Date(createdAt).toISOString(),
      startedAt: iso(startedAt),
      finishedAt: iso(finishedAt),
    }));
}

/** Tasks whose step stands directly in `within`. Step keys are percent-encoded, so `/` only separates. */
function onLevel(within: string): SQL {
  if (within === "") return sql`instr(t.step_path, '/') = 0`;
  const prefix = `${within}/`;
  return sql`substr(t.step_path, 1, ${prefix.length}) = ${prefix} and instr(substr(t.step_path, ${prefix.length + 1}), '/') = 0`;
}

/** The steps of one level that any of the runs has: those of the first run in its order, then what only others have. */
export function stepsOfLevel(db: Db, runKeys: readonly number[], within: string): GridStep[] {
  if (runKeys.length === 0) return [];
  const place = sql.join(
    runKeys.map((key, at) => sql`when ${key} then ${at}`),
    sql` `,
  );
  return db.all<GridStep>(
    sql`select path, name, kind from (
          select t.step_path as path, t.name as name, t.kind as kind, t.key as key,
            min(case t.run_key ${place} end) as place
          from ${task} t where t.run_key in (${listed(runKeys)}) and ${onLevel(within)} group by t.step_path
        ) order by place, key`,
  );
}

interface CellRow {
  readonly runKey: number;
  readonly path: string;
  readonly kind: StepKind;
  readonly task: number;
  readonly state: TaskState;
  readonly count: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** The cells of runs by the keys of the runs and the paths of the steps. */
export function cellsOfRuns(
  db: Db,
  runKeys: readonly number[],
  within: string,
): ReadonlyMap<number, { readonly [step: string]: GridCell }> {
  const cells = new Map<number, { [step: string]: GridCell }>();
  if (runKeys.length === 0) return cells;
  const rank = sql.join(
    TELLING.map((state, at) => sql`when ${state} then ${at}`),
    sql` `,
  );
  // SQLite takes the other columns of a group from the row that has the minimum.
  const rows = db.all<CellRow>(
    sql`select t.run_key as runKey, t.step_path as path, t.key as task, t.state as state, count(*) as count,
          t.started_at as startedAt, t.finished_at as finishedAt, min(case t.state ${rank} end) as telling
        from ${task} t where t.run_key in (${listed(runKeys)}) and ${onLevel(within)}
        group by t.run_key, t.step_path`,
  );
  for (const { runKey, path, task: key, state, count, startedAt, finishedAt } of rows) {
    const own = cells.get(runKey) ?? {};
    cells.set(runKey, own);
    own[path] = { task: key, state, count, startedAt: iso(startedAt), finishedAt: iso(finishedAt) };
  }
  return cells;
}

/** Names of the metrics of runs, in order of the alphabet. */
export function metricNamesOf(db: Db, runKeys: readonly number[]): string[] {
  const names = new Set(runKeys.flatMap((key) => [...metricPlaces(db, key)].map(({ name }) => name)));
  return [...names].sort().slice(0, MAX_METRIC_NAMES);
}

interface TrendRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/** The last value of a metric in each of these runs that has it, the oldest run first. */
export function metricTrend(db: Db, runKeys: readonly number[], name: string): MetricTrendView["points"] {
  if (runKeys.length === 0) return [];
  const rows = db.all<TrendRow>(
    sql`select key, id, name, created_at as createdAt from ${run} where key in (${listed(runKeys)})
        order by created_at, key`,
  );
  return rows.flatMap(({ key, id, name: runName, createdAt }) => {
    const value = lastMetricValue(db, key, name);
    const at = new Date(createdAt).toISOString();
    return value === undefined ? [] : [{ run: { id, name: runName }, createdAt: at, value }];
  });
}

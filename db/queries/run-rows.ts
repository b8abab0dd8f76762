/** What a row of a list of runs holds, and how it becomes the view that leaves the server. */
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db, Executor } from "@/db/client";
import { experiment, pipeline, run, runParameter, version } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { RunSummary } from "@/server/domain/views/runs";
import { amongKeys, keyList, preparedFor } from "./statements";

const source = alias(run, "source");

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const COLUMNS = {
  key: run.key,
  id: run.id,
  name: run.name,
  description: run.description,
  state: run.state,
  reason: run.reason,
  pipelineId: pipeline.id,
  pipelineDisplayName: pipeline.displayName,
  pipelineName: run.pipelineName,
  versionId: version.id,
  versionNumber: version.number,
  experimentId: experiment.id,
  experimentName: experiment.name,
  profile: run.profile,
  priority: run.priority,
  origin: run.origin,
  extent: run.extent,
  sourceId: source.id,
  sourceName: source.name,
  archivedAt: run.archivedAt,
  createdAt: run.createdAt,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  taskCounts: run.taskCounts,
};

/** Selects the narrow row of a run and more; left joins keep `run` the outer table, so its index gives the order. */
export function selectRuns<More extends { [name: string]: SQL.Aliased | SQL }>(db: Executor, more: More) {
  return db
    .select({ ...COLUMNS, ...more })
    .from(run)
    .leftJoin(version, eq(version.key, run.versionKey))
    .leftJoin(pipeline, eq(pipeline.key, run.pipelineKey))
    .leftJoin(experiment, eq(experiment.key, run.experimentKey))
    .leftJoin(source, eq(source.key, run.clonedFromKey));
}

const statements = preparedFor((db) => {
  const byId = sql`${run.id} = ${sql.placeholder("id")}`;
  return {
    byKeys: selectRuns(db, {})
      .where(amongKeys(sql`${run.key}`))
      .prepare(),
    kept: selectRuns(db, {}).where(sql`${byId} and ${run.deletedAt} is null`).prepare(),
    any: selectRuns(db, {}).where(byId).prepare(),
  };
});

export type RunRow = ReturnType<ReturnType<typeof statements>["byKeys"]["all"]>[number];

/** Rows of the runs with these keys, in this order; none for a key that is nobody's. */
export function runRowsOf(db: Db, keys: readonly number[]): RunRow[] {
  const byKey = new Map(
    statements(db)
      .byKeys.all(keyList(keys))
      .map((row) => [row.key, row]),
  );
  return keys.map((key) => byKey.get(key)).filter((row) => row !== undefined);
}

/** The row of the run with this id, deleted ones left out unless asked for. */
export const findRunRow = (db: Db, id: string, options: { deleted?: boolean } = {}): RunRow | undefined =>
  statements(db)[options.deleted ? "any" : "kept"].get({ id });

/** Rows of the runs with these ids, in no order; deleted ones left out. */
export const findRunRows = (db: Executor, ids: readonly string[]): RunRow[] =>
  selectRuns(db, {})
    .where(and(inArray(run.id, [...ids]), isNull(run.deletedAt)))
    .all();

type Parameters = { [name: string]: JsonValue };

/** Resolved parameters of several runs in one statement, by the run's key. */
export function parametersOfRuns(db: Executor, runKeys: readonly number[]): ReadonlyMap<number, Parameters> {
  const byRun = new Map<number, Parameters>(runKeys.map((key) => [key, {}]));
  if (runKeys.length === 0) return byRun;
  const rows = db
    .select({ runKey: runParameter.runKey, name: runParameter.name, value: runParameter.value })
    .from(runParameter)
    .where(inArray(runParameter.runKey, [...runKeys]))
    .all();
  for (const { runKey, name, value } of rows) {
    const parameters = byRun.get(runKey);
    if (parameters) parameters[name] = value;
  }
  return byRun;
}

/** The view of a row. */
export function runSummary(row: RunRow, parameters: Parameters): RunSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    state: row.state,
    reason: row.reason,
    pipeline: row.pipelineId === null ? null : { id: row.pipelineId, name: row.pipelineDisplayName ?? "" },
    pipelineName: row.pipelineName,
    version: { id: row.versionId ?? "", number: row.versionNumber ?? 0 },
    experiment: { id: row.experimentId ?? "", name: row.experimentName ?? "" },
    profile: row.profile,
    priority: row.priority,
    origin: row.origin,
    extent: row.extent ?? { kind: "all" },
    clonedFrom: row.sourceId === null ? null : { id: row.sourceId, name: row.sourceName ?? "" },
    archivedAt: iso(row.archivedAt),
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    parameters,
    taskCounts: row.taskCounts ?? {},
  };
}

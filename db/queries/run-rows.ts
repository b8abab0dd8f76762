/** What a row of a list of runs holds, and how it becomes the view that leaves the server. */
import { eq, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Executor } from "@/db/client";
import { experiment, pipeline, run, runParameter, version } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { RunSummary } from "@/server/domain/views";

const source = alias(run, "source");

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Selects the narrow row of a run; left joins keep `run` the outer table, so its index gives the order. */
function selectRuns(db: Executor, sortValue: SQL<string | number | null>) {
  return db
    .select({
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
      origin: run.origin,
      sourceId: source.id,
      sourceName: source.name,
      archivedAt: run.archivedAt,
      createdAt: run.createdAt,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      taskCounts: run.taskCounts,
      sortValue,
    })
    .from(run)
    .leftJoin(version, eq(version.key, run.versionKey))
    .leftJoin(pipeline, eq(pipeline.key, run.pipelineKey))
    .leftJoin(experiment, eq(experiment.key, run.experimentKey))
    .leftJoin(source, eq(source.key, run.clonedFromKey));
}

export type RunRow = ReturnType<ReturnType<typeof readRunRows>["all"]>[number];

/** Rows of runs that match `where`, in `order`; the caller takes `.all()`. */
export function readRunRows(
  db: Executor,
  page: { where: SQL; order: SQL; limit: number; sortValue: SQL<string | number | null> },
) {
  return selectRuns(db, page.sortValue).where(page.where).orderBy(page.order).limit(page.limit);
}

/** The row of the run with this id, deleted ones left out unless asked for. */
export function findRunRow(db: Executor, id: string, options: { deleted?: boolean } = {}): RunRow | undefined {
  const where = options.deleted ? sql`${run.id} = ${id}` : sql`${run.id} = ${id} and ${run.deletedAt} is null`;
  return selectRuns(db, sql`null`).where(where).get();
}

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
    origin: row.origin,
    clonedFrom: row.sourceId === null ? null : { id: row.sourceId, name: row.sourceName ?? "" },
    archivedAt: iso(row.archivedAt),
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    parameters,
    taskCounts: row.taskCounts ?? {},
  };
}

/** What a retry, or a run that continues another one, needs to know of a run: its row, its tasks and where their results lie. */
import { asc, eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { artifact, experiment, run, runParameter, task, taskArtifact, version } from "@/db/schema";

/** A run that was not deleted. */
export function findEarlierRun(db: Executor, id: string) {
  return db
    .select({
      key: run.key,
      id: run.id,
      name: run.name,
      state: run.state,
      versionKey: run.versionKey,
      versionDigest: version.digest,
      versionNumber: version.number,
      format: version.format,
      experimentId: experiment.id,
      profile: run.profile,
      priority: run.priority,
      fileMode: run.fileMode,
      extent: run.extent,
      cache: run.cache,
      cacheOff: run.cacheOff,
      stopsOnFailure: run.stopsOnFailure,
      archivedAt: run.archivedAt,
      retryRequestedAt: run.retryRequestedAt,
    })
    .from(run)
    .innerJoin(version, eq(version.key, run.versionKey))
    .innerJoin(experiment, eq(experiment.key, run.experimentKey))
    .where(sql`${run.id} = ${id} and ${run.deletedAt} is null`)
    .get();
}

export type EarlierRun = NonNullable<ReturnType<typeof findEarlierRun>>;

/** Inputs of a run as they were given and as they were resolved. */
export const inputsOfRun = (db: Executor, runKey: number) =>
  db
    .select({
      name: runParameter.name,
      isGiven: runParameter.isGiven,
      raw: runParameter.raw,
      value: runParameter.value,
    })
    .from(runParameter)
    .where(eq(runParameter.runKey, runKey))
    .all();

/** Every task of a run in the order they were made, parents before children. */
export const endedTasks = (db: Executor, runKey: number) =>
  db
    .select({
      key: task.key,
      path: task.path,
      stepPath: task.stepPath,
      parentKey: task.parentKey,
      iteration: task.iteration,
      state: task.state,
      reason: task.reason,
    })
    .from(task)
    .where(eq(task.runKey, runKey))
    .orderBy(asc(task.key))
    .all();

/** Where the artifacts lie that these tasks gave, those kept elsewhere left out; paths are relative to the data directory. */
export const resultPlaces = (db: Executor, taskKeys: readonly number[]) =>
  db
    .select({ task: taskArtifact.taskKey, output: taskArtifact.name, path: artifact.path })
    .from(taskArtifact)
    .innerJoin(artifact, eq(artifact.key, taskArtifact.artifactKey))
    .where(
      sql`${taskArtifact.taskKey} in (select value from json_each(${JSON.stringify(taskKeys)}))
        and ${taskArtifact.direction} = 'output' and ${artifact.path} is not null`,
    )
    .all();

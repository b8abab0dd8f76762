/** Where bytes lie: from the ids in an address to the keys that directories are named by. */
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Executor } from "../client";
import { artifact, attempt, run, task, taskArtifact, version, versionFile } from "../schema";

/** The run of an attempt, undefined when there is no such attempt or its run is deleted. */
export const findAttemptRun = (db: Executor, taskKey: number, number: number): { runKey: number } | undefined =>
  db
    .select({ runKey: attempt.runKey })
    .from(attempt)
    .innerJoin(run, eq(run.key, attempt.runKey))
    .where(and(eq(attempt.taskKey, taskKey), eq(attempt.number, number), isNull(run.deletedAt)))
    .get();

/** The number of a task's newest attempt, 0 before the first; undefined when the run has no such task or is deleted. */
export const newestAttempt = (db: Executor, runId: string, taskKey: number): number | undefined =>
  db
    .select({ attempt: task.attempt })
    .from(task)
    .innerJoin(run, eq(run.key, task.runKey))
    .where(and(eq(task.key, taskKey), eq(run.id, runId), isNull(run.deletedAt)))
    .get()?.attempt;

/** The artifact that a task of a run has as this output, the first of a list; one that was reused is another run's. */
export const findOutputArtifact = (db: Executor, runId: string, taskKey: number, name: string): number | undefined =>
  db
    .select({ key: taskArtifact.artifactKey })
    .from(taskArtifact)
    .innerJoin(task, eq(task.key, taskArtifact.taskKey))
    .innerJoin(run, eq(run.key, task.runKey))
    .where(
      and(
        eq(task.key, taskKey),
        eq(run.id, runId),
        isNull(run.deletedAt),
        eq(taskArtifact.direction, "output"),
        eq(taskArtifact.name, name),
      ),
    )
    .orderBy(asc(taskArtifact.position))
    .limit(1)
    .get()?.key;

/** What is known of an artifact's place, undefined when there is none or its run is deleted. */
export const findArtifactPlace = (
  db: Executor,
  key: number,
): { name: string; path: string | null; uri: string; isDirectory: boolean } | undefined =>
  db
    .select({ name: artifact.name, path: artifact.path, uri: artifact.uri, isDirectory: artifact.isDirectory })
    .from(artifact)
    .innerJoin(run, eq(run.key, artifact.runKey))
    .where(and(eq(artifact.key, key), isNull(run.deletedAt)))
    .get();

/** The blob of a bundle file, undefined when the version has no such file. */
export const findVersionFile = (db: Executor, versionId: string, path: string): { digest: string } | undefined =>
  db
    .select({ digest: versionFile.digest })
    .from(versionFile)
    .innerJoin(version, eq(version.key, versionFile.versionKey))
    .where(and(eq(version.id, versionId), eq(versionFile.path, path), isNull(version.deletedAt)))
    .get();

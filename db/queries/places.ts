/** Where bytes lie: from the ids in an address to the keys that directories are named by. */
import { and, eq, isNull } from "drizzle-orm";
import type { Executor } from "../client";
import { artifact, attempt, run, version, versionFile } from "../schema";

/** The run of an attempt, undefined when there is no such attempt or its run is deleted. */
export const findAttemptRun = (db: Executor, taskKey: number, number: number): { runKey: number } | undefined =>
  db
    .select({ runKey: attempt.runKey })
    .from(attempt)
    .innerJoin(run, eq(run.key, attempt.runKey))
    .where(and(eq(attempt.taskKey, taskKey), eq(attempt.number, number), isNull(run.deletedAt)))
    .get();

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

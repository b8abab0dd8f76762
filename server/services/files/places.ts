/** Finds the files behind ids: logs of attempts, artifacts, files of a version. Paths are relative to the data directory. */
import { posix } from "node:path";
import { findArtifactPlace, findAttemptRun, findVersionFile } from "@/db/queries/places";
import { ProblemError } from "@/server/domain/problem-error";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { pathBelow } from "@/server/platform/open-file";
import type { Context } from "../context";

export interface ArtifactPlace {
  /** File name that a download gets. */
  readonly fileName: string;
  readonly path: string;
  readonly isDirectory: boolean;
}

function relative(context: Context, path: string): string {
  const found = pathBelow(context.dataDir.home, path);
  if (found === null) throw new Error(`${path} is not in the data directory`);
  return found;
}

/** Paths of an attempt's log and of its line times. Throws `not-found`. */
export function attemptLogPlace(
  context: Context,
  taskKey: number,
  number: number,
): { readonly log: string; readonly times: string } {
  const found = findAttemptRun(context.db, taskKey, number);
  if (!found) throw new ProblemError("not-found", `Task ${taskKey} has no attempt ${number}.`);
  const folder = relative(context, context.dataDir.attempt(found.runKey, taskKey, number));
  return { log: `${folder}/${ATTEMPT_FILES.log}`, times: `${folder}/${ATTEMPT_FILES.logTimes}` };
}

/** Where an artifact lies. Throws `not-found`, also for one that is stored elsewhere. */
export function artifactPlace(context: Context, key: number): ArtifactPlace {
  const found = findArtifactPlace(context.db, key);
  if (!found) throw new ProblemError("not-found", `There is no artifact ${key}.`);
  if (found.path === null) throw new ProblemError("not-found", `This artifact is stored elsewhere: ${found.uri}`);
  return { fileName: posix.basename(found.path), path: found.path, isDirectory: found.isDirectory };
}

/** Path of the blob that holds a version's file. Throws `not-found`. */
export function versionFilePlace(context: Context, versionId: string, path: string): string {
  const found = findVersionFile(context.db, versionId, path);
  if (!found) throw new ProblemError("not-found", "This version has no such file.");
  return relative(context, context.dataDir.blob(found.digest));
}

/** Finds the files behind ids: logs of attempts, artifacts, files of a version. Paths are relative to the data directory. */
import { posix } from "node:path";
import {
  findArtifactPlace,
  findAttemptRun,
  findOutputArtifact,
  findVersionFile,
  newestAttempt,
} from "@/db/queries/places";
import { ProblemError } from "@/server/domain/problem-error";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { pathBelow } from "@/server/platform/open-file";
import type { Context } from "../context";
import { runRow } from "../runs/get-run";

export interface ArtifactPlace {
  /** Of the output that it is. */
  readonly name: string;
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
  const { name, path, isDirectory } = found;
  return { name, fileName: posix.basename(path), path, isDirectory };
}

/** Where a task's output artifact lies, by the output's name. Throws `not-found`. */
export function outputArtifactPlace(context: Context, runId: string, task: number, name: string): ArtifactPlace {
  runRow(context, runId);
  const key = findOutputArtifact(context.db, runId, task, name);
  if (key === undefined)
    throw new ProblemError("not-found", `Artifact ${name} not found: task ${task} has no such output`);
  return artifactPlace(context, key);
}

/** Path of the log of a task's newest attempt. Throws `not-found`. */
export function taskLogPlace(context: Context, runId: string, task: number): string {
  runRow(context, runId);
  const number = newestAttempt(context.db, runId, task);
  if (number === undefined) throw new ProblemError("not-found", `Task ${task} not found in run ${runId}`);
  if (number === 0) throw new ProblemError("not-found", `The log of task ${task} not found: it has run no process`);
  return attemptLogPlace(context, task, number).log;
}

/** Path of the blob that holds a version's file. Throws `not-found`. */
export function versionFilePlace(context: Context, versionId: string, path: string): string {
  const found = findVersionFile(context.db, versionId, path);
  if (!found) throw new ProblemError("not-found", "This version has no such file.");
  return relative(context, context.dataDir.blob(found.digest));
}

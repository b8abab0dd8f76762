/** Makes the folder of an attempt and leaves in it what a reader wants to know later. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES, type DataDir } from "@/server/platform/data-dir";
import { maskedCommand } from "@/server/platform/mask-deep";
import type { Masker } from "@/server/platform/masking";
import type { StartSpec } from "../executors/executor";
import { commandRecord } from "./command-record";
import type { AttemptRequest } from "./contract";
import { privateFolder } from "./environment";
import type { AttemptPaths } from "./launch/plan";

/** Where an attempt lives; nothing is made. */
export function attemptPaths(dataDir: DataDir, { run, taskKey, number }: AttemptRequest): AttemptPaths {
  const directory = dataDir.attempt(run.key, taskKey, number);
  return {
    directory,
    work: join(directory, ATTEMPT_FILES.work),
    out: join(directory, ATTEMPT_FILES.out),
    log: join(directory, ATTEMPT_FILES.log),
  };
}

/** Makes what every step finds: its working directory and its private folder. A folder costs as much as a start's tenth. */
export function makeAttemptFolder({ directory, work }: AttemptPaths): void {
  mkdirSync(work, { recursive: true, mode: 0o700 });
  mkdirSync(privateFolder(directory), { recursive: true, mode: 0o700 });
}

/** Records what was started; its environment is all that the step was given, with the values of secrets hidden. */
export function recordCommand({ directory }: AttemptPaths, spec: StartSpec, masker: Masker): void {
  try {
    const command = maskedCommand(masker, commandRecord(spec));
    writeFileSync(join(directory, ATTEMPT_FILES.command), JSON.stringify(command), { mode: 0o600 });
  } catch {
    // The step runs already; on a full disk its page lacks the command.
  }
}

/** Adds the engine's own words to an attempt's log, before its command writes to it. */
export function sayInLog({ log }: AttemptPaths, text: string): void {
  try {
    appendFileSync(log, text, { mode: 0o600 });
  } catch {
    // The log is for people; the work goes on without it.
  }
}

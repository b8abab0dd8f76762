/** Reads one task: its values from the database, what its attempts left from their folders. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type AttemptRow, attemptsOfTask, findTask, valuesOfTask } from "@/db/queries/task-rows";
import { ProblemError } from "@/server/domain/problem-error";
import type { Reason } from "@/server/domain/reason";
import type { AttemptView } from "@/server/domain/views/attempts";
import type { TaskView } from "@/server/domain/views/tasks";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { maskedCommand, maskedIn } from "@/server/platform/mask-deep";
import { cacheView } from "../cache/cache-view";
import type { Context } from "../context";
import { secretMasker } from "../secrets/masker";

/** A command line longer than this is not shown. */
const MAX_COMMAND = 4 * 1024 * 1024;

const Container = z.object({
  isPod: z.boolean(),
  image: z.string(),
  usesEntrypoint: z.boolean(),
  engine: z.string().nullable(),
  user: z.string().nullable(),
  cwd: z.string().nullable(),
  network: z.string().nullable(),
  isReadOnly: z.boolean(),
  memoryBytes: z.number().nullable(),
  cpus: z.number().nullable(),
  sharedMemoryBytes: z.number().nullable(),
  gpus: z.number().nullable(),
  mounts: z.array(z.object({ path: z.string(), target: z.string(), isWritable: z.boolean() })),
  memory: z.array(z.object({ target: z.string(), bytes: z.number().nullable() })),
  brought: z.array(z.string()),
});

/** Attempts of older versions have neither secrets nor a container written down. */
const Command = z.object({
  argv: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).default([]),
  container: Container.nullable().default(null),
});

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

async function commandOf(path: string): Promise<AttemptView["command"]> {
  const size = await sizeOf(path);
  if (size === 0 || size > MAX_COMMAND) return null;
  try {
    return Command.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

async function attemptView(folder: string, row: AttemptRow): Promise<AttemptView> {
  const [logSize, command] = await Promise.all([
    sizeOf(join(folder, ATTEMPT_FILES.log)),
    commandOf(join(folder, ATTEMPT_FILES.command)),
  ]);
  return { ...row, logSize, command };
}

/** A task whole, with the values of secrets hidden in its commands and reasons. Throws `not-found`. */
export async function getTask(context: Context, key: number): Promise<TaskView> {
  const found = findTask(context.db, key);
  if (found === undefined) throw new ProblemError("not-found", `Task ${key} not found. Its run may have been deleted.`);
  const masker = secretMasker(context);
  const values = valuesOfTask(context.db, key);
  const attempts = await Promise.all(
    attemptsOfTask(context.db, key).map((row) =>
      attemptView(context.dataDir.attempt(found.runKey, key, row.number), row),
    ),
  );
  const reasonOf = (reason: Reason | null) => reason && maskedIn(masker, reason, "message", "subject");
  const cache = cacheView(context, found.summary);
  return {
    ...found.summary,
    reason: reasonOf(found.summary.reason),
    runId: found.runId,
    cache: cache && maskedIn(masker, cache, "why", "changed"),
    ...values,
    attempts: attempts.map((one) => ({
      ...one,
      reason: reasonOf(one.reason),
      command: one.command && maskedCommand(masker, one.command),
    })),
  };
}

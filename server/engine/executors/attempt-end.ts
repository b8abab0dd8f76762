/** What an attempt outside of this machine's processes writes down: that it began, and how it ended. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { REASON_CODES } from "@/server/domain/reason";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { type ExitReport, StartRefusal } from "../attempts/contract";

const Ended = z.object({
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  atMs: z.number(),
  usage: z.object({ cpuMs: z.number().nullable(), peakBytes: z.number().nullable() }).optional(),
  reason: z.object({ code: z.enum(REASON_CODES), message: z.string(), subject: z.json() }).optional(),
});

const endPath = (directory: string): string => join(directory, ATTEMPT_FILES.ended);
const fencePath = (directory: string): string => join(directory, ATTEMPT_FILES.container);

/** A trace as its schema has it; null where there is none, or one of another kind. */
function readTrace<T>(schema: z.ZodType<T>, path: string): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** The fence of an attempt in the form that its executor gives it; null before it is set. */
export const readFenceAs = <T>(schema: z.ZodType<T>, directory: string): T | null =>
  readTrace(schema, fencePath(directory));

/** Sets the fence of an attempt that nobody has begun. Throws `StartRefusal` where one stands already. */
export function setNewFence(directory: string, fence: object): void {
  try {
    writeFileSync(fencePath(directory), JSON.stringify(fence), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new StartRefusal({
      code: "cannot-start",
      message: "This attempt was begun before, and never twice. Start the step again.",
      subject: null,
    });
  }
}

/** Adds to a fence what became known since; what it stands for stays. */
export function changeFence(directory: string, fence: object): void {
  writeFileSync(fencePath(directory), JSON.stringify(fence), { mode: 0o600 });
}

/** Says that the command is about to be started, at the latest in a moment. */
export function markStarted(directory: string): void {
  writeFileSync(join(directory, ATTEMPT_FILES.started), "", { flag: "a", mode: 0o600 });
}

/** How the attempt ended; null while that is not known. */
export const readEnd = (directory: string): ExitReport | null =>
  readTrace(Ended, endPath(directory)) as ExitReport | null;

/** Writes down how the attempt ended, whole or not at all: from then on what ran it is needed no more. */
export function writeEnd(directory: string, report: ExitReport): void {
  const draft = `${endPath(directory)}.draft`;
  writeFileSync(draft, JSON.stringify(report), { mode: 0o600 });
  renameSync(draft, endPath(directory));
}

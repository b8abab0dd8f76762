/** The traces that a container's attempt leaves in its folder: the fence before anything, `started`, and how it ended. */
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { REASON_CODES } from "@/server/domain/reason";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { type ExitReport, StartRefusal } from "../../attempts/contract";

const Fence = z.object({ fence: z.uuid(), socket: z.string(), image: z.string(), logBytes: z.number().int().min(0) });

/** What an attempt writes down before its container is made. */
export interface Fence {
  readonly fence: string;
  /** The engine that it is made with. */
  readonly socket: string;
  readonly image: string;
  /** Length of the log before the container's output. */
  readonly logBytes: number;
}

const Ended = z.object({
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  atMs: z.number(),
  usage: z.object({ cpuMs: z.number().nullable(), peakBytes: z.number().nullable() }).optional(),
  reason: z.object({ code: z.enum(REASON_CODES), message: z.string(), subject: z.json() }).optional(),
});

function read<T>(schema: z.ZodType<T>, path: string): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

const fencePath = (directory: string): string => join(directory, ATTEMPT_FILES.container);
const endPath = (directory: string): string => join(directory, ATTEMPT_FILES.ended);

/** The fence of an attempt, null before it is set. */
export const readFence = (directory: string): Fence | null => read(Fence, fencePath(directory));

/** Sets the fence of an attempt that nobody has begun. Throws `StartRefusal` where it stands already. */
export function setFence(directory: string, { socket, image }: Pick<Fence, "socket" | "image">): Fence {
  const fence = { fence: randomUUID(), socket, image, logBytes: 0 };
  try {
    writeFileSync(fencePath(directory), JSON.stringify(fence), { flag: "wx", mode: 0o600 });
    return fence;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new StartRefusal({
      code: "cannot-start",
      message: "This attempt was begun before, and never twice. Start the step again.",
      subject: null,
    });
  }
}

/** Notes where the container's output begins; to be called before the container is made. */
export function moveFence(directory: string, fence: Fence): void {
  writeFileSync(fencePath(directory), JSON.stringify(fence), { mode: 0o600 });
}

/** Says that the container is about to be started, at the latest in a moment. */
export function markStarted(directory: string): void {
  writeFileSync(join(directory, ATTEMPT_FILES.started), "", { flag: "a", mode: 0o600 });
}

/** How the attempt ended; null while that is not known. */
export const readEnd = (directory: string): ExitReport | null => read(Ended, endPath(directory)) as ExitReport | null;

/** Writes down how the attempt ended, whole or not at all: from then on its container is needed no more. */
export function writeEnd(directory: string, report: ExitReport): void {
  const draft = `${endPath(directory)}.draft`;
  writeFileSync(draft, JSON.stringify(report), { mode: 0o600 });
  renameSync(draft, endPath(directory));
}

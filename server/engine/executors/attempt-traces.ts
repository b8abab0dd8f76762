/** Reads and sets the traces that an attempt leaves in its directory: `started`, `pid`, `exit` by the shim, `usage` by its watcher. */
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { ExitReport } from "../attempts/contract";

export interface ShimIdentity {
  readonly pid: number;
  readonly startTicks: number | null;
  readonly bootId: string;
}

/** The shim's own exit code when it ran nothing (pipelines/runtime/shim.sh). */
export const NOTHING_RUN = 113;

function readText(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}

/** When the file was last written, null when it is not there. */
function writtenAtMs(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : Math.round(stat.mtimeMs);
}

/** When the shim began, null when it has not. */
export const startedAtMs = (directory: string): number | null => writtenAtMs(join(directory, ATTEMPT_FILES.started));

/** What the shim wrote of itself; null before, or when its disk was full. */
export function readIdentity(directory: string): ShimIdentity | null {
  const found = /^(\d+) (\d+|-) (\S*)\n/.exec(readText(join(directory, ATTEMPT_FILES.pid)) ?? "");
  if (found === null) return null;
  return {
    pid: Number(found[1]),
    startTicks: found[2] === "-" ? null : Number(found[2]),
    bootId: found[3] ?? "",
  };
}

export interface RecordedExit {
  readonly code: number;
  readonly atMs: number;
  /** Processor time of the command and all it waited for; null where the shell could not write it. */
  readonly cpuMs: number | null;
}

/** The recorded end; null while there is none. The second place is where the shim writes when the disk is full. */
export function readExit(directory: string): RecordedExit | null {
  const places = [
    { path: join(directory, ATTEMPT_FILES.exit), form: /^(\d{1,3})\n([\s\S]*)$/ },
    { path: join(directory, ATTEMPT_FILES.pid), form: /\nexit (\d{1,3})\n()$/ },
  ];
  for (const { path, form } of places) {
    const found = form.exec(readText(path) ?? "");
    const atMs = found === null ? null : writtenAtMs(path);
    if (found !== null && atMs !== null) return { code: Number(found[1]), atMs, cpuMs: childrenTime(found[2] ?? "") };
  }
  return null;
}

/** What the second line of `times` says: user and system time of the shell's children, in whole milliseconds. */
function childrenTime(text: string): number | null {
  const found = /^[^\n]*\n(\d+)m([\d.,]+)s (\d+)m([\d.,]+)s\n$/.exec(text);
  if (found === null) return null;
  const [userMin = "", user = "", systemMin = "", system = ""] = found.slice(1);
  const seconds = (text: string): number => Number(text.replace(",", "."));
  const ms = Math.round(((Number(userMin) + Number(systemMin)) * 60 + seconds(user) + seconds(system)) * 1000);
  return Number.isFinite(ms) ? ms : null;
}

const KeptUsage = z.object({
  peakBytes: z.number().int().min(0).nullable(),
  cpuMs: z.number().int().min(0).nullable(),
  overMemory: z.object({ limitBytes: z.number(), usedBytes: z.number() }).nullable(),
});

/** What was seen of an attempt while it ran. */
export type KeptUsage = z.infer<typeof KeptUsage>;

export const NOTHING_SEEN: KeptUsage = { peakBytes: null, cpuMs: null, overMemory: null };

/** What an earlier look at the attempt has kept; nulls where nothing was. */
export function readUsage(directory: string): KeptUsage {
  try {
    return KeptUsage.parse(JSON.parse(readText(join(directory, ATTEMPT_FILES.usage)) ?? ""));
  } catch {
    return NOTHING_SEEN;
  }
}

/** Keeps what was seen, for an engine that takes over. */
export function writeUsage(directory: string, usage: KeptUsage): void {
  try {
    writeFileSync(join(directory, ATTEMPT_FILES.usage), JSON.stringify(usage), { mode: 0o600 });
  } catch {
    // A full disk, or a step that removed its own folder: the numbers stay in memory.
  }
}

/** The report of an attempt that is over, from what its shim and its watcher have left. */
export function recordedReport(recorded: RecordedExit, { peakBytes, cpuMs, overMemory }: KeptUsage): ExitReport {
  return {
    code: recorded.code,
    signal: null,
    atMs: recorded.atMs,
    usage: { cpuMs: recorded.cpuMs ?? cpuMs, peakBytes },
    ...(overMemory === null ? {} : { overMemory }),
  };
}

/**
 * Sets the fence in the shim's place, so that a late shim exits without running anything.
 * `begun`: the shim was first. Other failures (a full disk) are thrown: nothing is known then.
 */
export function fenceOff(directory: string): "fenced" | "begun" | "no-directory" {
  try {
    closeSync(openSync(join(directory, ATTEMPT_FILES.started), "wx", 0o600));
    return "fenced";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return "begun";
    if (code === "ENOENT") return "no-directory";
    throw error;
  }
}

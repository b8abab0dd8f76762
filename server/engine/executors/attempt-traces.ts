/** Reads and sets the traces that the shim leaves in an attempt's directory: `started`, `pid`, `exit`. */
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";

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

/** The recorded end; null while there is none. The second place is where the shim writes when the disk is full. */
export function readExit(directory: string): { readonly code: number; readonly atMs: number } | null {
  const places = [
    { path: join(directory, ATTEMPT_FILES.exit), form: /^(\d{1,3})\n$/ },
    { path: join(directory, ATTEMPT_FILES.pid), form: /\nexit (\d{1,3})\n$/ },
  ];
  for (const { path, form } of places) {
    const found = form.exec(readText(path) ?? "");
    const atMs = found === null ? null : writtenAtMs(path);
    if (found !== null && atMs !== null) return { code: Number(found[1]), atMs };
  }
  return null;
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

/** Side files of growing logs: which byte was there at which moment, for timestamps and interleaving. */
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";

const EVERY_MS = 100;

interface Noted {
  readonly log: string;
  readonly times: string;
  size: number;
  atMs: number;
}

export interface LogTimes {
  /** `isTaken`: an earlier engine has noted part of it. */
  follow(attemptKey: number, directory: string, isTaken: boolean): void;
  /** Notes every log that has grown since it was last noted. */
  note(nowMs: number): void;
  /** Notes what came since, and lets go. */
  finish(attemptKey: number, nowMs: number): void;
  release(): void;
}

/** The size noted last; 0 where nothing was. */
function lastNoted(times: string): number {
  try {
    const line = readFileSync(times, "utf8").trimEnd().split("\n").at(-1) ?? "";
    return Number.parseInt(line, 10) || 0;
  } catch {
    return 0;
  }
}

export function logTimes(): LogTimes {
  const followed = new Map<number, Noted>();

  const noteOne = (noted: Noted, nowMs: number): void => {
    const size = statSync(noted.log, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= noted.size) return;
    try {
      appendFileSync(noted.times, `${size} ${nowMs}\n`, { mode: 0o600 });
      noted.size = size;
      noted.atMs = nowMs;
    } catch {
      // On a full disk a moment is lost, nothing more.
    }
  };

  return {
    follow(attemptKey, directory, isTaken) {
      const log = join(directory, ATTEMPT_FILES.log);
      const times = join(directory, ATTEMPT_FILES.logTimes);
      followed.set(attemptKey, { log, times, size: isTaken ? lastNoted(times) : 0, atMs: 0 });
    },
    note(nowMs) {
      for (const noted of followed.values()) {
        // A clock that was set back must not silence the notes.
        if (Math.abs(nowMs - noted.atMs) >= EVERY_MS) noteOne(noted, nowMs);
      }
    },
    finish(attemptKey, nowMs) {
      const noted = followed.get(attemptKey);
      followed.delete(attemptKey);
      if (noted !== undefined) noteOne(noted, nowMs);
    },
    release() {
      followed.clear();
    },
  };
}

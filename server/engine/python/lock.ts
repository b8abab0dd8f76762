/** A lock between processes that survives none of them: its file names its holder, and a dead holder's lock is taken over. */
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isProcessAlive, readBootId, signalGroup, startTicksOf } from "../executors/process-table";

const Holder = z.object({
  pid: z.number().int(),
  startTicks: z.number().nullable(),
  bootId: z.string(),
  /** The process group at work under this lock; ended when the holder died. */
  worker: z.object({ pid: z.number().int(), startTicks: z.number().nullable() }).nullable(),
});
type Holder = z.infer<typeof Holder>;

const POLL_MS = 100;

export interface HeldLock {
  /** Records who works under the lock, so that a successor can end it first. */
  setWorker(pid: number | null): void;
  release(): void;
}

/** Takes the lock at `path`; calls `onWait` once if somebody else holds it. Rejects when the signal aborts. */
export async function takeLock(path: string, signal: AbortSignal, onWait: () => void): Promise<HeldLock> {
  const bootId = readBootId();
  const self: Holder = { pid: process.pid, startTicks: startTicksOf(process.pid), bootId, worker: null };
  for (let isWaiting = false; ; await delay(POLL_MS, undefined, { signal })) {
    signal.throwIfAborted();
    if (placed(path, self)) return held(path, self);
    const text = textOf(path);
    if (text === null) continue;
    const holder = holderIn(text);
    if (holder !== null && isHolding(holder, bootId)) {
      if (!isWaiting) onWait();
      isWaiting = true;
      continue;
    }
    removeStale(path, text);
    if (holder?.worker != null && holder.bootId === bootId) endWorker(holder.worker);
  }
}

/** Linking makes the file appear with its content, or not at all. */
function placed(path: string, holder: Holder): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function held(path: string, self: Holder): HeldLock {
  return {
    setWorker(pid) {
      const draft = `${path}.${randomUUID()}`;
      const worker = pid === null ? null : { pid, startTicks: startTicksOf(pid) };
      writeFileSync(draft, JSON.stringify({ ...self, worker }), { mode: 0o600 });
      renameSync(draft, path);
    },
    release() {
      rmSync(path, { force: true });
    },
  };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function holderIn(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function isHolding(holder: Holder, bootId: string): boolean {
  if (holder.bootId !== bootId) return false;
  // Where start times are not told, a live pid has to do: to wait is better than to build twice in one place.
  return holder.startTicks === null ? isPidTaken(holder.pid) : isProcessAlive(holder.pid, holder.startTicks, null);
}

function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Two may find the same stale lock: the renamed file is checked, and a live one put back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (textOf(aside) !== stale) linkSync(aside, path);
  } catch {
    // Somebody else was faster; the next turn sees what they left.
  } finally {
    rmSync(aside, { force: true });
  }
}

function endWorker(worker: { readonly pid: number; readonly startTicks: number | null }): void {
  if (isProcessAlive(worker.pid, worker.startTicks, null)) signalGroup(worker.pid, "SIGKILL");
}

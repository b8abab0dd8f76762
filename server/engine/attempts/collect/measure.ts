/** Size and digest of what a step left: small files at once, large ones and folders in worker threads. */
import { createHash } from "node:crypto";
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { programRoot } from "@/server/platform/root";

export interface Measured {
  readonly size: number;
  /** SHA-256 in hex; of a folder that of its sorted paths and digests. */
  readonly digest: string;
  readonly isDirectory: boolean;
  /** Entries of a folder that were not taken: links that leave it, pipes, sockets, devices. */
  readonly left: readonly string[];
}

/** What is at a path: measured, or why it cannot be kept. Nothing but regular files is ever opened. */
export type Measurement =
  | ({ readonly is: "measured" } & Measured)
  | { readonly is: "absent" }
  | { readonly is: "other"; readonly kind: FileKind }
  | { readonly is: "too-large"; readonly bytes: number }
  | { readonly is: "too-many"; readonly files: number };

export type FileKind = "a link" | "a pipe" | "a socket" | "a device" | "a folder" | "a file";

export interface MeasureLimits {
  readonly maxBytes: number;
  /** Of one folder. */
  readonly maxFiles?: number;
}

export interface Measurer {
  /** Measures and makes read-only what is not larger than the limits; a link is not followed. */
  measure(path: string, limits: MeasureLimits): Promise<Measurement>;
  release(): void;
}

type Answer = { readonly id: number; readonly measurement?: Measurement; readonly failure?: string };

interface Waiting {
  readonly worker: Worker;
  readonly resolve: (measurement: Measurement) => void;
  readonly reject: (error: Error) => void;
}

/** Up to here a digest costs less than the way to a worker. */
const INLINE_BYTES = 1024 * 1024;
/** Files of one folder; each costs some tens of microseconds. */
const MOST_FILES = 200_000;
/** So that one large artifact does not hold up all others. */
const MOST_WORKERS = 2;
const IDLE_MS = 20_000;

/** What kind of thing an entry of a folder is. */
export function fileKind(stat: Stats): FileKind {
  if (stat.isFile()) return "a file";
  if (stat.isDirectory()) return "a folder";
  if (stat.isSymbolicLink()) return "a link";
  if (stat.isFIFO()) return "a pipe";
  return stat.isSocket() ? "a socket" : "a device";
}

export function measurer(): Measurer {
  const workers = new Set<Worker>();
  let lastId = 0;
  const waiting = new Map<number, Waiting>();
  let idle: NodeJS.Timeout | null = null;

  const fail = (worker: Worker, error: Error): void => {
    workers.delete(worker);
    for (const [id, asked] of waiting) {
      if (asked.worker !== worker) continue;
      waiting.delete(id);
      asked.reject(error);
    }
  };

  const dismiss = (because: string): void => {
    for (const worker of workers) {
      fail(worker, new Error(because));
      void worker.terminate();
    }
  };

  const answered = ({ id, measurement, failure }: Answer): void => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (measurement !== undefined) asked?.resolve(measurement);
    else asked?.reject(new Error(failure));
    if (waiting.size > 0) return;
    idle ??= setTimeout(() => {
      idle = null;
      if (waiting.size === 0) dismiss("idle");
    }, IDLE_MS).unref();
  };

  const started = (): Worker => {
    const made = new Worker(join(programRoot(), "server", "engine", "attempts", "collect", "hash-worker.mjs"));
    made.on("message", answered);
    made.on("error", (error: Error) => fail(made, error));
    made.unref();
    workers.add(made);
    return made;
  };

  /** One that has nothing to do, a new one, or the one with the fewest askers. */
  const chosen = (): Worker => {
    const load = new Map([...workers].map((worker) => [worker, 0]));
    for (const { worker } of waiting.values()) load.set(worker, (load.get(worker) ?? 0) + 1);
    const [least] = [...load].sort((a, b) => a[1] - b[1]);
    if (least === undefined || (least[1] > 0 && workers.size < MOST_WORKERS)) return started();
    return least[0];
  };

  const byWorker = (path: string, limits: MeasureLimits): Promise<Measurement> =>
    new Promise((resolve, reject) => {
      const worker = chosen();
      lastId += 1;
      waiting.set(lastId, { worker, resolve, reject });
      worker.postMessage({ id: lastId, path, limits: { maxFiles: MOST_FILES, ...limits } });
    });

  return {
    async measure(path, limits) {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return { is: "absent" };
      if (!(stat.isFile() || stat.isDirectory())) return { is: "other", kind: fileKind(stat) };
      if (stat.isFile() && stat.size > limits.maxBytes) return { is: "too-large", bytes: stat.size };
      if (stat.isFile() && stat.size <= INLINE_BYTES) return measuredInline(path);
      return byWorker(path, limits);
    },
    release() {
      if (idle !== null) clearTimeout(idle);
      dismiss("released");
    },
  };
}

/** Bytes of a regular file, at most `limit`; null when it is something else. Never waits on a pipe. */
export function readCapped(path: string, limit: number): Buffer | null {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return null;
    const bytes = Buffer.alloc(Math.min(stat.size, limit));
    let filled = 0;
    while (filled < bytes.length) {
      const read = readSync(file, bytes, filled, bytes.length - filled, filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}

function measuredInline(path: string): Measurement {
  const bytes = readCapped(path, INLINE_BYTES);
  if (bytes === null) return { is: "absent" };
  try {
    chmodSync(path, 0o444);
  } catch {
    // Another user's file stays as it is.
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { is: "measured", size: bytes.length, digest, isDirectory: false, left: [] };
}

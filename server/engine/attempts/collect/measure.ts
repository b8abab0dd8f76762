/** Size and digest of what a step left: small files at once, large ones and folders in a worker thread. */
import { createHash } from "node:crypto";
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
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

type Answer = { readonly id: number; readonly measured?: Measured | null; readonly failure?: string };

/** Up to here a digest costs less than the way to the worker. */
const INLINE_BYTES = 1024 * 1024;

export interface Measurer {
  /** Measures and makes read-only. Null: nothing there, or neither a file nor a folder. */
  measure(path: string): Promise<Measured | null>;
  release(): void;
}

export function measurer(): Measurer {
  let worker: Worker | null = null;
  let lastId = 0;
  const waiting = new Map<number, { resolve: (measured: Measured | null) => void; reject: (error: Error) => void }>();

  const fail = (error: Error): void => {
    worker = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  const started = (): Worker => {
    const made = new Worker(join(programRoot(), "server", "engine", "attempts", "collect", "hash-worker.mjs"));
    made.on("message", ({ id, measured, failure }: Answer) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (failure === undefined) asked?.resolve(measured ?? null);
      else asked?.reject(new Error(failure));
    });
    made.on("error", fail);
    made.unref();
    return made;
  };

  const byWorker = (path: string): Promise<Measured | null> =>
    new Promise((resolve, reject) => {
      worker ??= started();
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ id: lastId, path });
    });

  return {
    async measure(path) {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat === undefined || !(stat.isFile() || stat.isDirectory())) return null;
      if (stat.isFile() && stat.size <= INLINE_BYTES) return measuredInline(path);
      return byWorker(path);
    },
    release() {
      void worker?.terminate();
      fail(new Error("released"));
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

function measuredInline(path: string): Measured | null {
  const bytes = readCapped(path, INLINE_BYTES);
  if (bytes === null) return null;
  try {
    chmodSync(path, 0o444);
  } catch {
    // Another user's file stays as it is.
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { size: bytes.length, digest, isDirectory: false, left: [] };
}

/** Looks after the environments beside the steps: builds what was asked for ahead of time, and sweeps. */
import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "@/db/client";
import type { DataDir } from "@/server/platform/data-dir";
import { environmentFolderNames, readNote, WISH, Wish, type WishEnd } from "@/server/platform/environment-folder";
import type { Log } from "@/server/platform/log";
import { sweepEnvironments } from "@/server/services/environments/sweep-environments";
import { StartRefusal } from "../attempts/contract";
import { pythonEnvironments } from "./environments";
import { interpreters } from "./interpreter";

export interface KeeperOptions {
  readonly db: Db;
  readonly dataDir: DataDir;
  readonly python: string;
  readonly indexUrl: string | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

const LOOK_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 10 * 60_000;

/** Starts looking; gives what stops it. A build that is cut off is begun anew by the next engine. */
export function keepEnvironments(options: KeeperOptions): () => void {
  const { db, dataDir, log } = options;
  const { envs } = dataDir;
  const abort = new AbortController();
  const known = interpreters(options.environment);
  const environments = pythonEnvironments({ ...options, envs });
  let isBusy = false;
  let sweptAtMs = 0;

  const built = async (id: string, wish: Wish): Promise<WishEnd> => {
    const say = (text: string): void => appendFileSync(join(envs, `${id}${WISH.log}`), text, { mode: 0o600 });
    try {
      const interpreter = await known.find(wish.python ?? options.python);
      const { directory } = await environments.obtain(
        { interpreter, lines: wish.lines },
        { say, signal: abort.signal },
      );
      return { key: directory.split("/").at(-1) ?? null, message: null };
    } catch (error) {
      if (abort.signal.aborted || !(error instanceof StartRefusal)) throw error;
      return { key: null, message: error.message };
    }
  };

  const fulfil = async (name: string): Promise<void> => {
    const id = name.slice(0, -WISH.wanted.length);
    const path = join(envs, name);
    const wish = readNote(path, Wish);
    if (wish !== null) {
      const done = join(envs, `${id}${WISH.done}`);
      writeFileSync(`${done}.draft`, JSON.stringify(await built(id, wish)), { mode: 0o600 });
      renameSync(`${done}.draft`, done);
    }
    rmSync(path, { force: true });
  };

  const look = async (): Promise<void> => {
    for (const name of environmentFolderNames(envs)) if (name.endsWith(WISH.wanted)) await fulfil(name);
    if (Date.now() - sweptAtMs < SWEEP_EVERY_MS) return;
    sweptAtMs = Date.now();
    const gone = await sweepEnvironments({ db, dataDir, now: () => new Date() });
    if (gone.length > 0) log.info({ count: gone.length }, "Python environments unused for longest were removed");
  };

  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    look()
      .catch((error: unknown) => {
        if (!abort.signal.aborted) log.warn({ err: error }, "the Python environments could not be looked after");
      })
      .finally(() => {
        isBusy = false;
      });
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    abort.abort();
  };
}

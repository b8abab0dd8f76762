/** The folder of Python environments as it stands on disk: what each is, when it was used, who wants one. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Files inside an environment: the note that it is complete, and the one whose time says when it was last used. */
export const ENVIRONMENT_FILES = { ready: ".ready", used: ".used" } as const;

/** Beside an environment, by its key: held while it is built, what is being built, why the last try failed. */
export const BESIDE = { lock: ".lock", building: ".building", failed: ".failed" } as const;

/** Wishes of other processes, by their id: what is wanted, what was said meanwhile, what came of it. */
export const WISH = { wanted: ".wanted", log: ".wish-log", done: ".done" } as const;

/** Name of an environment in the folder. */
const KEY = /^[0-9a-f]{32}$/;

const Note = z.object({
  /** The interpreter as a profile or setting names it. */
  command: z.string(),
  version: z.string(),
  lines: z.array(z.array(z.string())),
  size: z.number().optional(),
  message: z.string().optional(),
});
/** What is noted of an environment. */
export type EnvironmentNote = z.infer<typeof Note>;

export const Wish = z.object({ python: z.string().nullable(), lines: z.array(z.array(z.string())) });
export type Wish = z.infer<typeof Wish>;

export const WishEnd = z.object({ key: z.string().nullable(), message: z.string().nullable() });
export type WishEnd = z.infer<typeof WishEnd>;

export interface StoredEnvironment {
  readonly key: string;
  readonly state: "ready" | "building" | "failed";
  readonly note: EnvironmentNote;
  readonly createdAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

/** A JSON file of the folder; null where it is not there or not what it should be. */
export function readNote<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

const timeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;

function isHeld(lock: string): boolean {
  const holder = readNote(lock, z.object({ pid: z.number().int().positive() }));
  if (holder === null) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The environment of a key; null where nothing is known of it. */
export function readEnvironment(envs: string, key: string): StoredEnvironment | null {
  if (!KEY.test(key)) return null;
  const directory = join(envs, key);
  const ready = join(directory, ENVIRONMENT_FILES.ready);
  const built = readNote(ready, Note);
  if (built !== null) {
    const lastUsedAtMs = timeOf(join(directory, ENVIRONMENT_FILES.used));
    return { key, state: "ready", note: built, createdAtMs: timeOf(ready), lastUsedAtMs };
  }
  const nothing = { key, createdAtMs: null, lastUsedAtMs: null };
  const building = readNote(`${directory}${BESIDE.building}`, Note);
  if (building !== null && isHeld(`${directory}${BESIDE.lock}`))
    return { ...nothing, state: "building", note: building };
  const failed = readNote(`${directory}${BESIDE.failed}`, Note);
  return failed === null ? null : { ...nothing, state: "failed", note: failed };
}

/** Names in the folder; none while there is no folder. */
export function environmentFolderNames(envs: string): string[] {
  try {
    return readdirSync(envs);
  } catch {
    return [];
  }
}

/** Every environment, those last used first. */
export function readEnvironments(envs: string): StoredEnvironment[] {
  const keys = new Set(environmentFolderNames(envs).map((name) => name.slice(0, 32)));
  return [...keys]
    .flatMap((key) => readEnvironment(envs, key) ?? [])
    .sort((a, b) => (b.lastUsedAtMs ?? 0) - (a.lastUsedAtMs ?? 0) || (a.key < b.key ? -1 : 1));
}

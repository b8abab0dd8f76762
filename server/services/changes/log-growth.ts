/** Growth of logs: looks at the size of the files someone watches, and of no others. */
import { stat } from "node:fs/promises";
import type { LogGrowth } from "@/server/domain/views/changes";

const LOOK_MS = 30;
/** What it takes to tell one listener: beyond four hundred they are told less often, or they would wait for each other. */
const LISTENER_MS = 0.075;

/** How long a file with so many listeners rests between two looks, in milliseconds. */
export const restOf = (listeners: number): number => Math.max(LOOK_MS, Math.ceil(listeners * LISTENER_MS));

export type GrowthListener = (growth: LogGrowth) => void;

/** Bytes `from` up to but without `to` of the file as whoever follows it may see them; null when it is gone. */
export type GrowthReader = (from: number, to: number) => Promise<Buffer | null>;

/** More than this at once is told by its size alone: who wants it reads it by ranges. */
const MOST_TOLD = 16 * 1024;

interface Watched {
  readonly listeners: Set<GrowthListener>;
  readonly read: GrowthReader | null;
  size: number;
  isLooking: boolean;
  /** When it was looked at last, by the clock that never jumps. */
  lookedAt: number;
}

/** Files by path; one timer for all, which rests while nobody watches. */
const watched = new Map<string, Watched>();
let timer: NodeJS.Timeout | undefined;

/** What was added, read once for all who listen. */
async function growthOf({ read, size: from }: Watched, size: number): Promise<LogGrowth> {
  if (read === null || size <= from || size - from > MOST_TOLD) return { size };
  const bytes = await read(from, size).catch(() => null);
  return bytes?.length === size - from ? { size, added: { from, base64: bytes.toString("base64") } } : { size };
}

async function look(path: string, entry: Watched): Promise<void> {
  if (entry.isLooking) return;
  entry.isLooking = true;
  entry.lookedAt = performance.now();
  try {
    const { size } = await stat(path);
    if (size === entry.size) return;
    const growth = await growthOf(entry, size);
    entry.size = size;
    for (const listener of entry.listeners) listener(growth);
  } catch {
    // The attempt has written nothing yet, or its run was purged.
  } finally {
    entry.isLooking = false;
  }
}

/**
 * Calls `listener` with the size of a file now, if it has one, and whenever it changes, until the returned function is
 * called; with what was added, where a `read` is given.
 */
export function watchGrowth(path: string, listener: GrowthListener, read: GrowthReader | null = null): () => void {
  const entry = watched.get(path) ?? { listeners: new Set(), read, size: 0, isLooking: false, lookedAt: 0 };
  watched.set(path, entry);
  entry.listeners.add(listener);
  if (entry.size > 0) listener({ size: entry.size });
  timer ??= setInterval(() => {
    // Timers come a little early at times; half a look is not worth another one.
    const now = performance.now() + LOOK_MS / 2;
    for (const [file, one] of watched) if (now - one.lookedAt >= restOf(one.listeners.size)) void look(file, one);
  }, LOOK_MS);
  return () => {
    entry.listeners.delete(listener);
    if (entry.listeners.size > 0) return;
    watched.delete(path);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** One report of growth for two that wait; what they added only where the one goes on where the other ended. */
export function joinedGrowth(earlier: LogGrowth, later: LogGrowth): LogGrowth {
  if (earlier.added === undefined || later.added === undefined) return { size: later.size };
  const bytes = Buffer.from(earlier.added.base64, "base64");
  const { from } = earlier.added;
  if (from + bytes.length !== later.added.from || bytes.length > MOST_TOLD) return { size: later.size };
  const all = Buffer.concat([bytes, Buffer.from(later.added.base64, "base64")]);
  return { size: later.size, added: { from, base64: all.toString("base64") } };
}

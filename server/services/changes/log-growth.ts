/** Growth of logs: looks at the size of the files someone watches, and of no others. */
import { stat } from "node:fs/promises";

const LOOK_MS = 30;
/** Each listener reads what is new when it is told: beyond fifty they are told less often, or they would wait for each other. */
const LISTENER_MS = 0.6;

/** How long a file with so many listeners rests between two looks, in milliseconds. */
export const restOf = (listeners: number): number => Math.max(LOOK_MS, Math.ceil(listeners * LISTENER_MS));

export type GrowthListener = (size: number) => void;

interface Watched {
  readonly listeners: Set<GrowthListener>;
  size: number;
  isLooking: boolean;
  /** When it was looked at last, by the clock that never jumps. */
  lookedAt: number;
}

/** Files by path; one timer for all, which rests while nobody watches. */
const watched = new Map<string, Watched>();
let timer: NodeJS.Timeout | undefined;

async function look(path: string, entry: Watched): Promise<void> {
  if (entry.isLooking) return;
  entry.isLooking = true;
  entry.lookedAt = performance.now();
  try {
    const { size } = await stat(path);
    if (size === entry.size) return;
    entry.size = size;
    for (const listener of entry.listeners) listener(size);
  } catch {
    // The attempt has written nothing yet, or its run was purged.
  } finally {
    entry.isLooking = false;
  }
}

/** Calls `listener` with the size of a file now, if it has one, and whenever it changes, until the returned function is called. */
export function watchGrowth(path: string, listener: GrowthListener): () => void {
  const entry = watched.get(path) ?? { listeners: new Set(), size: 0, isLooking: false, lookedAt: 0 };
  watched.set(path, entry);
  entry.listeners.add(listener);
  if (entry.size > 0) listener(entry.size);
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

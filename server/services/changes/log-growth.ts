/** Growth of logs: looks at the size of the files someone watches, and of no others. */
import { stat } from "node:fs/promises";

const LOOK_MS = 30;

export type GrowthListener = (size: number) => void;

interface Watched {
  readonly listeners: Set<GrowthListener>;
  size: number;
  isLooking: boolean;
}

/** Files by path; one timer for all, which rests while nobody watches. */
const watched = new Map<string, Watched>();
let timer: NodeJS.Timeout | undefined;

async function look(path: string, entry: Watched): Promise<void> {
  if (entry.isLooking) return;
  entry.isLooking = true;
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
  const entry = watched.get(path) ?? { listeners: new Set(), size: 0, isLooking: false };
  watched.set(path, entry);
  entry.listeners.add(listener);
  if (entry.size > 0) listener(entry.size);
  timer ??= setInterval(() => {
    for (const [file, one] of watched) void look(file, one);
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

/** When the bytes of a log were written: the side file's `(offset, ms)` pairs, and the moment of any byte. */

export interface LogTimes {
  /** Ascending; at `ms[i]` the log had grown to `offsets[i]` bytes. */
  readonly offsets: readonly number[];
  readonly ms: readonly number[];
}

export const NO_TIMES: LogTimes = { offsets: [], ms: [] };

/** Reads lines of two numbers; an unfinished or damaged line is left out. */
export function parseLogTimes(text: string): LogTimes {
  const offsets: number[] = [];
  const ms: number[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const match = /^(\d{1,15})[ \t,](\d{1,15})$/.exec(line.trim());
    if (match === null) continue;
    const offset = Number(match[1]);
    if (offset < (offsets[offsets.length - 1] ?? 0)) continue;
    offsets.push(offset);
    ms.push(Number(match[2]));
  }
  return { offsets, ms };
}

/** The first noted moment at which the byte was there; the last one for bytes not yet noted; null without any. */
export function timeOfByte(times: LogTimes, offset: number): number | null {
  let low = 0;
  let high = times.offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times.offsets[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return times.ms[Math.min(low, times.ms.length - 1)] ?? null;
}

/** All logs of a run as one: lines of many attempts in the order of their moments, told page by page. Pure. */
import type { LogTimes } from "./log-times";

/** Where a line stands among all lines of a run: its moment, then its attempt, then its place in that log. */
export interface LogPlace {
  readonly at: number;
  readonly attempt: number;
  readonly offset: number;
}

export interface PlacedLine extends LogPlace {
  readonly text: string;
}

export const comparePlaces = (left: LogPlace, right: LogPlace): number =>
  left.at - right.at || left.attempt - right.attempt || left.offset - right.offset;

/** The first noted index whose log had grown beyond this byte. */
function noteOf(times: LogTimes, offset: number): number {
  let low = 0;
  let high = times.offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times.offsets[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One attempt's log as far as it counts: bytes beyond `settled` have no moment yet. */
export interface LogLane {
  readonly attempt: number;
  readonly times: LogTimes;
  readonly settled: number;
  /** The moment of bytes that were never noted. */
  readonly restAt: number;
}

export const momentOf = ({ times, restAt }: LogLane, offset: number): number =>
  times.ms[noteOf(times, offset)] ?? restAt;

/** Bytes that have a moment up to `at`. */
export function bytesUntil({ times, settled, restAt }: LogLane, at: number): number {
  if (at >= restAt) return settled;
  const after = times.ms.findIndex((ms) => ms > at);
  if (after < 0) return Math.min(settled, times.offsets.at(-1) ?? 0);
  return Math.min(settled, times.offsets[after - 1] ?? 0);
}

/** The first byte that has a moment of `at` or later. */
export function bytesFrom({ times, settled }: LogLane, at: number): number {
  const first = times.ms.findIndex((ms) => ms >= at);
  if (first < 0) return Math.min(settled, times.offsets.at(-1) ?? 0);
  return Math.min(settled, times.offsets[first - 1] ?? 0);
}

/** What was read of one lane in a direction, and whether more of it lies beyond. */
export interface LaneLines {
  readonly lines: readonly PlacedLine[];
  readonly isCut: boolean;
}

/**
 * The lines nearest to where was read from, ascending. A lane of which more lies beyond hides whatever lies beyond its
 * furthest line, because lines of it that were not read may belong there.
 */
export function mergeLanes(
  lanes: readonly LaneLines[],
  direction: "earlier" | "later",
  limit: number,
): { readonly lines: readonly PlacedLine[]; readonly isCut: boolean } {
  const all = lanes.flatMap(({ lines }) => lines).sort(comparePlaces);
  const edges = lanes.flatMap(({ lines, isCut }) => {
    const edge = direction === "earlier" ? lines[0] : lines.at(-1);
    return isCut && edge !== undefined ? [edge] : [];
  });
  const isWithin = (line: PlacedLine) =>
    edges.every((edge) => (direction === "earlier" ? comparePlaces(line, edge) >= 0 : comparePlaces(line, edge) <= 0));
  const whole = all.filter(isWithin);
  const kept = direction === "earlier" ? whole.slice(-limit) : whole.slice(0, limit);
  return { lines: kept, isCut: edges.length > 0 || kept.length < all.length };
}

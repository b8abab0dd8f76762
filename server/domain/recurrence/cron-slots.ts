/**
 * The slots of a cron in a time zone. With an open hour field every matching instant is one; with fixed hours a local
 * time that is left out moves to the end of the gap, and one that comes twice counts the first time.
 */
import type { CronTimes } from "./cron-times";
import { countLocal, DAY, nextLocal, previousLocal } from "./local-walk";
import type { Stretch, Zone } from "./zone";

const SECOND = 1_000;
/** Every date that can be named comes within this time, also the 29th of February on a given weekday. */
const HORIZON_MS = 41 * 366 * DAY;

/** Whether there is any such time at all: the 30th of February never comes. */
export const everMatches = (times: CronTimes, fromMs: number): boolean =>
  nextLocal(times, fromMs, fromMs + HORIZON_MS) !== null;

interface Piece {
  readonly times: CronTimes;
  readonly stretch: Stretch;
  /** Local time from which matches of the stretch count: what was shown before is not repeated. */
  readonly fromLocalMs: number;
  readonly endLocalMs: number;
  /** The start of the stretch, when times that were left out before it are due there. */
  readonly gapMs: number | null;
}

function pieceOf(times: CronTimes, zone: Zone, ms: number): Piece {
  const stretch = zone.stretchAt(ms);
  const { startMs, endMs, offsetMs, beforeMs } = stretch;
  const local = { shown: startMs + offsetMs, expected: startMs + beforeMs, end: endMs + offsetMs };
  if (times.followsElapsed) return { times, stretch, fromLocalMs: local.shown, endLocalMs: local.end, gapMs: null };
  const hasGap = local.expected < local.shown && nextLocal(times, local.expected, local.shown) !== null;
  const fromLocalMs = Math.max(local.shown, local.expected);
  return { times, stretch, fromLocalMs, endLocalMs: local.end, gapMs: hasGap ? startMs : null };
}

function firstIn({ times, stretch, fromLocalMs, endLocalMs, gapMs }: Piece, fromMs: number): number | null {
  if (gapMs !== null && fromMs <= gapMs) return gapMs;
  const local = nextLocal(times, Math.max(fromMs + stretch.offsetMs, fromLocalMs), endLocalMs);
  return local === null ? null : local - stretch.offsetMs;
}

function lastIn({ times, stretch, fromLocalMs, gapMs }: Piece, upToMs: number): number | null {
  const local = previousLocal(times, fromLocalMs, upToMs + stretch.offsetMs);
  return local === null ? gapMs : local - stretch.offsetMs;
}

const floorSecond = (ms: number): number => Math.floor(ms / SECOND) * SECOND;

/** The first slot after `afterMs`. */
export function nextCronSlot(times: CronTimes, zone: Zone, afterMs: number): number | null {
  let fromMs = floorSecond(afterMs) + SECOND;
  const horizon = fromMs + HORIZON_MS;
  while (fromMs < horizon) {
    const piece = pieceOf(times, zone, fromMs);
    const slot = firstIn(piece, fromMs);
    if (slot !== null) return slot;
    fromMs = piece.stretch.endMs;
  }
  return null;
}

/** The last slot up to and with `upToMs` that is after `afterMs`. */
export function previousCronSlot(times: CronTimes, zone: Zone, afterMs: number, upToMs: number): number | null {
  let toMs = floorSecond(upToMs);
  while (toMs > afterMs) {
    const piece = pieceOf(times, zone, toMs);
    const slot = lastIn(piece, toMs);
    if (slot !== null) return slot > afterMs ? slot : null;
    toMs = piece.stretch.startMs - SECOND;
  }
  return null;
}

/** How many slots lie after `afterMs`, up to and with `upToMs`. */
export function countCronSlots(times: CronTimes, zone: Zone, afterMs: number, upToMs: number): number {
  let count = 0;
  let fromMs = floorSecond(afterMs) + SECOND;
  const beforeMs = floorSecond(upToMs) + SECOND;
  while (fromMs < beforeMs) {
    const piece = pieceOf(times, zone, fromMs);
    const { stretch, fromLocalMs, gapMs } = piece;
    const from = Math.max(fromMs + stretch.offsetMs, fromLocalMs);
    const before = Math.min(beforeMs, stretch.endMs) + stretch.offsetMs;
    count += countLocal(times, from, before);
    // A time that falls on the end of the gap by itself is the same slot.
    const isOwn = gapMs !== null && countLocal(times, gapMs + stretch.offsetMs, gapMs + stretch.offsetMs + SECOND) > 0;
    if (gapMs !== null && gapMs >= fromMs && !isOwn) count += 1;
    fromMs = stretch.endMs;
  }
  return count;
}

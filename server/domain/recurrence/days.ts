/** Days of a time zone, as long as its clock makes them, and how many slots lie in each. */
import type { Slots } from "./schedule";
import { momentOf, type Zone } from "./zone";

const DAY = 86_400_000;

export interface Day {
  /** `2026-11-30`. */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The clock is changed in the course of it. */
  readonly clockChanges: boolean;
}

/** A day of a zone, counted in whole days of the clock's face since 1970. */
function dayAt(zone: Zone, index: number): Day {
  const startMs = momentOf(zone, index * DAY);
  const endMs = momentOf(zone, (index + 1) * DAY);
  const clockChanges = zone.stretchAt(startMs).offsetMs !== zone.stretchAt(endMs - 1_000).offsetMs;
  return { date: new Date(index * DAY).toISOString().slice(0, 10), startMs, endMs, clockChanges };
}

/** So many days from the one on, in which a moment lies. */
export function daysFrom(zone: Zone, ms: number, count: number): Day[] {
  const first = Math.floor((ms + zone.stretchAt(ms).offsetMs) / DAY);
  return Array.from({ length: count }, (_, at) => dayAt(zone, first + at));
}

/** The days of a month such as `2026-11`. */
export function daysOfMonth(zone: Zone, month: string): Day[] {
  const [year = 0, ofYear = 1] = month.split("-").map(Number);
  const first = Date.UTC(year, ofYear - 1) / DAY;
  const length = Date.UTC(year, ofYear) / DAY - first;
  return Array.from({ length }, (_, at) => dayAt(zone, first + at));
}

/** How many slots lie from a moment on and before another. */
export function slotsBetween(slots: Slots, fromMs: number, beforeMs: number): number {
  const first = slots.next(fromMs - 1);
  if (first === null || first >= beforeMs) return 0;
  const last = slots.previous(beforeMs - 1);
  return last === null ? 0 : slots.count(first, last);
}

/** The engine's clock: it goes on evenly and follows the machine's clock only when told, so that a jump can be undone in what is open. */
import { uptime } from "node:os";
import type { ClockMark } from "@/server/domain/engine-figures";
import { readBootId } from "./executors/process-table";

/** The machine's clock may be off by this much before it is followed. */
const TOLERANCE_MS = 50;
/** Two processes read their clocks no more exactly than this. */
const MARK_TOLERANCE_MS = 1_000;
/** Readings that took longer than this tell nothing of each other. */
const READING_MS = 5;

/** What the machine tells of the time. */
export interface ClockReadings {
  /** The clock that people set. */
  readonly wallMs: () => number;
  /** Goes on evenly; may stand still while the machine sleeps. */
  readonly steadyMs: () => number;
  /** Since the machine was started, its sleep counted. */
  readonly uptimeMs: () => number;
  readonly bootId: string;
}

/** How far the machine's clock has gone away from the engine's. */
export interface ClockChange {
  readonly byMs: number;
  /** What of it is a jump; the rest is time for which the machine slept. */
  readonly jumpMs: number;
}

/** What the engine needs of a clock. */
export interface EngineClock {
  now(): number;
  /** Whether the machine's clock shows another time; null while the two agree. */
  look(): ClockChange | null;
  /** Goes by the machine's clock again, once everything that is open was moved along. */
  follow(change: ClockChange): void;
  /** The moment as the next engine can compare it with its own. */
  mark(): ClockMark;
}

const machine = (): ClockReadings => ({
  wallMs: Date.now,
  steadyMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
  bootId: readBootId(),
});

/** A clock over what the machine tells. */
export function steadyClock(readings: ClockReadings = machine()): EngineClock {
  const { wallMs, steadyMs, uptimeMs, bootId } = readings;
  let aheadMs = wallMs() - steadyMs();
  let sleptMs = uptimeMs() - steadyMs();
  const now = (): number => Math.round(steadyMs() + aheadMs);
  return {
    now,
    look() {
      const before = steadyMs();
      const wall = wallMs();
      const steady = steadyMs();
      if (steady - before > READING_MS) return null;
      const byMs = wall - steady - aheadMs;
      if (Math.abs(byMs) < TOLERANCE_MS) return null;
      return { byMs, jumpMs: withoutSleep(byMs, uptimeMs() - steady - sleptMs) };
    },
    follow({ byMs }) {
      aheadMs += byMs;
      sleptMs = uptimeMs() - steadyMs();
    },
    mark: () => ({ bootId, wallMs: now(), uptimeMs: Math.round(uptimeMs()) }),
  };
}

function withoutSleep(byMs: number, sleptMs: number): number {
  const jumpMs = Math.round(sleptMs < TOLERANCE_MS ? byMs : byMs - sleptMs);
  return Math.abs(jumpMs) < TOLERANCE_MS ? 0 : jumpMs;
}

/** By how much the machine's clock has jumped since an earlier engine's mark; 0 where nobody can tell. */
export function jumpSince(before: ClockMark | null, now: ClockMark): number {
  if (before === null || before.bootId === "" || before.bootId !== now.bootId) return 0;
  const jumpMs = now.wallMs - before.wallMs - (now.uptimeMs - before.uptimeMs);
  return Math.abs(jumpMs) < MARK_TOLERANCE_MS ? 0 : jumpMs;
}

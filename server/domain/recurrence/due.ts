/** Decides what becomes of the due moments of a recurring run: which are runs, which wait, and which are skipped and why. */
import { assertNever } from "../assert-never";
import type { Slots } from "./schedule";
import type { CatchUp, Overlap, SkipReason } from "./words";

/** Moments that come due while the server is down and are caught up with, at most. */
export const MAX_CAUGHT_UP = 100;
/** Runs of one recurring run that wait for an earlier one to end, at most. */
export const MAX_WAITING = 100;
/** A newest moment that is later than this was missed, not merely late. */
const LATE_MS = 60_000;

/** Open runs of a recurring run, counted from rows. */
export interface Load {
  /** Running, canceling, or about to run. */
  readonly admitted: number;
  /** Made at their moment and waiting for room. */
  readonly waiting: number;
  /** Those of both kinds that nobody has asked to end, the oldest first. */
  readonly live: number;
}

export interface Policies {
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly maxConcurrency: number;
}

export type Outcome =
  | { readonly do: "run"; readonly atMs: number; readonly waits: boolean }
  | {
      readonly do: "skip";
      readonly atMs: number;
      readonly lastMs: number;
      readonly count: number;
      readonly reason: SkipReason;
    };

export interface DueDecision {
  /** In the order of their moments. */
  readonly outcomes: readonly Outcome[];
  /** How many of the oldest live runs are to be ended. */
  readonly cancel: number;
}

export type Skip = Extract<Outcome, { readonly do: "skip" }>;

/** All moments from `nextMs` up to now as one skip; null when none of them has come. */
export function skipDue(slots: Slots, nextMs: number | null, nowMs: number, reason: SkipReason): Skip | null {
  const lastMs = nextMs === null ? null : slots.previous(nowMs);
  if (nextMs === null || lastMs === null || lastMs < nextMs) return null;
  return { do: "skip", atMs: nextMs, lastMs, count: slots.count(nextMs, lastMs), reason };
}

/** The newest `most` moments from `nextMs` up to `lastMs`, the oldest first. */
function newest(slots: Slots, nextMs: number, lastMs: number, most: number): number[] {
  const found: number[] = [];
  for (
    let at: number | null = lastMs;
    at !== null && at >= nextMs && found.length < most;
    at = slots.previous(at - 1)
  ) {
    found.unshift(at);
  }
  return found;
}

function mostCaughtUp(catchUp: CatchUp, lateMs: number): number {
  switch (catchUp) {
    case "all":
      return MAX_CAUGHT_UP;
    case "latest":
      return 1;
    case "none":
      return lateMs > LATE_MS ? 0 : 1;
    default:
      return assertNever(catchUp);
  }
}

const skipped = (atMs: number, reason: SkipReason): Skip => ({ do: "skip", atMs, lastMs: atMs, count: 1, reason });

function underOverlap(moments: readonly number[], policies: Policies, load: Load): DueDecision {
  const { overlap, maxConcurrency } = policies;
  if (overlap === "cancel") {
    const kept = moments.slice(-maxConcurrency);
    const left = moments.slice(0, moments.length - kept.length).map((atMs) => skipped(atMs, "overlap"));
    const made = kept.map((atMs, at) => ({ do: "run" as const, atMs, waits: load.admitted + at >= maxConcurrency }));
    return { outcomes: [...left, ...made], cancel: Math.max(load.live + kept.length - maxConcurrency, 0) };
  }
  let { admitted, waiting } = load;
  const outcomes = moments.map((atMs): Outcome => {
    if (admitted < maxConcurrency && waiting === 0) {
      admitted += 1;
      return { do: "run", atMs, waits: false };
    }
    if (overlap === "skip" || waiting >= MAX_WAITING) return skipped(atMs, "overlap");
    waiting += 1;
    return { do: "run", atMs, waits: true };
  });
  return { outcomes, cancel: 0 };
}

/** Skips that follow each other for the same reason, as one. */
function joined(outcomes: readonly Outcome[]): Outcome[] {
  const joint: Outcome[] = [];
  for (const one of outcomes) {
    const before = joint.at(-1);
    if (one.do === "skip" && before?.do === "skip" && before.reason === one.reason) {
      joint[joint.length - 1] = { ...before, lastMs: one.lastMs, count: before.count + one.count };
    } else joint.push(one);
  }
  return joint;
}

/** What becomes of every moment from `nextMs` up to now; nothing when none has come. */
export function decideDue(slots: Slots, nextMs: number, nowMs: number, policies: Policies, load: Load): DueDecision {
  const lastMs = slots.previous(nowMs);
  if (lastMs === null || lastMs < nextMs) return { outcomes: [], cancel: 0 };
  const moments = newest(slots, nextMs, lastMs, mostCaughtUp(policies.catchUp, nowMs - lastMs));
  const [firstKept] = moments;
  const lastMissed = firstKept === undefined ? lastMs : slots.previous(firstKept - 1);
  const missed = lastMissed === null ? null : skipDue(slots, nextMs, lastMissed, "catch-up");
  const { outcomes, cancel } = underOverlap(moments, policies, load);
  return { outcomes: joined([...(missed === null ? [] : [missed]), ...outcomes]), cancel };
}

/** How many of the waiting runs there is room for. */
export const roomFor = ({ admitted, waiting }: Pick<Load, "admitted" | "waiting">, maxConcurrency: number): number =>
  Math.max(Math.min(maxConcurrency - admitted, waiting), 0);

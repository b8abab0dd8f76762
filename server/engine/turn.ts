/** One turn of the engine: what it has touched, and what is to be done once its commit stands. */
import type { AttemptRequest } from "./attempts/contract";
import type { RunMemory } from "./run-cache";

export type Effect =
  | { readonly do: "begin"; readonly request: AttemptRequest }
  | { readonly do: "stop"; readonly attemptKey: number; readonly graceMs: number };

export interface Turn {
  readonly nowMs: number;
  readonly touched: Set<RunMemory>;
  readonly effects: Effect[];
  /** Recurring runs that may have room for runs that wait. */
  readonly freed: Set<number>;
  /** Whether a moment was set at which something is due by itself: a time limit, or another try. */
  hasTimers: boolean;
  /** How many more decisions this turn takes; keeps the write lock short. */
  budget: number;
}

/** When the next turn is wanted: at once, when something happens, or after a wait for the database. */
export type TurnEnd =
  | { readonly next: "now" }
  | { readonly next: "idle" }
  | { readonly next: "later"; readonly waitMs: number };

export const newTurn = (nowMs: number, budget: number): Turn => ({
  nowMs,
  touched: new Set(),
  effects: [],
  freed: new Set(),
  hasTimers: false,
  budget,
});

/** A run that this turn cannot go on with; the turn is undone and the run given up. */
export class RunTrouble extends Error {
  readonly runKey: number;
  override readonly cause: unknown;

  constructor(runKey: number, cause: unknown) {
    super(`run ${runKey} cannot go on`);
    this.runKey = runKey;
    this.cause = cause;
  }
}

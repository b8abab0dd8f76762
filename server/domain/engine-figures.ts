/** What an engine measures of itself and hands on through its sign of life; sums go on from one engine to the next. */

/** Upper bounds of the durations of turns, in seconds. */
export const TURN_BOUNDS: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** A moment as an engine saw it, which a later one on the same boot can compare with its own. */
export interface ClockMark {
  readonly bootId: string;
  readonly wallMs: number;
  readonly uptimeMs: number;
}

export interface EngineFigures {
  /** Turns that were committed, ever, and how many of them each of `TURN_BOUNDS` holds. */
  readonly turns: number;
  readonly turnSeconds: number;
  readonly turnsUpTo: readonly number[];
  /** The longest that the loop came late since the last sign of life. */
  readonly lagSeconds: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Null where the system does not tell. */
  readonly openFiles: number | null;
  /** When they were measured; null before any engine has. */
  readonly clock: ClockMark | null;
}

export const NO_FIGURES: EngineFigures = {
  turns: 0,
  turnSeconds: 0,
  turnsUpTo: TURN_BOUNDS.map(() => 0),
  lagSeconds: 0,
  cpuSeconds: 0,
  residentBytes: 0,
  heapBytes: 0,
  openFiles: null,
  clock: null,
};

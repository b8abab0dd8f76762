/** What a fault scenario is, and the small tools they share: seeded luck and a readable verdict. */

export interface Verdict {
  /** Everything that went wrong; empty is a pass. */
  readonly violations: readonly string[];
  /** Figures for the report. */
  readonly figures: { readonly [name: string]: number | string };
  /** Set when the scenario could not run here, with the reason. */
  readonly skipped?: string;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** `slice` is the short form that `npm test` runs. */
  run(options: { readonly slice: boolean; readonly seed: number }): Promise<Verdict>;
}

/** A small seeded generator (mulberry32), so that a failing run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A pause that is part of the fault itself, such as the random instant of a kill. */
export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

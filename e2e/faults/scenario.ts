/** What a fault scenario is, and the pause they share. */

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

/** A pause that is part of the fault itself, such as the random instant of a kill. */
export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

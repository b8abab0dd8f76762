/** What a fault scenario is, and the pause they share. */

export interface Verdict {
  /** Everything that went wrong; empty is a pass. */
  readonly violations: readonly string[];
  /** Figures for the report. */
  readonly figures: { readonly [name: string]: number | string };
  /** Set when the scenario could not run here, with the reason. */
  readonly skipped?: string;
}

export interface FaultOptions {
  /** The short form that `npm test` runs. */
  readonly slice: boolean;
  readonly seed: number;
  /** How often Penstock's engine is killed in a fan-out; null leaves it to the scenario. */
  readonly kills: number | null;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  run(options: FaultOptions): Promise<Verdict>;
}

/** A pause that is part of the fault itself, such as the random instant of a kill. */
export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

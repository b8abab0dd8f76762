/** When a child that died is started again: a table of two rules. */

const MAX_EARLY_DEATHS = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export type Restart = { readonly kind: "restart"; readonly afterMs: number } | { readonly kind: "give-up" };

/** A child's death; `earlyDeaths` counts those in a row before readiness, this one included. */
export interface Death {
  readonly wasReady: boolean;
  readonly earlyDeaths: number;
}

/**
 * What follows a death. A child that had become ready comes back at once; one that died before is given longer and
 * longer pauses and is given up after ten deaths in a row.
 */
export function afterDeath(death: Death): Restart {
  if (death.wasReady) return { kind: "restart", afterMs: 0 };
  if (death.earlyDeaths >= MAX_EARLY_DEATHS) return { kind: "give-up" };
  return { kind: "restart", afterMs: Math.min(FIRST_PAUSE_MS * 2 ** (death.earlyDeaths - 1), LONGEST_PAUSE_MS) };
}

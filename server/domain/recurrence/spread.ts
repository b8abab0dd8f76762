/** Mean and spread of durations. */

export interface Spread {
  readonly count: number;
  readonly meanMs: number;
  /** Standard deviation of all of them. */
  readonly deviationMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The spread of some durations; null of none. A clock that was put back makes none shorter than nothing. */
export function spreadOf(durations: readonly number[]): Spread | null {
  if (durations.length === 0) return null;
  const all = durations.map((ms) => Math.max(ms, 0));
  const meanMs = all.reduce((sum, ms) => sum + ms, 0) / all.length;
  const deviationMs = Math.sqrt(all.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0) / all.length);
  return { count: all.length, meanMs, deviationMs, leastMs: Math.min(...all), mostMs: Math.max(...all) };
}

/** Which of the coming slots would meet runs that still go on, if each run took as long as runs usually do. */
import { MAX_WAITING, type Policies } from "./due";

/** What a slot comes to: its run begins, waits, or is left out, or an older run is ended for it. */
export const FORECASTS = ["run", "wait", "skip", "cancel"] as const;
export type Forecast = (typeof FORECASTS)[number];

/** What becomes of each moment, the first of which meets no run. */
export function forecastOverlaps(
  moments: readonly number[],
  usualMs: number,
  { overlap, maxConcurrency }: Pick<Policies, "overlap" | "maxConcurrency">,
): Forecast[] {
  /** When the active runs and those that wait for them end, in the order in which they began. */
  let ends: number[] = [];
  return moments.map((atMs) => {
    ends = ends.filter((end) => end > atMs);
    if (ends.length < maxConcurrency) {
      ends.push(atMs + usualMs);
      return "run";
    }
    if (overlap === "cancel") {
      ends = [...ends.slice(1), atMs + usualMs];
      return "cancel";
    }
    if (overlap === "skip" || ends.length >= maxConcurrency + MAX_WAITING) return "skip";
    // It begins when so many have ended that there is room again.
    const beginsMs = [...ends].sort((a, b) => a - b)[ends.length - maxConcurrency] ?? atMs;
    ends.push(beginsMs + usualMs);
    return "wait";
  });
}

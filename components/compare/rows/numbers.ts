/** Numbers of a comparison as words: values, and how far they are from the baseline's. */
import { formatDuration } from "@/components/ui/format-time";
import type { MetricGoal } from "@/server/domain/views/compare";
import type { Delta, Verdict } from "./row";

/** A metric's value as lists show it. */
export const metricText = (value: number, format: "raw" | "percentage"): string =>
  format === "percentage" ? `${Number((value * 100).toPrecision(6))} %` : String(Number(value.toPrecision(8)));

const sign = (value: number): string => (value > 0 ? "+" : "−");

function verdictOf(change: number, goal: MetricGoal | undefined): Verdict {
  if (goal === undefined || change === 0) return "neutral";
  return change > 0 === (goal === "max") ? "better" : "worse";
}

/** From the baseline's value to another; undefined when there is nothing to tell. */
export function metricDelta(
  from: number | undefined,
  to: number,
  format: "raw" | "percentage",
  goal: MetricGoal | undefined,
): Delta | undefined {
  const change = from === undefined ? Number.NaN : to - from;
  if (!Number.isFinite(change) || change === 0) return undefined;
  const size = Math.abs(format === "percentage" ? change * 100 : change);
  return {
    text: `${sign(change)}${Number(size.toPrecision(3))}${format === "percentage" ? " pp" : ""}`,
    isUp: change > 0,
    verdict: verdictOf(change, goal),
  };
}

/** Times differ by a little from run to run: what is within a second or a tenth is the same. */
export const isSameTime = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= Math.max(1_000, Math.max(a, b) / 10);

/** How much longer something took than in the baseline; undefined while that is nothing. */
export function timeDelta(from: number | null, to: number | null): Delta | undefined {
  if (from === null || to === null || isSameTime(from, to)) return undefined;
  return {
    text: `${sign(to - from)}${formatDuration(Math.abs(to - from))}`,
    isUp: to > from,
    verdict: to > from ? "worse" : "better",
  };
}

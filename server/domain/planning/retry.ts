/** Whether and when a step that failed is tried again. */
import type { RetrySpec } from "@/pipelines/graph";
import type { ReasonCode } from "@/server/domain/reason";

/** Failures that the next try would meet again. */
const FINAL: ReadonlySet<ReasonCode> = new Set([
  "command-not-found",
  "needs-container",
  "unsupported",
  "missing-input",
  "bad-input",
  "canceled-by-user",
]);

export interface Round {
  /** How many tries of this round have failed, the present one included. */
  readonly failures: number;
  /** When the first try of the round was claimed. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

/**
 * Moment of the next try, or null when there is none: all tries are used up, the failure would only repeat itself, or
 * the delay (`backoff × factor^n`) would go beyond the total time during which tries may start.
 */
export function nextTry(retry: RetrySpec, code: ReasonCode, { failures, sinceMs, nowMs }: Round): number | null {
  if (FINAL.has(code) || failures > retry.maxRetries) return null;
  const delay = retry.backoffMs * retry.backoffFactor ** Math.max(failures - 1, 0);
  const atMs = nowMs + (Number.isFinite(delay) ? Math.round(delay) : Number.POSITIVE_INFINITY);
  if (!Number.isFinite(atMs)) return null;
  return retry.backoffMaxMs > 0 && atMs - sinceMs > retry.backoffMaxMs ? null : atMs;
}

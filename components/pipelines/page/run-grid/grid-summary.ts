/** What a row of runs says as a whole: how many succeeded, how long they take. */
import { isRunOver } from "@/server/domain/states";
import type { GridRun } from "@/server/domain/views/run-grid";

export interface GridSummary {
  readonly finished: number;
  readonly succeeded: number;
  /** Middle duration of the runs that succeeded, null where none did. */
  readonly medianMs: number | null;
}

/** Milliseconds a run took, or has taken until `nowMs`; null before it began. */
export function tookMs(run: Pick<GridRun, "startedAt" | "finishedAt">, nowMs: number): number | null {
  if (run.startedAt === null) return null;
  const end = run.finishedAt === null ? nowMs : Date.parse(run.finishedAt);
  return Math.max(0, end - Date.parse(run.startedAt));
}

/** Of runs that are over; those that go on say nothing yet. */
export function summarize(runs: readonly GridRun[]): GridSummary {
  const over = runs.filter((run) => isRunOver(run.state));
  const good = over.filter((run) => run.state === "succeeded");
  const times = good.map((run) => tookMs(run, 0) ?? 0).sort((a, b) => a - b);
  return { finished: over.length, succeeded: good.length, medianMs: times[Math.floor(times.length / 2)] ?? null };
}

/** Height of a run's bar in percent: in proportion to the longest, never too low to be seen. */
export function barHeight(ms: number | null, longestMs: number): number {
  if (ms === null || longestMs <= 0) return 8;
  return Math.max(8, Math.round((ms / longestMs) * 100));
}

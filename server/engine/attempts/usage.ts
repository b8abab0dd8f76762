/** Adds to the outcome of an attempt what it took. */
import type { AttemptRequest, AttemptUsage, ExitReport, Outcome } from "./contract";

/** The outcome with the usage that the executor measured and the sizes of the artifacts in and out. */
export function withUsage(request: AttemptRequest, report: ExitReport, outcome: Outcome): Outcome {
  const usage: AttemptUsage = {
    cpuMs: report.usage?.cpuMs ?? null,
    peakBytes: report.usage?.peakBytes ?? null,
    bytesIn: total([
      ...new Map(
        Object.values(request.inputs.artifacts)
          .flat()
          .map((one) => [one.key, one]),
      ).values(),
    ]),
    bytesOut: total(outcome.collected?.artifacts ?? []),
  };
  return { ...outcome, usage };
}

interface Sized {
  readonly size: number | null;
  readonly path: string | null;
}

/** Null where all that there is lies elsewhere; an artifact without a file has no bytes. */
function total(artifacts: readonly Sized[]): number | null {
  const here = artifacts.filter(({ size, path }) => size !== null || path !== null);
  if (here.length === 0 && artifacts.length > 0) return null;
  return here.reduce((all, { size }) => all + (size ?? 0), 0);
}

/** What the runs of a pipeline before one of them tell of it, as it leaves the server. */
import type { JsonValue } from "@/pipelines/graph";
import type { NamedRef } from "./shared";

/** One thing that two runs were asked for differently; a side that is left out has no such parameter. */
export type RunDifference =
  | { readonly what: "version"; readonly from: number; readonly to: number }
  | { readonly what: "profile"; readonly from: string; readonly to: string }
  | { readonly what: "parameter"; readonly name: string; readonly from?: JsonValue; readonly to?: JsonValue };

/** What the runs of a pipeline before one of them tell of it. */
export interface EarlierRunsView {
  /** The newest earlier run that succeeded, and what this one was asked for differently. */
  readonly lastGood: { readonly run: NamedRef; readonly differences: readonly RunDifference[] } | null;
  /** Failed runs since the last good one, this one not counted. */
  readonly failedBefore: number;
  /** Middle duration of earlier runs that succeeded. */
  readonly expectedMs: number | null;
  /** Middle durations of steps outside loops, by their path. */
  readonly expectedStepMs: { readonly [step: string]: number };
}

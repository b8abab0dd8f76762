/** What a comparison of runs is made of, as it leaves the server: rows by step and name, one cell per run. */
import type { StepKind } from "@/pipelines/graph";
import type { ProfileSettings } from "../profile";
import type { ArtifactView } from "./artifacts";
import type { SeriesView } from "./metrics";
import type { FileMode, RunSummary } from "./runs";
import type { IsoTime, NamedRef } from "./shared";
import type { TaskCounts } from "./tasks";

/** More columns than this are no comparison any more. */
export const MOST_COMPARED = 10;

export const METRIC_GOALS = ["max", "min"] as const;
/** Whether a metric is better the higher or the lower it is. */
export type MetricGoal = (typeof METRIC_GOALS)[number];

/** A value as JSON text: whole when it is short, else its beginning and what tells it from others. */
export interface ComparedValue {
  readonly text: string;
  /** Characters of the whole text. */
  readonly size: number;
  /** SHA-256 of the whole text where `text` is only its beginning. */
  readonly digest: string | null;
}

export interface ComparedRun extends Omit<RunSummary, "parameters"> {
  readonly parameters: { readonly [name: string]: ComparedValue };
  readonly versionDigest: string;
  readonly profileSettings: ProfileSettings | null;
  readonly fileMode: FileMode;
  readonly cache: "use" | "ignore";
  /** The baseline of the run's experiment, whether it is compared or not. */
  readonly baseline: NamedRef | null;
}

/** A metric of one run: of a series its last, lowest and highest value. */
export interface MetricCell {
  readonly last: number;
  readonly low: number;
  readonly high: number;
  /** How many values there are; null when there are too many to count here, and `low` and `high` are the last one. */
  readonly points: number | null;
  readonly isSeries: boolean;
  readonly format: "raw" | "percentage";
}

/** The tasks of one step in one run; more than one where the step lies in a loop. */
export interface StepCell {
  /** Where to look first: the first that failed, else the first. */
  readonly task: number;
  readonly attempt: number;
  readonly tasks: TaskCounts;
  /** Of a loop: its iterations by state. */
  readonly iterations: TaskCounts | null;
  readonly startedAt: IsoTime | null;
  /** Null while any of them goes on. */
  readonly finishedAt: IsoTime | null;
}

/** What one run left under a name at a step; the first one and how many there are. */
export interface ArtifactCell {
  readonly id: number;
  readonly task: number;
  readonly count: number;
  readonly type: string;
  readonly size: number | null;
  readonly digest: string | null;
}

/** One row: `cells` follow the order of the runs, null where a run has nothing. */
export interface ComparedRow<Cell> {
  /** Path of the step; null for what belongs to the run as a whole. */
  readonly step: string | null;
  readonly name: string;
  readonly cells: readonly (Cell | null)[];
}

export interface ComparedStep extends ComparedRow<StepCell> {
  readonly step: string;
  readonly kind: StepKind;
}

export interface ComparisonView {
  readonly runs: readonly ComparedRun[];
  /** Ids that were asked for and are not there. */
  readonly missing: readonly string[];
  readonly metrics: readonly ComparedRow<MetricCell>[];
  readonly steps: readonly ComparedStep[];
  readonly artifacts: readonly ComparedRow<ArtifactCell>[];
  /** Images that steps name, by version and step. */
  readonly images: { readonly [versionId: string]: { readonly [step: string]: string } };
  readonly goals: readonly MetricGoalView[];
  /** How many rows of a section are not here because there are too many. */
  readonly leftOut: { readonly metrics: number; readonly steps: number; readonly artifacts: number };
}

export interface MetricGoalView {
  /** Name inside the specification, as runs carry it. */
  readonly pipelineName: string;
  readonly name: string;
  readonly goal: MetricGoal;
}

/** A metric over its index in one run, thinned out so that a chart can draw it; extremes are kept. */
export interface ComparedSeries {
  readonly run: string;
  readonly isThinned: boolean;
  readonly points: SeriesView["points"];
}

/** What one run left under a name at a step, with all that its viewer needs. */
export interface ComparedArtifacts {
  readonly run: string;
  readonly artifacts: readonly ArtifactView[];
}

/** How the graph of one version differs from another's. */
export interface GraphDiff {
  readonly added: readonly NamedStep[];
  readonly removed: readonly NamedStep[];
  /** With the parts that differ, in words. */
  readonly changed: readonly (NamedStep & { readonly parts: readonly string[] })[];
  readonly equal: number;
}

export interface NamedStep {
  readonly path: string;
  readonly name: string;
  readonly kind: StepKind;
}

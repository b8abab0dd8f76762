/** The last runs of a pipeline by their steps, as they leave the server. */
import type { StepKind } from "@/pipelines/graph";
import type { TaskState } from "../states";
import type { RunSummary } from "./runs";
import type { IsoTime } from "./shared";

/** One step of one run in the grid of a pipeline: of the iterations of a loop the one that matters most. */
export interface GridCell {
  readonly task: number;
  readonly state: TaskState;
  /** Tasks of this step in the run; more than one inside loops. */
  readonly count: number;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
}

export interface GridRun extends Pick<RunSummary, "id" | "name" | "state" | "createdAt" | "startedAt" | "finishedAt"> {
  readonly version: number;
  /** Cells by the path of their step. */
  readonly cells: { readonly [step: string]: GridCell };
}

export interface GridStep {
  readonly path: string;
  readonly name: string;
  readonly kind: StepKind;
}

/** The last runs of a pipeline by the steps of one level: the oldest run first, steps in the order of the newest run. */
export interface RunGridView {
  readonly runs: readonly GridRun[];
  readonly steps: readonly GridStep[];
  /** Names of the metrics that these runs have, at most 200. */
  readonly metrics: readonly string[];
}

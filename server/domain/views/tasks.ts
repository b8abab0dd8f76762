/** Tasks as they leave the server: counted, in lists, as the run page draws them, and whole. */
import type { StepKind } from "@/pipelines/graph";
import type { Reason } from "../reason";
import type { TaskState } from "../states";
import type { ValuesView } from "./artifacts";
import type { AttemptView } from "./attempts";
import type { IsoTime, NamedRef } from "./shared";

/** How many tasks of a run are in which state; groups are not counted. */
export type TaskCounts = { readonly [state in TaskState]?: number };

/** A task in the list of those of all runs. */
export interface ExecutionView {
  readonly id: number;
  /** Path of the task in its run. */
  readonly step: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly state: TaskState;
  readonly reason: Reason | null;
  readonly attempt: number;
  readonly createdAt: IsoTime;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly run: NamedRef;
  readonly pipeline: string;
  readonly experiment: string;
}

/** A task as the run page draws it: no values, no attempts. */
export interface TaskSummary {
  readonly id: number;
  /** Path of the task: the step path with `[n]` segments for iterations. */
  readonly step: string;
  /** Path of the step in the graph. */
  readonly stepPath: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly state: TaskState;
  readonly reason: Reason | null;
  readonly parent: number | null;
  readonly iteration: number | null;
  /** How many iterations a loop has, once it was reached; null elsewhere. */
  readonly iterationCount: number | null;
  /** For a task that has taken over another one's outputs: that one. */
  readonly source: {
    readonly task: number;
    readonly step: string;
    readonly runId: string;
    readonly runName: string;
  } | null;
  readonly createdAt: IsoTime;
  readonly queuedAt: IsoTime | null;
  /** When a task that waits to try again may do so; null elsewhere. */
  readonly retryAt: IsoTime | null;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  /** Number of the newest attempt, 0 before the first. */
  readonly attempt: number;
}

/** How many iterations of a loop are in which state. */
export interface LoopView {
  readonly task: number;
  readonly iterations: TaskCounts;
}

/** All tasks of a step taken together, where a run has too many of them to list. */
export interface StepSumView {
  readonly stepPath: string;
  readonly tasks: TaskCounts;
  readonly startedAt: IsoTime | null;
  /** Null while any of them goes on. */
  readonly finishedAt: IsoTime | null;
}

/** What the result cache made of a task. */
export interface CacheView {
  readonly outcome: "hit" | "miss" | "off";
  /** In words: which parts changed since the last run of the step, or whose result was taken. */
  readonly why: string;
  readonly changed: readonly string[] | null;
  /** Whether its outputs may be reused by later runs. */
  readonly isUsable: boolean;
}

export interface TaskView extends TaskSummary {
  readonly cache: CacheView | null;
  readonly runId: string;
  readonly inputs: ValuesView;
  readonly outputs: ValuesView;
  readonly attempts: readonly AttemptView[];
}

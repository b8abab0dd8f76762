/** A run in memory: its tasks with what each still waits for. A cache of rows. */
import type { Step } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import type { TaskCounts } from "@/server/domain/views/tasks";
import type { GraphIndex, Role } from "./graph-index";
import type { Ending, Tally } from "./rules";

/** What a plan is made from: the stored part of a task. */
export interface TaskRow {
  readonly key: number;
  readonly path: string;
  readonly stepPath: string;
  readonly parentKey: number | null;
  /** Which iteration of a loop it is; null for anything else, the loop's own task too. */
  readonly iteration: number | null;
  /** How many iterations a loop has, once it was reached. */
  readonly iterationCount: number | null;
  readonly state: TaskState;
  readonly reason: Reason | null;
  readonly attempt: number;
  /** Attempts before the present round of tries, and when its first one was claimed. */
  readonly retryBase: number;
  readonly retrySinceMs: number | null;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

export interface PlannedTask {
  readonly key: number;
  readonly path: string;
  readonly step: Step;
  readonly role: Role;
  readonly iteration: number | null;
  readonly parent: PlannedTask | null;
  /** Those still known; an iteration that is over is forgotten with all that is in it. */
  readonly children: Set<PlannedTask>;
  readonly dependants: PlannedTask[];
  state: TaskState;
  reason: Reason | null;
  /** Number of its newest attempt. */
  attempt: number;
  readonly retryBase: number;
  retrySinceMs: number | null;
  finishedAtMs: number | null;
  /** How many dependencies are open, plus one while the gate or loop around it is closed. */
  waiting: number;
  /** Why it can never run, once that is known. */
  blocked: Reason | null;
  /** Whether it, or anything in it, has ever got as far as running. */
  hasBegun: boolean;
  openChildren: number;
  /** Children that were let go and are not over. */
  activeChildren: number;
  readonly tally: Tally;
  /** The child of a group that failed first. */
  firstFailure: PlannedTask | null;
  /** How many iterations a loop has and how many of them have their tasks. */
  iterationCount: number | null;
  iterationsMade: number;
  /** Iterations that wait for the loop's own limit, oldest first. */
  readonly held: PlannedTask[];
}

export interface RunPlan {
  readonly index: GraphIndex;
  readonly byPath: Map<string, PlannedTask>;
  readonly byKey: Map<number, PlannedTask>;
  /** Tasks to look at again, oldest first; looking at one for nothing is harmless. */
  readonly agenda: PlannedTask[];
  agendaAt: number;
  open: number;
  failed: number;
  /** States of the leaf tasks, as the run's row counts them. */
  readonly counts: { [state in TaskState]?: number };
  /** Set once the run is to end before its time. */
  ending: Ending | null;
}

/** The counts as the run's row keeps them. */
export const countsOf = (plan: RunPlan): TaskCounts => ({ ...plan.counts });

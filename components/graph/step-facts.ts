/** What a run says about each step of its graph: one state, the counts below a group or in a loop, and times. */
import { isLoop, iterationsByLoop, NO_TASKS, type RunTasks } from "@/components/runs/run-tasks";
import type { PipelineGraph, StepPath } from "@/pipelines/graph";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import { TASK_STATES, type TaskState } from "@/server/domain/states";
import type { IsoTime } from "@/server/domain/views/shared";
import type { TaskCounts } from "@/server/domain/views/tasks";

export interface StepFacts {
  /** Null while the run has no task for the step. */
  readonly state: TaskState | null;
  /** Of the task whose state it is. */
  readonly reason: Reason | null;
  /** Leaf tasks of this step, or below this group, by state. */
  readonly counts: TaskCounts;
  /** How many tasks the step has: more than one in a loop. */
  readonly tasks: number;
  /** For a loop that was reached: how many iterations it has, and how many of them are in which state. */
  readonly loop: { readonly iterations: number; readonly counts: TaskCounts } | null;
  readonly startedAt: IsoTime | null;
  /** Null while any task of it goes on. */
  readonly finishedAt: IsoTime | null;
}

/** When the tasks of one step disagree, the one that a reader has to know about speaks for all. */
const LOUDEST: readonly TaskState[] = [
  "failed",
  "running",
  "canceling",
  "queued",
  "pending",
  "canceled",
  "succeeded",
  "cached",
  "skipped",
  "omitted",
];

interface Sum {
  tasks: number;
  readonly reasons: Map<TaskState, Reason | null>;
  readonly counts: { [state in TaskState]?: number };
  readonly iterationCounts: { [state in TaskState]?: number };
  iterations: number | null;
  startedAt: IsoTime | null;
  finishedAt: IsoTime | null;
  isOpen: boolean;
}

const emptySum = (): Sum => ({
  tasks: 0,
  reasons: new Map(),
  counts: {},
  iterationCounts: {},
  iterations: null,
  startedAt: null,
  finishedAt: null,
  isOpen: false,
});

const earlier = (a: IsoTime | null, b: IsoTime | null): IsoTime | null => (a === null || (b !== null && b < a) ? b : a);
const later = (a: IsoTime | null, b: IsoTime | null): IsoTime | null => (a === null || (b !== null && b > a) ? b : a);

interface Seen {
  readonly states: readonly (readonly [TaskState, Reason | null, number])[];
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
}

function add(sum: Sum, { states, startedAt, finishedAt }: Seen): void {
  for (const [state, reason, count] of states) {
    sum.tasks += count;
    if (!sum.reasons.has(state)) sum.reasons.set(state, reason);
  }
  sum.startedAt = earlier(sum.startedAt, startedAt);
  sum.finishedAt = later(sum.finishedAt, finishedAt);
  sum.isOpen ||= finishedAt === null;
}

function merge(into: { [state in TaskState]?: number }, counts: TaskCounts): void {
  for (const state of TASK_STATES) {
    const count = counts[state];
    if (count !== undefined) into[state] = (into[state] ?? 0) + count;
  }
}

/** Facts of every step; tasks may be in any order. */
export function stepFacts(
  graph: Pick<PipelineGraph, "steps">,
  run: RunTasks = NO_TASKS,
): ReadonlyMap<StepPath, StepFacts> {
  const sums = new Map<StepPath, Sum>(graph.steps.map((step) => [step.path, emptySum()]));
  const steps = new Map(graph.steps.map((step) => [step.path, step]));
  const summed = new Set(run.stepSums.map((sum) => sum.stepPath));
  const iterations = iterationsByLoop(run);
  const countLeaves = (path: StepPath, counts: TaskCounts) => {
    for (let at: StepPath | null | undefined = path; at; at = steps.get(at)?.parent) {
      const sum = sums.get(at);
      if (sum !== undefined) merge(sum.counts, counts);
    }
  };
  for (const task of run.tasks) {
    const sum = sums.get(task.stepPath);
    if (sum === undefined || task.iteration !== null || summed.has(task.stepPath)) continue;
    add(sum, {
      states: [[task.state, task.reason, 1]],
      startedAt: task.startedAt,
      finishedAt: task.finishedAt,
    });
    if (!isLoop(task) && !GROUP_KINDS.has(task.kind)) countLeaves(task.stepPath, { [task.state]: 1 });
    if (!isLoop(task)) continue;
    const counts = iterations.get(task.id) ?? {};
    merge(sum.iterationCounts, counts);
    if (task.iterationCount !== null) sum.iterations = (sum.iterations ?? 0) + task.iterationCount;
    // A loop over a step that holds no others: its iterations are the leaves.
    if (steps.get(task.stepPath)?.body.body !== "group") countLeaves(task.stepPath, counts);
  }
  for (const { stepPath, tasks, startedAt, finishedAt } of run.stepSums) {
    const sum = sums.get(stepPath);
    const kind = steps.get(stepPath)?.kind;
    if (sum === undefined || kind === undefined) continue;
    const states = TASK_STATES.flatMap((state) => {
      const count = tasks[state] ?? 0;
      return count === 0 ? [] : [[state, null, count] as const];
    });
    add(sum, { states, startedAt, finishedAt });
    if (!GROUP_KINDS.has(kind)) countLeaves(stepPath, tasks);
  }
  const facts = new Map<StepPath, StepFacts>();
  for (const [path, sum] of sums) {
    const state = LOUDEST.find((each) => sum.reasons.has(each)) ?? null;
    facts.set(path, {
      state,
      reason: state === null ? null : (sum.reasons.get(state) ?? null),
      counts: sum.counts,
      tasks: sum.tasks,
      loop: sum.iterations === null ? null : { iterations: sum.iterations, counts: sum.iterationCounts },
      startedAt: sum.startedAt,
      finishedAt: sum.isOpen ? null : sum.finishedAt,
    });
  }
  return facts;
}

export type EdgeTone = "plain" | "done" | "active" | "waiting" | "faint";

/** How the line between two steps looks: what flowed, what flows now, what never will. */
export function edgeTone(from: TaskState | null, to: TaskState | null): EdgeTone {
  if (from === null && to === null) return "plain";
  if (to === "omitted" || to === "skipped" || from === "omitted" || from === "skipped") return "faint";
  if (to === "running" || to === "queued" || to === "canceling") return "active";
  if (to === null || to === "pending") return "waiting";
  return "done";
}

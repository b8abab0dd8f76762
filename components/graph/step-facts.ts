/** What a run says about each step of its graph: one state, the counts below a group, and times. */
import type { PipelineGraph, StepPath } from "@/pipelines/graph";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { TaskState } from "@/server/domain/states";
import type { IsoTime, TaskCounts, TaskSummary } from "@/server/domain/views";

export interface StepFacts {
  /** Null while the run has no task for the step. */
  readonly state: TaskState | null;
  /** Leaf tasks of this step, or below this group, by state. */
  readonly counts: TaskCounts;
  /** How many tasks the step has: more than one in a loop. */
  readonly tasks: number;
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
  states: Set<TaskState>;
  counts: { [state in TaskState]?: number };
  startedAt: IsoTime | null;
  finishedAt: IsoTime | null;
  isOpen: boolean;
}

const emptySum = (): Sum => ({
  tasks: 0,
  states: new Set(),
  counts: {},
  startedAt: null,
  finishedAt: null,
  isOpen: false,
});

const earlier = (a: IsoTime | null, b: IsoTime | null): IsoTime | null => (a === null || (b !== null && b < a) ? b : a);
const later = (a: IsoTime | null, b: IsoTime | null): IsoTime | null => (a === null || (b !== null && b > a) ? b : a);

/** Facts of every step; `tasks` may be in any order. */
export function stepFacts(
  graph: Pick<PipelineGraph, "steps">,
  tasks: readonly TaskSummary[],
): ReadonlyMap<StepPath, StepFacts> {
  const sums = new Map<StepPath, Sum>(graph.steps.map((step) => [step.path, emptySum()]));
  const parentOf = new Map(graph.steps.map((step) => [step.path, step.parent]));
  for (const task of tasks) {
    const sum = sums.get(task.stepPath);
    if (sum === undefined) continue;
    sum.tasks += 1;
    sum.states.add(task.state);
    sum.startedAt = earlier(sum.startedAt, task.startedAt);
    sum.finishedAt = later(sum.finishedAt, task.finishedAt);
    sum.isOpen ||= task.finishedAt === null;
    if (GROUP_KINDS.has(task.kind)) continue;
    for (let at: StepPath | null | undefined = task.stepPath; at; at = parentOf.get(at)) {
      const counts = sums.get(at)?.counts;
      if (counts !== undefined) counts[task.state] = (counts[task.state] ?? 0) + 1;
    }
  }
  const facts = new Map<StepPath, StepFacts>();
  for (const [path, sum] of sums) {
    facts.set(path, {
      state: LOUDEST.find((state) => sum.states.has(state)) ?? null,
      counts: sum.counts,
      tasks: sum.tasks,
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

/** Why a step is where it is: words for its reason or its state, and the steps before it that are not over. Pure. */
import type { PipelineGraph, Step, StepPath } from "@/pipelines/graph";
import { instancePath } from "@/server/domain/planning/instance-path";
import { isRunOver, isTaskOver, type TaskState } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { REASON_WORDS, STANDING_WORDS, type Standing, type WhyWords } from "./reason-words";

export interface Why extends WhyWords {
  /** The engine's own words; null where there are none beside `head`. */
  readonly message: string | null;
}

type Explained = Pick<TaskSummary, "state" | "reason">;

/** What a step without a task is to its run. */
export function standingOf(run: Pick<RunView, "state" | "extent">): Standing {
  if (!isRunOver(run.state)) return "not-reached";
  return run.extent.kind === "all" ? "ended-without" : "left-out";
}

/** Null where the state explains itself. */
export function whyOf(run: Pick<RunView, "state" | "extent">, task: Explained | null): Why | null {
  if (task?.reason) return { ...REASON_WORDS[task.reason.code], message: task.reason.message };
  const found = STANDING_WORDS[task === null ? standingOf(run) : task.state];
  return found && { ...found, message: null };
}

/** A step before another one that is not over. */
export interface Awaited {
  readonly path: string;
  readonly name: string;
  /** Null for one that has no task yet. */
  readonly state: TaskState | null;
  readonly task: number | null;
}

/** The step and what lies around it, innermost first. */
function withGroups(steps: ReadonlyMap<StepPath, Step>, path: StepPath): Step[] {
  const found: Step[] = [];
  for (let step = steps.get(path); step; step = step.parent === null ? undefined : steps.get(step.parent)) {
    found.push(step);
  }
  return found;
}

/**
 * What has to end before the task at `path`, or the group it lies in, can go on. Where the run's page was not given
 * every task, one that is not among them says nothing.
 */
export function awaitedBy(
  run: Pick<RunView, "tasks" | "tasksLeftOut">,
  graph: PipelineGraph,
  { path, stepPath }: { readonly path: string; readonly stepPath: StepPath },
): Awaited[] {
  const steps = new Map(graph.steps.map((step) => [step.path, step]));
  const tasks = new Map(run.tasks.map((task) => [task.step, task]));
  const before = withGroups(steps, stepPath).flatMap((step) => step.dependsOn);
  return [...new Set(before)].flatMap((dependency): Awaited[] => {
    const at = instancePath(dependency, path);
    const task = tasks.get(at);
    if (task === undefined && run.tasksLeftOut > 0) return [];
    if (task !== undefined && isTaskOver(task.state)) return [];
    const name = task?.name ?? steps.get(dependency)?.name ?? dependency;
    return [{ path: at, name, state: task?.state ?? null, task: task?.id ?? null }];
  });
}

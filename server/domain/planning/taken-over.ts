/** A run that begins at a step of an earlier one: what runs again, what is taken over, and what stands in the way. */
import { GROUP_KINDS, type Step, type StepPath } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import type { GraphIndex } from "./graph-index";
import { ancestorsOf, dependantsOf } from "./neighbours";

/** What the earlier run says of a step. */
export interface EarlierTask {
  readonly state: TaskState;
  readonly reason: Reason | null;
}

/** Why a step runs again; `step` is the one it follows from. */
export interface AgainCause {
  readonly because: "start" | "inside" | "after" | "around" | "no-result";
  readonly step: StepPath;
}

export interface FromPlan {
  /** The step to begin with: the one asked for, or the outermost loop around it. */
  readonly start: StepPath;
  readonly again: ReadonlyMap<StepPath, AgainCause>;
  /** Steps whose results are taken over; one that is a group holds for everything inside. */
  readonly takenOver: ReadonlySet<StepPath>;
  /** Taken-over steps that steps which run again read or wait for. */
  readonly needed: ReadonlySet<StepPath>;
  /** Ancestors of the start that have no result to take over. */
  readonly unusable: readonly StepPath[];
}

/** Whether a step's end can stand for the same step of another run. Omitted counts when a condition was the cause. */
export function hasResult(task: EarlierTask | undefined): boolean {
  if (task === undefined) return false;
  if (task.state === "omitted") return task.reason?.code === "upstream-skipped";
  return task.state === "succeeded" || task.state === "cached" || task.state === "skipped";
}

/** States in which a group that was taken over, or left out with that, has its task: what it holds has none. */
const COMES_AS_ONE: ReadonlySet<TaskState> = new Set(["cached", "skipped", "omitted"]);

/** Whether every step that gets its task when a run begins has it, but for those in a group that came as one. */
export function hasAllTasks(
  index: GraphIndex,
  tasks: readonly { readonly path: string; readonly state: TaskState }[],
): boolean {
  if (tasks.length >= index.initial.length) return true;
  const states = new Map(tasks.map((task) => [task.path, task.state]));
  const isThere = (path: StepPath | null): boolean => {
    if (path === null) return false;
    const state = states.get(path);
    return state === undefined ? isThere(index.steps.get(path)?.parent ?? null) : COMES_AS_ONE.has(state);
  };
  return index.initial.every((step) => states.has(step.path) || isThere(step.parent));
}

function outermostLoop(index: GraphIndex, path: StepPath): StepPath {
  let found = path;
  for (let at = index.steps.get(path); at !== undefined; at = index.steps.get(at.parent ?? "")) {
    if (at.loop !== undefined) found = at.path;
  }
  return found;
}

/**
 * Plans a run from a step on. The step runs with all that depends on it, at its own level and around it; so does what
 * has no result in the earlier run, unless the step depends on it. Everything else is taken over.
 */
export function stepsFrom(
  index: GraphIndex,
  step: StepPath,
  earlier: (path: StepPath) => EarlierTask | undefined,
): FromPlan {
  const dependants = dependantsOf(index);
  const start = outermostLoop(index, step);
  const again = new Map<StepPath, AgainCause>();
  const whole = new Set<StepPath>();

  const runAgain = (from: StepPath, because: AgainCause["because"]): void => {
    const agenda = [{ path: from, cause: { because, step: from }, isWhole: true }];
    for (let next = agenda.pop(); next !== undefined; next = agenda.pop()) {
      const { path, cause, isWhole } = next;
      const isKnown = again.has(path);
      if (whole.has(path) || (isKnown && !isWhole)) continue;
      if (!isKnown || cause.because !== "inside") again.set(path, cause);
      if (isWhole) {
        whole.add(path);
        for (const { path: child } of index.children.get(path) ?? [])
          agenda.push({ path: child, cause: { because: "inside", step: path }, isWhole });
      }
      for (const { path: after } of dependants.get(path) ?? [])
        agenda.push({ path: after, cause: { because: "after", step: path }, isWhole: true });
      const parent = index.steps.get(path)?.parent ?? null;
      if (parent !== null) agenda.push({ path: parent, cause: { because: "around", step: path }, isWhole: false });
    }
  };

  runAgain(start, "start");
  const isFrame = (one: Step | undefined): boolean =>
    index.graph.format === "elyra" && one !== undefined && GROUP_KINDS.has(one.kind);
  /** Steps that stand for themselves here: what lies in a group that comes as a whole does not, nor do drawn frames. */
  const isJudged = (one: Step): boolean => {
    if (again.has(one.path) || isFrame(one)) return false;
    return one.parent === null || again.has(one.parent) || isFrame(index.steps.get(one.parent));
  };

  const inside = [...again.keys()].filter((path) => path === start || path.startsWith(`${start}/`));
  const ancestors = ancestorsOf(index, inside);
  const unusable = new Set<StepPath>();
  for (const one of index.graph.steps) {
    if (!isJudged(one) || hasResult(earlier(one.path))) continue;
    if (ancestors.has(one.path)) unusable.add(one.path);
    else runAgain(one.path, "no-result");
  }
  const judged = index.graph.steps.filter((one) => isJudged(one) && !unusable.has(one.path));
  const takenOver = new Set(judged.map((one) => one.path));
  const needed = new Set<StepPath>();
  for (const path of again.keys()) {
    for (const dependency of index.steps.get(path)?.dependsOn ?? []) {
      if (takenOver.has(dependency)) needed.add(dependency);
    }
  }
  return { start, again, takenOver, needed, unusable: [...unusable] };
}

/** What stands around steps and tasks: what waits for them, and what comes before them. */
import type { Step, StepPath } from "@/pipelines/graph";
import { listsByKey } from "@/server/domain/lists-by-key";
import type { GraphIndex } from "./graph-index";
import { instancePath } from "./instance-path";
import type { PlannedTask, RunPlan } from "./run-plan";

/** Steps by each step that they wait for. */
export const dependantsOf = ({ graph }: GraphIndex): ReadonlyMap<StepPath, readonly Step[]> =>
  listsByKey(graph.steps.flatMap((step) => step.dependsOn.map((path) => [path, step] as const)));

/** What these steps wait for, at every level up to the root; a group that is waited for stands for what it holds. */
export function ancestorsOf(index: GraphIndex, steps: Iterable<StepPath>): ReadonlySet<StepPath> {
  const found = new Set<StepPath>();
  const agenda = [...steps];
  const seen = new Set<StepPath>();
  for (let path = agenda.pop(); path !== undefined; path = agenda.pop()) {
    const step = index.steps.get(path);
    if (step === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const dependency of step.dependsOn) found.add(dependency);
    agenda.push(...step.dependsOn, ...(step.parent === null ? [] : [step.parent]));
  }
  return found;
}

/** The leaf tasks that come before a task, in the order of their ends: of two files of one name the later one's counts. */
export function leavesBefore(plan: RunPlan, task: PlannedTask): PlannedTask[] {
  const before = [...ancestorsOf(plan.index, [task.step.path])].flatMap((path) => {
    const found = plan.byPath.get(instancePath(path, task.path));
    return found?.role === "leaf" ? [found] : [];
  });
  return before.sort((a, b) => (a.finishedAtMs ?? 0) - (b.finishedAtMs ?? 0) || a.key - b.key);
}

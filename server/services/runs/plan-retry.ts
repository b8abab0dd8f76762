/** What a retry of a run would do with each of its steps, and why it cannot be done. */
import { type EarlierRun, endedTasks, findEarlierRun } from "@/db/queries/earlier-runs";
import type { PipelineGraph, Problem, Step, StepPath } from "@/pipelines/graph";
import { assertNever } from "@/server/domain/assert-never";
import { listsByKey } from "@/server/domain/lists-by-key";
import { type GraphIndex, indexGraph } from "@/server/domain/planning/graph-index";
import { type EndedTask, type ReopenCause, type Reopening, tasksToReopen } from "@/server/domain/planning/reopen";
import { ProblemError } from "@/server/domain/problem-error";
import { isRunOver, type TaskState } from "@/server/domain/states";
import type { RunPlanView, StepPlanView } from "@/server/domain/views/run-plan";
import type { Context } from "../context";
import { refusal } from "./refusal";
import { goneResults, goneWorkspace, isReadBy } from "./results-left";
import { startable } from "./startable";

/** A run that was not deleted. Throws `not-found`. */
export function earlierRun(context: Context, id: string): EarlierRun {
  const run = findEarlierRun(context.db, id);
  if (run === undefined) throw new ProblemError("not-found", `Run ${id} not found. It may have been deleted.`);
  return run;
}

/** The graph of an earlier run's version. */
const graphOf = (context: Context, run: EarlierRun): PipelineGraph =>
  startable(context, { key: run.versionKey, digest: run.versionDigest }).graph;

/** Why the state of a run forbids a retry. */
function stateRefusals({ state, archivedAt }: EarlierRun): Problem[] {
  const refused = (rule: string, message: string): Problem[] => [refusal("run", rule, message)];
  if (!isRunOver(state))
    return refused("not-over", `The run is ${state}. Wait for its end or terminate it, then retry it.`);
  if (state === "succeeded")
    return refused("succeeded", "The run succeeded, so there is nothing to retry. Clone it to run everything again.");
  if (archivedAt !== null) return refused("archived", "The run is archived. Restore it, then retry it.");
  return [];
}

const KEPT: { readonly [state in TaskState]: string } = {
  succeeded: "It succeeded; its result is kept.",
  cached: "It has reused a result, which is kept.",
  skipped: "Its condition was false; that stays so.",
  omitted: "It was left out because of a condition; that stays so.",
  failed: "It failed.",
  canceled: "It was canceled.",
  pending: "It has not begun.",
  queued: "It has not begun.",
  running: "It is running.",
  canceling: "It is ending.",
};

function whyAgain({ because, path }: ReopenCause, nameOf: (path: string) => string): string {
  switch (because) {
    case "failed":
      return "It failed.";
    case "canceled":
      return "It was canceled.";
    case "omitted":
      return "It did not run.";
    case "inside":
      return `It lies in "${nameOf(path)}", which runs again.`;
    case "after":
      return `It comes after "${nameOf(path)}", which runs again.`;
    case "around":
      return `"${nameOf(path)}" inside it runs again.`;
    default:
      return assertNever(because);
  }
}

interface Ended {
  readonly index: GraphIndex;
  readonly byStep: ReadonlyMap<StepPath, readonly EndedTask[]>;
  readonly reopening: Reopening;
  /** Name of a task's step, by the task's path. */
  readonly nameOf: (taskPath: string) => string;
}

type Fate = Pick<StepPlanView, "does" | "why">;

/** What becomes of a step that has no task: as of the group around it that has one. */
function fateInside(step: Step, ended: Ended): Fate {
  const around = step.parent === null ? undefined : ended.index.steps.get(step.parent);
  if (around === undefined) return { does: "leave-out", why: "It is no part of this run." };
  if (!ended.byStep.has(around.path)) return fateInside(around, ended);
  const { does } = fateOf(around, ended);
  if (does === "run") return { does, why: `It lies in "${around.name}", which runs again.` };
  return { does, why: `It lies in "${around.name}", which stays as it is.` };
}

/** What a retry does with the tasks of a step. */
function fateOf(step: Step, ended: Ended): Fate {
  const tasks = ended.byStep.get(step.path) ?? [];
  const [first] = tasks;
  if (first === undefined) return fateInside(step, ended);
  const again = tasks.filter(({ key }) => ended.reopening.tasks.has(key));
  const cause = again[0] === undefined ? undefined : ended.reopening.tasks.get(again[0].key);
  if (cause === undefined) return { does: "keep", why: KEPT[first.state] };
  const isIteration = ({ path, stepPath }: EndedTask): boolean => path !== stepPath;
  const all = tasks.filter(isIteration).length;
  const some = again.filter(isIteration).length;
  const isPart = some > 0 && some < all;
  return { does: "run", why: isPart ? `${some} of ${all} iterations run again.` : whyAgain(cause, ended.nameOf) };
}

/** The plan of a retry; what stands in its way is among the refusals. Throws `not-found`. */
export async function planRetry(context: Context, id: string): Promise<RunPlanView> {
  const run = earlierRun(context, id);
  const refusals = stateRefusals(run);
  if (refusals.length > 0) return { steps: [], refusals };
  const index = indexGraph(graphOf(context, run));
  const tasks = endedTasks(context.db, run.key);
  const reopening = tasksToReopen(tasks, index);
  const nameOf = (stepPath: StepPath): string => index.steps.get(stepPath)?.name ?? stepPath;
  const stepOf = new Map(tasks.map((task) => [task.path, task.stepPath]));
  const ended: Ended = {
    index,
    byStep: listsByKey(tasks.map((task) => [task.stepPath, task] as const)),
    reopening,
    nameOf: (path) => nameOf(stepOf.get(path) ?? path),
  };
  const isRead = isReadBy(
    index,
    run,
    (path) => ended.byStep.get(path)?.some(({ key }) => reopening.tasks.has(key)) ?? false,
  );
  const needed = tasks
    .filter((task) => reopening.needed.has(task.key) || (!reopening.tasks.has(task.key) && isRead(task.stepPath)))
    .map((task) => ({ ...task, name: nameOf(task.stepPath) }));
  return {
    steps: index.graph.steps.map((step) => ({
      step: step.path,
      name: step.name,
      kind: step.kind,
      source: null,
      ...fateOf(step, ended),
    })),
    refusals: [
      ...(tasks.length > 0 ? goneWorkspace(context, run) : []),
      ...(await goneResults(context, needed, "Start a new run.")),
    ],
  };
}

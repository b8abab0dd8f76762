/** What a run up to a step, or from a step of another run, does with each step, and why it cannot be done. */
import { type EarlierRun, endedTasks } from "@/db/queries/earlier-runs";
import { startQueries } from "@/db/queries/run-start";
import type { PipelineGraph, Problem, Step, StepPath } from "@/pipelines/graph";
import { assertNever } from "@/server/domain/assert-never";
import type { PlanRunInput } from "@/server/domain/inputs/runs";
import { stepsUpTo } from "@/server/domain/planning/extent";
import { type GraphIndex, indexGraph } from "@/server/domain/planning/graph-index";
import { type AgainCause, type FromPlan, stepsFrom } from "@/server/domain/planning/taken-over";
import { ProblemError } from "@/server/domain/problem-error";
import { isRunOver, type TaskState } from "@/server/domain/states";
import type { RunPlanView, StepPlanView } from "@/server/domain/views/run-plan";
import type { Context } from "../context";
import { earlierRun } from "./plan-retry";
import { refusal } from "./refusal";
import { goneResults, goneWorkspace, isReadBy } from "./results-left";
import { startable } from "./startable";

type Fate = Pick<StepPlanView, "does" | "why" | "source">;
type Task = ReturnType<typeof endedTasks>[number];

function noSuchStep(index: GraphIndex, place: string, path: StepPath): Problem[] {
  if (index.steps.has(path)) return [];
  return [refusal(place, "no-such-step", `This version has no step ${path}. Choose one of its graph.`)];
}

const view = (graph: PipelineGraph, fateOf: (step: Step) => Fate): StepPlanView[] =>
  graph.steps.map((step) => ({ step: step.path, name: step.name, kind: step.kind, ...fateOf(step) }));

/** The plan of a run that ends at a step. */
export function planUpTo(graph: PipelineGraph, upTo: StepPath): RunPlanView {
  const index = indexGraph(graph);
  const refusals = noSuchStep(index, "upTo", upTo);
  if (refusals.length > 0) return { steps: [], refusals };
  const kept = stepsUpTo(index, upTo);
  const last = index.steps.get(upTo)?.name ?? upTo;
  const whyRuns = (path: StepPath): string => (path === upTo ? "The run goes as far as this." : `"${last}" needs it.`);
  const steps = view(graph, ({ path }) =>
    kept.has(path)
      ? { does: "run", why: whyRuns(path), source: null }
      : { does: "leave-out", why: `"${last}" does not need it.`, source: null },
  );
  return { steps, refusals };
}

function whyAgain({ because }: AgainCause, name: string): string {
  switch (because) {
    case "start":
      return "The run begins here.";
    case "inside":
      return `It lies in "${name}", which runs again.`;
    case "after":
      return `It comes after "${name}", which runs again.`;
    case "around":
      return `"${name}" inside it runs again.`;
    case "no-result":
      return "It has no result in that run.";
    default:
      return assertNever(because);
  }
}

const WITHOUT_RESULT: { readonly [state in TaskState]?: string } = {
  failed: "failed",
  canceled: "was canceled",
  omitted: "was left out",
};

/** Why an ancestor of the start has nothing to take over. */
function unusable(step: Step, task: Task | undefined, around: Task | undefined, start: string): Problem {
  const what = (task && WITHOUT_RESULT[task.state]) ?? "did not run";
  const message =
    task === undefined && around?.state === "cached"
      ? `"${start}" needs step "${step.name}", which that run has taken over with the group around it. Begin with the group, or continue the run that it was taken from.`
      : `"${start}" needs step "${step.name}", which ${what} in that run. Begin with that step, or retry that run.`;
  return { ...refusal(step.path, "no-result", message), step: step.path };
}

interface From {
  readonly index: GraphIndex;
  readonly run: EarlierRun;
  readonly plan: FromPlan;
  readonly tasks: ReadonlyMap<StepPath, Task>;
}

/** The step or the nearest group around it whose result is taken over. */
function takenFrom({ index, plan }: From, step: Step): StepPath | null {
  for (let at: Step | undefined = step; at !== undefined; at = index.steps.get(at.parent ?? "")) {
    if (plan.takenOver.has(at.path)) return at.path;
  }
  return null;
}

function fateFrom(from: From, step: Step): Fate {
  const { index, run, plan, tasks } = from;
  const cause = plan.again.get(step.path);
  if (cause !== undefined) {
    return { does: "run", why: whyAgain(cause, index.steps.get(cause.step)?.name ?? cause.step), source: null };
  }
  const taken = takenFrom(from, step);
  if (taken === null) {
    const isUnusable = plan.unusable.includes(step.path);
    const why = isUnusable ? "It has no result in that run." : "Steps inside it are taken over.";
    return { does: isUnusable ? "unknown" : "reuse", why, source: null };
  }
  const task = tasks.get(step.path) ?? tasks.get(taken);
  const stays = task?.state === "skipped" || task?.state === "omitted";
  const why = stays ? `It did not run in "${run.name}"; that stays so.` : `Its result in "${run.name}" is taken over.`;
  const source = task === undefined ? null : { runId: run.id, runName: run.name, task: task.key };
  return { does: "reuse", why, source };
}

/** Why nothing of that run can be taken over by a run of this version. */
function runRefusals(run: EarlierRun, versionKey: number): Problem[] {
  if (run.versionKey !== versionKey) {
    const message = `Run "${run.name}" is of version ${run.versionNumber}, and results go only from run to run of the same version. Start a new run.`;
    return [refusal("from.runId", "other-version", message)];
  }
  if (isRunOver(run.state)) return [];
  const message = `Run "${run.name}" is ${run.state}. Wait for its end or terminate it first.`;
  return [refusal("from.runId", "not-over", message)];
}

/** The plan of a run from a step of another one on; what stands in its way is among the refusals. */
export async function planFrom(
  context: Context,
  graph: PipelineGraph,
  versionKey: number,
  run: EarlierRun,
  step: StepPath,
): Promise<RunPlanView> {
  const index = indexGraph(graph);
  const first = [...noSuchStep(index, "from.step", step), ...runRefusals(run, versionKey)];
  if (first.length > 0) return { steps: [], refusals: first };
  const tasks = new Map(
    endedTasks(context.db, run.key)
      .filter((task) => task.path === task.stepPath)
      .map((task) => [task.stepPath, task]),
  );
  const plan = stepsFrom(index, step, (path) => tasks.get(path));
  const named = (path: StepPath): string => index.steps.get(path)?.name ?? path;
  const isRead = isReadBy(index, run, (path) => plan.again.has(path));
  const read = [...plan.takenOver].filter((path) => plan.needed.has(path) || isRead(path));
  const needed = read.flatMap((path) => {
    const task = tasks.get(path);
    return task === undefined ? [] : [{ key: task.key, stepPath: path, name: named(path) }];
  });
  const refusals = [
    ...plan.unusable.flatMap((path) => {
      const at = index.steps.get(path);
      return at === undefined ? [] : [unusable(at, tasks.get(path), tasks.get(at.parent ?? ""), named(plan.start))];
    }),
    ...(plan.takenOver.size > 0 ? goneWorkspace(context, run) : []),
    ...(await goneResults(context, needed, "Begin with that step.")),
  ];
  return { steps: view(graph, (one) => fateFrom({ index, run, plan, tasks }, one)), refusals };
}

/** Says what a run would do with each step. Throws `not-found`, and `invalid` when both ends of a run are given. */
export async function planRun(context: Context, { versionId, upTo, from }: PlanRunInput): Promise<RunPlanView> {
  const version = startQueries(context.db).version(versionId);
  if (version === undefined) throw new ProblemError("not-found", `Version ${versionId} not found.`);
  const { graph } = startable(context, version);
  if (upTo !== undefined && from !== undefined) throw bothEnds();
  if (upTo !== undefined) return planUpTo(graph, upTo);
  if (from !== undefined) return planFrom(context, graph, version.key, earlierRun(context, from.runId), from.step);
  return { steps: view(graph, () => ({ does: "run", why: "Every step runs.", source: null })), refusals: [] };
}

/** A run has one beginning or one end of its own, not both. */
export const bothEnds = (): ProblemError =>
  new ProblemError("invalid", "Choose either a step to begin with or a step to end with, not both.");

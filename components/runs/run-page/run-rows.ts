/** The steps of a run as rows of a tree: every task, and every step that has none yet, in a stable reading order. */
import type { PipelineGraph, Step, StepKind, StepPath } from "@/pipelines/graph";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import type { IsoTime } from "@/server/domain/views/shared";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { isLoop, iterationsByLoop, type RunTasks, sumOf } from "../run-tasks";
import { iterationText } from "./iteration-path";

export interface RunRow {
  readonly key: string;
  /** Null for a step that the run has not reached. */
  readonly task: number | null;
  /** Path of the task, with `[n]` for iterations; of the step while it has none. */
  readonly path: string;
  readonly stepPath: StepPath;
  readonly name: string;
  readonly kind: StepKind;
  /** Whether it holds other tasks and runs nothing itself. */
  readonly isGroup: boolean;
  readonly depth: number;
  readonly state: TaskState | null;
  readonly reason: Reason | null;
  /** Which iteration of its loop it is; null for anything else. */
  readonly iteration: number | null;
  /** For a loop that was reached: how many iterations it has. */
  readonly iterationCount: number | null;
  /** `iterations`: this row stands for those of a loop that have no row of their own. */
  readonly standsFor: "task" | "iterations";
  readonly queuedAt: IsoTime | null;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly attempt: number;
}

interface Entry {
  readonly row: Omit<RunRow, "depth">;
  readonly place: number;
}

type Steps = ReadonlyMap<StepPath, Step>;

/** An iteration of a step that holds no others is the run of that step itself. */
function holdsTasks(task: Pick<TaskSummary, "kind" | "iteration" | "stepPath">, steps: Steps): boolean {
  if (task.iteration !== null) return steps.get(task.stepPath)?.body.body === "group";
  return GROUP_KINDS.has(task.kind);
}

const taskName = (task: TaskSummary): string =>
  task.iteration === null ? task.name : `${task.name} ${iterationText(task.step)}`;

/** The row of a task. */
export const taskRow = (task: TaskSummary, steps: Steps): Omit<RunRow, "depth"> => ({
  key: `t${task.id}`,
  task: task.id,
  path: task.step,
  stepPath: task.stepPath,
  name: taskName(task),
  kind: task.iteration === null ? task.kind : (steps.get(task.stepPath)?.kind ?? task.kind),
  isGroup: holdsTasks(task, steps),
  state: task.state,
  reason: task.reason,
  iteration: task.iteration,
  iterationCount: task.iterationCount,
  standsFor: "task",
  queuedAt: task.queuedAt,
  startedAt: task.startedAt,
  finishedAt: task.finishedAt,
  attempt: task.attempt,
});

/** Steps by path. */
export const stepsByPath = (graph: Pick<PipelineGraph, "steps">): Steps =>
  new Map(graph.steps.map((step) => [step.path, step]));

/** What began earlier stands higher; what has not begun follows in the order of the pipeline. Iterations stay in theirs. */
function inReadingOrder(a: Entry, b: Entry): number {
  if (a.row.iteration !== null && b.row.iteration !== null) return a.row.iteration - b.row.iteration;
  const [x, y] = [a.row.startedAt ?? "~", b.row.startedAt ?? "~"];
  return x < y ? -1 : x > y ? 1 : a.place - b.place;
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Places in the pipeline's own order: a step after everything it depends on (Kahn's order). */
function stepPlaces(graph: Pick<PipelineGraph, "steps">): ReadonlyMap<StepPath, number> {
  const waiting = new Map(graph.steps.map((step) => [step.path, step.dependsOn.length]));
  const followers = new Map<StepPath, StepPath[]>();
  for (const step of graph.steps) {
    for (const before of step.dependsOn) push(followers, before, step.path);
  }
  const order = graph.steps.filter((step) => step.dependsOn.length === 0).map((step) => step.path);
  for (let at = 0; at < order.length; at += 1) {
    for (const path of followers.get(order[at] ?? "") ?? []) {
      const left = (waiting.get(path) ?? 0) - 1;
      waiting.set(path, left);
      if (left === 0) order.push(path);
    }
  }
  return new Map(order.map((path, place) => [path, place]));
}

const NOTHING_YET = {
  task: null,
  state: null,
  reason: null,
  iteration: null,
  iterationCount: null,
  queuedAt: null,
  startedAt: null,
  finishedAt: null,
  attempt: 0,
} as const;

const unreached = (step: Step): Entry["row"] => ({
  ...NOTHING_YET,
  key: `s${step.path}`,
  path: step.path,
  stepPath: step.path,
  name: step.name,
  kind: step.kind,
  isGroup: GROUP_KINDS.has(step.kind),
  standsFor: "task",
});

/** The row of a place in an iteration that has no task: `path` is a task's, with `[n]` in it. Null for an unknown step. */
export function unreachedRow(path: string, graph: Pick<PipelineGraph, "steps">): RunRow | null {
  const stepPath = path
    .split("/")
    .filter((segment) => !segment.startsWith("["))
    .join("/");
  const step = graph.steps.find((each) => each.path === stepPath);
  return step === undefined ? null : { ...unreached(step), key: `s${path}`, path, depth: 0 };
}

/** The row that stands for the iterations of a loop which are not among the tasks; null when there are none. */
function furtherIterations(loop: TaskSummary, given: number, made: number): Entry["row"] | null {
  const further = made - given;
  if (further <= 0) return null;
  return {
    ...NOTHING_YET,
    key: `m${loop.id}`,
    task: loop.id,
    path: loop.step,
    stepPath: loop.stepPath,
    kind: "loop",
    name: `${further.toLocaleString("en")} more ${further === 1 ? "iteration" : "iterations"}`,
    isGroup: false,
    standsFor: "iterations",
  };
}

/** All rows, parents before their children. */
export function runRows(graph: Pick<PipelineGraph, "steps">, run: RunTasks): readonly RunRow[] {
  const places = stepPlaces(graph);
  const steps = stepsByPath(graph);
  const ids = new Set(run.tasks.map((task) => task.id));
  const children = new Map<string, Entry[]>();
  const add = (parent: string, row: Entry["row"]) =>
    push(children, parent, { row, place: places.get(row.stepPath) ?? places.size });
  const firstTask = new Map<StepPath, number>();
  for (const task of run.tasks) {
    if (!firstTask.has(task.stepPath)) firstTask.set(task.stepPath, task.id);
    add(task.parent !== null && ids.has(task.parent) ? `t${task.parent}` : "", taskRow(task, steps));
  }
  for (const step of graph.steps) {
    if (firstTask.has(step.path)) continue;
    const holder = step.parent === null ? undefined : firstTask.get(step.parent);
    const parent = step.parent === null ? "" : holder === undefined ? `s${step.parent}` : `t${holder}`;
    add(parent, unreached(step));
  }
  const iterations = iterationsByLoop(run);
  const further = new Map<string, Entry["row"]>();
  for (const task of run.tasksLeftOut === 0 ? [] : run.tasks.filter(isLoop)) {
    const given = (children.get(`t${task.id}`) ?? []).filter(({ row }) => row.iteration !== null).length;
    const row = furtherIterations(task, given, sumOf(iterations.get(task.id) ?? {}));
    if (row !== null) further.set(`t${task.id}`, row);
  }
  const rows: RunRow[] = [];
  const unfold = (parent: string, depth: number): void => {
    for (const { row } of (children.get(parent) ?? []).sort(inReadingOrder)) {
      rows.push({ ...row, depth });
      unfold(row.key, depth + 1);
    }
    const rest = further.get(parent);
    if (rest !== undefined) rows.push({ ...rest, depth });
  };
  unfold("", 0);
  return rows;
}

/** Rows without what lies in folded ones. */
export function unfoldedRows(rows: readonly RunRow[], isFolded: (row: RunRow) => boolean): readonly RunRow[] {
  const shown: RunRow[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = isFolded(row) ? row.depth : Number.POSITIVE_INFINITY;
    shown.push(row);
  }
  return shown;
}

/** The steps of a run as rows of a tree: every task, and every step that has none yet, in a stable reading order. */
import type { PipelineGraph, StepKind, StepPath } from "@/pipelines/graph";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import type { IsoTime, TaskSummary } from "@/server/domain/views";

export interface RunRow {
  readonly key: string;
  /** Null for a step that the run has not reached. */
  readonly task: number | null;
  readonly stepPath: StepPath;
  readonly name: string;
  readonly kind: StepKind;
  readonly isGroup: boolean;
  readonly depth: number;
  readonly state: TaskState | null;
  readonly reason: Reason | null;
  readonly queuedAt: IsoTime | null;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly attempt: number;
}

interface Entry {
  readonly row: Omit<RunRow, "depth">;
  readonly place: number;
}

const taskName = (task: TaskSummary): string =>
  task.iteration === null ? task.name : `${task.name} [${task.iteration}]`;

const ofTask = (task: TaskSummary): Omit<RunRow, "depth"> => ({
  key: `t${task.id}`,
  task: task.id,
  stepPath: task.stepPath,
  name: taskName(task),
  kind: task.kind,
  isGroup: GROUP_KINDS.has(task.kind),
  state: task.state,
  reason: task.reason,
  queuedAt: task.queuedAt,
  startedAt: task.startedAt,
  finishedAt: task.finishedAt,
  attempt: task.attempt,
});

/** What began earlier stands higher; what has not begun follows in the order of the pipeline. */
function byBeginning(a: Entry, b: Entry): number {
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

/** All rows, parents before their children. */
export function runRows(graph: Pick<PipelineGraph, "steps">, tasks: readonly TaskSummary[]): readonly RunRow[] {
  const places = stepPlaces(graph);
  const ids = new Set(tasks.map((task) => task.id));
  const children = new Map<string, Entry[]>();
  const add = (parent: string, row: Entry["row"]) =>
    push(children, parent, { row, place: places.get(row.stepPath) ?? places.size });
  const firstTask = new Map<StepPath, number>();
  for (const task of tasks) {
    if (!firstTask.has(task.stepPath)) firstTask.set(task.stepPath, task.id);
    add(task.parent !== null && ids.has(task.parent) ? `t${task.parent}` : "", ofTask(task));
  }
  for (const step of graph.steps) {
    if (firstTask.has(step.path)) continue;
    const holder = step.parent === null ? undefined : firstTask.get(step.parent);
    const parent = step.parent === null ? "" : holder === undefined ? `s${step.parent}` : `t${holder}`;
    add(parent, {
      key: `s${step.path}`,
      task: null,
      stepPath: step.path,
      name: step.name,
      kind: step.kind,
      isGroup: GROUP_KINDS.has(step.kind),
      state: null,
      reason: null,
      queuedAt: null,
      startedAt: null,
      finishedAt: null,
      attempt: 0,
    });
  }
  const rows: RunRow[] = [];
  const unfold = (parent: string, depth: number): void => {
    for (const { row } of (children.get(parent) ?? []).sort(byBeginning)) {
      rows.push({ ...row, depth });
      unfold(row.key, depth + 1);
    }
  };
  unfold("", 0);
  return rows;
}

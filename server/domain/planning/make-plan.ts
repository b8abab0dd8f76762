/** Makes the plan of a run from its rows, and adds to it the tasks that loops make later. */
import { isTaskOver } from "@/server/domain/states";
import type { GraphIndex } from "./graph-index";
import { instancePath } from "./instance-path";
import { affect, forget, gateReason, isForgettable } from "./plan-moves";
import { type Ending, emptyTally, type OverState } from "./rules";
import type { PlannedTask, RunPlan, TaskRow } from "./run-plan";

/** Leaves have no children; ten thousand of them share what would count these. */
const NO_TALLY = emptyTally();
const NO_CHILDREN: Set<PlannedTask> = new Set();
const NO_TASKS: PlannedTask[] = [];

function asPlanned(index: GraphIndex, row: TaskRow, parent: PlannedTask | null): PlannedTask {
  const step = index.steps.get(row.stepPath);
  if (step === undefined) throw new Error(`task ${row.path} belongs to no step of its version`);
  const role = index.role(step, row.iteration);
  const isLeaf = role === "leaf";
  return {
    key: row.key,
    path: row.path,
    step,
    role,
    iteration: row.iteration,
    parent,
    children: isLeaf ? NO_CHILDREN : new Set(),
    dependants: [],
    state: row.state,
    reason: row.reason,
    attempt: row.attempt,
    retryBase: row.retryBase,
    retrySinceMs: row.retrySinceMs,
    finishedAtMs: row.finishedAtMs,
    waiting: 0,
    blocked: null,
    hasBegun: row.attempt > row.retryBase || row.startedAtMs !== null,
    openChildren: 0,
    activeChildren: 0,
    tally: isLeaf ? NO_TALLY : emptyTally(),
    firstFailure: null,
    iterationCount: row.iterationCount,
    iterationsMade: 0,
    held: role === "loop" ? [] : NO_TASKS,
  };
}

/** Makes the plan of a run from its rows, in the order in which they were made; every open task is on the agenda. */
export function planRun(index: GraphIndex, rows: readonly TaskRow[], ending: Ending | null): RunPlan {
  const plan: RunPlan = {
    index,
    byPath: new Map(),
    byKey: new Map(),
    agenda: [],
    agendaAt: 0,
    open: 0,
    failed: 0,
    counts: {},
    ending,
  };
  addTasks(plan, rows);
  for (const row of inOrderOfEnd(rows)) {
    const child = plan.byKey.get(row.key);
    if (child?.parent) child.parent.firstFailure ??= child;
  }
  for (const task of [...plan.byKey.values()]) if (isForgettable(task)) forget(plan, task);
  return plan;
}

/** Adds the tasks of new rows, parents before children, to a plan; those that are open go on the agenda. */
export function addTasks(plan: RunPlan, rows: readonly TaskRow[]): void {
  const added: PlannedTask[] = [];
  for (const row of rows) {
    const parent = row.parentKey === null ? null : (plan.byKey.get(row.parentKey) ?? null);
    const task = asPlanned(plan.index, row, parent);
    added.push(task);
    plan.byPath.set(task.path, task);
    plan.byKey.set(task.key, task);
    parent?.children.add(task);
    if (parent?.role === "loop") parent.iterationsMade = Math.max(parent.iterationsMade, (task.iteration ?? 0) + 1);
    if (task.role === "leaf") plan.counts[task.state] = (plan.counts[task.state] ?? 0) + 1;
    if (task.state === "failed") plan.failed += 1;
    if (isTaskOver(task.state)) continue;
    plan.open += 1;
    plan.agenda.push(task);
  }
  // Children first, so that a group knows whether anything inside it has begun before its own group asks.
  for (const task of added.reverse()) link(plan.byPath, task);
}

const inOrderOfEnd = (rows: readonly TaskRow[]): TaskRow[] =>
  rows
    .filter((row) => row.state === "failed" && row.parentKey !== null)
    .sort((a, b) => (a.finishedAtMs ?? 0) - (b.finishedAtMs ?? 0));

function link(byPath: ReadonlyMap<string, PlannedTask>, task: PlannedTask): void {
  const { parent } = task;
  if (parent !== null) {
    if (isTaskOver(task.state)) parent.tally[task.state as OverState] += 1;
    else {
      parent.openChildren += 1;
      if (task.state !== "pending") parent.activeChildren += 1;
    }
    if (task.hasBegun) parent.hasBegun = true;
  }
  if (task.state !== "pending") return;
  if (parent !== null && parent.role !== "frame") {
    if (parent.state === "pending") task.waiting += 1;
    else if (isTaskOver(parent.state)) task.blocked = gateReason(parent);
  }
  if (task.iteration !== null) return;
  for (const step of task.step.dependsOn) {
    const dependency = byPath.get(instancePath(step, task.path));
    if (dependency === undefined) continue;
    if (isTaskOver(dependency.state)) affect(dependency, task);
    else {
      task.waiting += 1;
      dependency.dependants.push(task);
    }
  }
}

/** A run in memory: its tasks with what each still waits for. A cache of rows; a move costs what its step has neighbours. */
import type { Step } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import { isTaskOver, TASK_MOVES, type TaskState } from "@/server/domain/states";
import type { TaskCounts } from "@/server/domain/views";
import type { GraphIndex, Role } from "./graph-index";
import { instancePath } from "./instance-path";
import { stepFailed, upstreamReason } from "./reasons";
import { DEPENDENCY_EFFECT, emptyTally, type OverState, type Tally } from "./rules";

/** What a plan is made from: the stored part of a task. */
export interface TaskRow {
  readonly key: number;
  readonly path: string;
  readonly stepPath: string;
  readonly parentKey: number | null;
  readonly state: TaskState;
  readonly reason: Reason | null;
  readonly attempt: number;
  readonly finishedAtMs: number | null;
}

export interface PlannedTask {
  readonly key: number;
  readonly path: string;
  readonly step: Step;
  readonly role: Role;
  readonly parent: PlannedTask | null;
  readonly children: PlannedTask[];
  readonly dependants: PlannedTask[];
  state: TaskState;
  reason: Reason | null;
  /** Number of its newest attempt. */
  attempt: number;
  /** How many dependencies are open, plus one while the gate around it is closed. */
  waiting: number;
  /** Why it can never run, once that is known. */
  blocked: Reason | null;
  openChildren: number;
  readonly tally: Tally;
  /** The child of a group that failed first. */
  firstFailure: PlannedTask | null;
  hasStartedChild: boolean;
}

export interface RunPlan {
  readonly index: GraphIndex;
  readonly byPath: ReadonlyMap<string, PlannedTask>;
  readonly byKey: ReadonlyMap<number, PlannedTask>;
  /** Tasks to look at again, oldest first; looking at one for nothing is harmless. */
  readonly agenda: PlannedTask[];
  agendaAt: number;
  open: number;
  failed: number;
  /** States of the leaf tasks, as the run's row counts them. */
  readonly counts: { [state in TaskState]?: number };
  isCanceling: boolean;
}

/** Leaves have no children to count; ten thousand of them share one tally. */
const NO_TALLY = emptyTally();

function asPlanned(index: GraphIndex, row: TaskRow, parent: PlannedTask | null): PlannedTask {
  const step = index.steps.get(row.stepPath);
  if (step === undefined) throw new Error(`task ${row.path} belongs to no step of its version`);
  const role = index.role(step);
  return {
    key: row.key,
    path: row.path,
    step,
    role,
    parent,
    children: [],
    dependants: [],
    state: row.state,
    reason: row.reason,
    attempt: row.attempt,
    waiting: 0,
    blocked: null,
    openChildren: 0,
    tally: role === "leaf" ? NO_TALLY : emptyTally(),
    firstFailure: null,
    hasStartedChild: false,
  };
}

/** Makes the plan of a run from its rows, in the order in which they were made; every open task is on the agenda. */
export function planRun(index: GraphIndex, rows: readonly TaskRow[], isCanceling: boolean): RunPlan {
  const byPath = new Map<string, PlannedTask>();
  const byKey = new Map<number, PlannedTask>();
  const plan: RunPlan = { index, byPath, byKey, agenda: [], agendaAt: 0, open: 0, failed: 0, counts: {}, isCanceling };
  for (const row of rows) {
    const parent = row.parentKey === null ? null : (byKey.get(row.parentKey) ?? null);
    const task = asPlanned(index, row, parent);
    byPath.set(task.path, task);
    byKey.set(task.key, task);
    parent?.children.push(task);
    if (task.role === "leaf") plan.counts[task.state] = (plan.counts[task.state] ?? 0) + 1;
    if (task.state === "failed") plan.failed += 1;
    if (isTaskOver(task.state)) continue;
    plan.open += 1;
    plan.agenda.push(task);
  }
  for (const row of inOrderOfEnd(rows)) {
    const child = byKey.get(row.key);
    if (child?.parent) child.parent.firstFailure ??= child;
  }
  // Children first, so that a group knows whether anything inside it has started before its own group asks.
  for (const task of [...byKey.values()].reverse()) link(byPath, task);
  return plan;
}

const inOrderOfEnd = (rows: readonly TaskRow[]): TaskRow[] =>
  rows
    .filter((row) => row.state === "failed" && row.parentKey !== null)
    .sort((a, b) => (a.finishedAtMs ?? 0) - (b.finishedAtMs ?? 0));

function link(byPath: ReadonlyMap<string, PlannedTask>, task: PlannedTask): void {
  const { parent } = task;
  if (parent !== null) {
    if (isTaskOver(task.state)) parent.tally[task.state as OverState] += 1;
    else parent.openChildren += 1;
    if (task.attempt > 0 || task.hasStartedChild) parent.hasStartedChild = true;
  }
  if (task.state !== "pending") return;
  if (parent?.role === "gate") {
    if (parent.state === "pending") task.waiting += 1;
    else if (isTaskOver(parent.state)) task.blocked = gateReason(parent);
  }
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

const asCause = (task: PlannedTask) => ({ name: task.step.name, path: task.path, reason: task.reason });

/** What the end of `dependency` means for one that depends on it. */
function affect(dependency: PlannedTask, task: PlannedTask): void {
  const state = dependency.state as OverState;
  if (DEPENDENCY_EFFECT[task.step.trigger][state] === "releases" || state === "succeeded" || state === "cached") return;
  task.blocked ??= upstreamReason(asCause(dependency), state);
}

const gateReason = (gate: PlannedTask): Reason =>
  gate.state === "omitted" && gate.reason !== null
    ? gate.reason
    : upstreamReason(asCause(gate), gate.state === "failed" ? "failed" : "canceled");

/** Words for the failure of a group. */
export const groupReason = (group: PlannedTask): Reason | null => {
  const first = group.firstFailure;
  if (first === null) return null;
  return first.role === "leaf" ? stepFailed(asCause(first)) : first.reason;
};

/**
 * Records that a task is now in another state and puts those it concerns on the agenda. Throws when the states' table
 * does not know the move. Only tasks that were looked at and are free to move come here, so a blocked one never starts.
 */
export function applyMove(plan: RunPlan, task: PlannedTask, to: TaskState, reason: Reason | null): void {
  const from = task.state;
  if (!TASK_MOVES[from].includes(to)) throw new Error(`task ${task.path} cannot go from ${from} to ${to}`);
  task.state = to;
  task.reason = reason;
  if (task.role === "leaf") recount(plan.counts, from, to);
  if (isTaskOver(to)) settle(plan, task);
  else if (to === "running") start(plan, task);
  else if (to === "canceling" && task.role !== "leaf" && task.openChildren === 0) plan.agenda.push(task);
}

function recount(counts: RunPlan["counts"], from: TaskState, to: TaskState): void {
  const left = (counts[from] ?? 0) - 1;
  if (left > 0) counts[from] = left;
  else delete counts[from];
  counts[to] = (counts[to] ?? 0) + 1;
}

function start(plan: RunPlan, task: PlannedTask): void {
  if (task.parent?.role === "frame" && !task.parent.hasStartedChild) {
    task.parent.hasStartedChild = true;
    plan.agenda.push(task.parent);
  }
  if (task.role === "leaf") return;
  if (task.openChildren === 0) plan.agenda.push(task);
  if (task.role === "frame") return;
  for (const child of task.children) {
    child.waiting -= 1;
    if (child.waiting === 0 || child.blocked !== null) plan.agenda.push(child);
  }
}

function settle(plan: RunPlan, task: PlannedTask): void {
  plan.open -= 1;
  if (task.state === "failed") plan.failed += 1;
  for (const dependant of task.dependants) {
    dependant.waiting -= 1;
    if (isTaskOver(dependant.state)) continue;
    affect(task, dependant);
    if (dependant.waiting === 0 || dependant.blocked !== null) plan.agenda.push(dependant);
  }
  if (task.parent !== null) {
    task.parent.openChildren -= 1;
    task.parent.tally[task.state as OverState] += 1;
    if (task.state === "failed") task.parent.firstFailure ??= task;
    if (task.parent.openChildren === 0) plan.agenda.push(task.parent);
  }
  if (task.role !== "gate" || task.openChildren === 0) return;
  const reason = gateReason(task);
  for (const child of task.children) {
    if (isTaskOver(child.state)) continue;
    child.blocked = reason;
    plan.agenda.push(child);
  }
}

/** Turns the plan towards its end: every open task is looked at again. */
export function cancelPlan(plan: RunPlan): void {
  plan.isCanceling = true;
  for (const task of plan.byKey.values()) if (!isTaskOver(task.state)) plan.agenda.push(task);
}

/** The counts as the run's row keeps them. */
export const countsOf = (plan: RunPlan): TaskCounts => ({ ...plan.counts });

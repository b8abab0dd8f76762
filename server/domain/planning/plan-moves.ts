/** Moves of tasks in a plan and what follows from them. A move costs what its task has neighbours. */
import type { Reason } from "@/server/domain/reason";
import { isTaskOver, TASK_MOVES, type TaskState } from "@/server/domain/states";
import { stepFailed, upstreamReason } from "./reasons";
import { DEPENDENCY_EFFECT, type Ending, type OverState } from "./rules";
import type { PlannedTask, RunPlan } from "./run-plan";

const asCause = (task: PlannedTask) => ({ name: task.step.name, path: task.path, reason: task.reason });

/** Notes what the end of `dependency` means for a task that depends on it. */
export function affect(dependency: PlannedTask, task: PlannedTask): void {
  const state = dependency.state as OverState;
  if (DEPENDENCY_EFFECT[task.step.trigger][state] === "releases" || state === "succeeded" || state === "cached") return;
  task.blocked ??= upstreamReason(asCause(dependency), state);
}

/** Why what lies in a group that is over does not run. */
export function gateReason(gate: PlannedTask): Reason {
  const { state } = gate;
  if (state === "omitted" && gate.reason !== null) return gate.reason;
  return upstreamReason(asCause(gate), state === "failed" || state === "skipped" ? state : "canceled");
}

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
  if (task.parent !== null) {
    if (from === "pending" && !isTaskOver(to)) task.parent.activeChildren += 1;
    else if (from !== "pending" && isTaskOver(to)) task.parent.activeChildren -= 1;
  }
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
  for (let at: PlannedTask | null = task; at !== null && !at.hasBegun; at = at.parent) {
    at.hasBegun = true;
    if (at.parent?.role === "frame") plan.agenda.push(at.parent);
  }
  if (task.role === "leaf") return;
  if (task.openChildren === 0 || task.role === "loop") plan.agenda.push(task);
  if (task.role === "frame") return;
  for (const child of task.children) {
    child.waiting -= 1;
    if (child.waiting === 0 || child.blocked !== null) plan.agenda.push(child);
  }
}

function settle(plan: RunPlan, task: PlannedTask): void {
  const { parent } = task;
  plan.open -= 1;
  if (task.state === "failed") plan.failed += 1;
  for (const dependant of task.dependants) {
    dependant.waiting -= 1;
    if (isTaskOver(dependant.state)) continue;
    affect(task, dependant);
    if (dependant.waiting === 0 || dependant.blocked !== null) plan.agenda.push(dependant);
  }
  if (parent !== null) {
    parent.openChildren -= 1;
    parent.tally[task.state as OverState] += 1;
    if (task.state === "failed") parent.firstFailure ??= task;
    if (parent.role === "loop") {
      const next = parent.held.shift();
      if (next !== undefined) plan.agenda.push(next);
    }
    if (parent.openChildren === 0 || parent.role === "loop") plan.agenda.push(parent);
  }
  if (task.role !== "leaf" && task.role !== "frame" && task.openChildren > 0) {
    const reason = gateReason(task);
    for (const child of task.children) {
      if (isTaskOver(child.state)) continue;
      child.blocked = reason;
      plan.agenda.push(child);
    }
  }
  for (let at: PlannedTask | null = task; at !== null; at = at.parent) if (isForgettable(at)) forget(plan, at);
}

/** An iteration that is over with all that is in it is read by nobody but through its rows. */
export const isForgettable = (task: PlannedTask): boolean =>
  task.iteration !== null && isTaskOver(task.state) && !hasOpenInside(task);

/** A group that was left out is over at once, what lies in it only a moment later. */
function hasOpenInside(group: PlannedTask): boolean {
  if (group.openChildren > 0) return true;
  for (const child of group.children) if (hasOpenInside(child)) return true;
  return false;
}

/** Forgets a task with all that is in it. */
export function forget(plan: RunPlan, task: PlannedTask): void {
  for (const child of task.children) forget(plan, child);
  plan.byPath.delete(task.path);
  plan.byKey.delete(task.key);
  task.parent?.children.delete(task);
}

/** Turns the plan towards its end: every open task is looked at again. */
export function endPlan(plan: RunPlan, ending: Ending): void {
  plan.ending = ending;
  for (const task of plan.byKey.values()) if (!isTaskOver(task.state)) plan.agenda.push(task);
}

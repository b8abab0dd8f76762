/** What should happen next in a run: one decision at a time, each from the plan alone. */
import type { Reason } from "@/server/domain/reason";
import { isTaskOver, type TaskState } from "@/server/domain/states";
import { instancePath } from "./instance-path";
import { groupReason } from "./plan-moves";
import { RUN_CANCELED } from "./reasons";
import { groupOutcome, type OverState, runOutcome } from "./rules";
import type { PlannedTask, RunPlan } from "./run-plan";

export type Decision =
  /** Record another state; nothing else follows from it. */
  | { readonly do: "move"; readonly task: PlannedTask; readonly to: TaskState; readonly reason: Reason | null }
  /** A leaf whose dependencies are settled: resolve its inputs and condition and let it wait for a slot. */
  | { readonly do: "queue"; readonly task: PlannedTask }
  /** A gate or loop whose dependencies are settled: resolve its inputs and condition and let its children go. */
  | { readonly do: "open"; readonly task: PlannedTask }
  /** A running loop that has room: make the tasks of these iterations. */
  | { readonly do: "iterate"; readonly task: PlannedTask; readonly from: number; readonly to: number }
  /** A group whose children are over: record what it came to, with its outputs. */
  | { readonly do: "close"; readonly task: PlannedTask; readonly to: OverState; readonly reason: Reason | null }
  /** A running leaf of a run that ends: ask its process to stop. */
  | { readonly do: "stop"; readonly task: PlannedTask };

/** Iterations of a loop without a limit that have their tasks at the same time: memory is bounded, slots never wait. */
const LOOP_WINDOW = 128;

/**
 * Takes the next decision from the agenda, or null when nothing can move until something outside happens. The caller
 * carries it out and applies it before it asks again.
 */
export function nextDecision(plan: RunPlan): Decision | null {
  while (plan.agendaAt < plan.agenda.length) {
    const task = plan.agenda[plan.agendaAt];
    plan.agendaAt += 1;
    const decision = task === undefined ? null : decide(plan, task);
    if (decision !== null) return decision;
  }
  plan.agenda.length = 0;
  plan.agendaAt = 0;
  return null;
}

/** What a run comes to, or null while something of it is open. */
export const finalState = (plan: RunPlan): "succeeded" | "failed" | "canceled" | null =>
  plan.open > 0 ? null : runOutcome(plan.failed, plan.ending);

/** Whether a task goes on although its run ends: it cleans up after something that has begun. */
export function survives(plan: RunPlan, task: PlannedTask): boolean {
  return plan.ending !== null && !plan.ending.isHard && plan.index.isExit(task.step);
}

function decide(plan: RunPlan, task: PlannedTask): Decision | null {
  if (isTaskOver(task.state)) return null;
  return task.role === "leaf" ? decideLeaf(plan, task) : decideGroup(plan, task, task.role);
}

function decideLeaf(plan: RunPlan, task: PlannedTask): Decision | null {
  if (plan.ending !== null && !survives(plan, task)) {
    if (task.state === "running") return { do: "stop", task };
    return task.state === "canceling" ? null : cancel(task);
  }
  return task.state === "pending" ? decidePending(plan, task, { do: "queue", task }) : null;
}

const cancel = (task: PlannedTask): Decision => ({ do: "move", task, to: "canceled", reason: RUN_CANCELED });

function decideGroup(plan: RunPlan, task: PlannedTask, role: "gate" | "loop" | "frame"): Decision | null {
  const hasOpened = task.state !== "pending";
  const isEnding = plan.ending !== null && !survives(plan, task);
  const isWhole = role !== "loop" || isEnding || task.iterationsMade >= (task.iterationCount ?? 0);
  if (task.openChildren === 0 && isWhole && (hasOpened || role === "frame")) {
    const to = groupOutcome(role, task.tally, isEnding);
    // The states' table knows no way from pending to succeeded.
    if (!hasOpened && to === "succeeded") return { do: "move", task, to: "running", reason: null };
    if (to === "canceled" && task.state === "running") return canceling(task);
    return { do: "close", task, to, reason: closingReason(task, to) };
  }
  if (isEnding) {
    if (task.state === "running") return canceling(task);
    const isNeverReached = role !== "frame" && !hasOpened;
    return isNeverReached ? cancel(task) : null;
  }
  if (role === "loop" && task.state === "running") return moreIterations(task);
  if (hasOpened) return null;
  if (role !== "frame") return decidePending(plan, task, { do: "open", task });
  return task.hasBegun ? { do: "move", task, to: "running", reason: null } : null;
}

const canceling = (task: PlannedTask): Decision => ({ do: "move", task, to: "canceling", reason: RUN_CANCELED });

function moreIterations(loop: PlannedTask): Decision | null {
  const room = (limitOf(loop) || LOOP_WINDOW) - loop.openChildren;
  const to = Math.min(loop.iterationsMade + room, loop.iterationCount ?? 0);
  return to > loop.iterationsMade ? { do: "iterate", task: loop, from: loop.iterationsMade, to } : null;
}

const limitOf = (loop: PlannedTask): number => loop.step.loop?.parallelism ?? 0;

function decidePending(plan: RunPlan, task: PlannedTask, ready: Decision): Decision | null {
  const { parent } = task;
  if (task.blocked !== null) {
    return plan.ending === null ? { do: "move", task, to: "omitted", reason: task.blocked } : cancel(task);
  }
  if (task.waiting > 0) return null;
  if (plan.ending !== null && !hasSomethingToCleanUp(plan, task)) return cancel(task);
  const limit = task.iteration === null || parent?.role !== "loop" ? 0 : limitOf(parent);
  if (limit > 0 && parent !== null && parent.activeChildren >= limit) {
    parent.held.push(task);
    return null;
  }
  return ready;
}

/** An exit task of a run that ends is started only if something it waits for was; inside one that has been, all go on. */
function hasSomethingToCleanUp(plan: RunPlan, task: PlannedTask): boolean {
  if (task.step.trigger !== "completed" || task.step.dependsOn.length === 0) return true;
  return task.step.dependsOn.some((path) => plan.byPath.get(instancePath(path, task.path))?.hasBegun);
}

function closingReason(group: PlannedTask, to: OverState): Reason | null {
  if (to === "failed") return groupReason(group);
  if (to === "canceled") return RUN_CANCELED;
  if (to !== "omitted") return null;
  for (const child of group.children) if (child.reason !== null) return child.reason;
  return null;
}

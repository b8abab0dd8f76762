/** What should happen next in a run: one decision at a time, each from the plan alone. */
import type { Reason } from "@/server/domain/reason";
import { isTaskOver, type TaskState } from "@/server/domain/states";
import { RUN_CANCELED } from "./reasons";
import { groupOutcome, type OverState, runOutcome } from "./rules";
import { groupReason, type PlannedTask, type RunPlan } from "./run-plan";

export type Decision =
  /** Record another state; nothing else follows from it. */
  | { readonly do: "move"; readonly task: PlannedTask; readonly to: TaskState; readonly reason: Reason | null }
  /** A leaf whose dependencies are settled: resolve its inputs and let it wait for a slot. */
  | { readonly do: "queue"; readonly task: PlannedTask }
  /** A gate whose dependencies are settled: resolve its inputs and let its children go. */
  | { readonly do: "open"; readonly task: PlannedTask }
  /** A group whose children are over: record what it came to, with its outputs. */
  | { readonly do: "close"; readonly task: PlannedTask; readonly to: OverState; readonly reason: Reason | null }
  /** A running leaf of a run that ends: ask its process to stop. */
  | { readonly do: "stop"; readonly task: PlannedTask };

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
  plan.open > 0 ? null : runOutcome(plan.failed, plan.isCanceling);

function decide(plan: RunPlan, task: PlannedTask): Decision | null {
  if (isTaskOver(task.state)) return null;
  return task.role === "leaf" ? decideLeaf(plan, task) : decideGroup(plan, task, task.role);
}

function decideLeaf(plan: RunPlan, task: PlannedTask): Decision | null {
  if (plan.isCanceling) {
    if (task.state === "running") return { do: "stop", task };
    return task.state === "canceling" ? null : { do: "move", task, to: "canceled", reason: RUN_CANCELED };
  }
  return task.state === "pending" ? decidePending(task, { do: "queue", task }) : null;
}

function decideGroup(plan: RunPlan, task: PlannedTask, role: "gate" | "frame"): Decision | null {
  const hasBegun = task.state !== "pending";
  const isClosed = task.openChildren === 0 && (hasBegun || role === "frame");
  if (isClosed) {
    const to = groupOutcome(role, task.tally, plan.isCanceling);
    // The states' table knows no way from pending to succeeded.
    if (!hasBegun && to === "succeeded") return { do: "move", task, to: "running", reason: null };
    if (to === "canceled" && task.state === "running")
      return { do: "move", task, to: "canceling", reason: RUN_CANCELED };
    return { do: "close", task, to, reason: closingReason(task, to) };
  }
  if (plan.isCanceling) {
    if (task.state === "running") return { do: "move", task, to: "canceling", reason: RUN_CANCELED };
    const isNeverReached = role === "gate" && !hasBegun;
    return isNeverReached ? { do: "move", task, to: "canceled", reason: RUN_CANCELED } : null;
  }
  if (hasBegun) return null;
  if (role === "gate") return decidePending(task, { do: "open", task });
  return task.hasStartedChild ? { do: "move", task, to: "running", reason: null } : null;
}

function decidePending(task: PlannedTask, ready: Decision): Decision | null {
  if (task.blocked !== null) return { do: "move", task, to: "omitted", reason: task.blocked };
  return task.waiting === 0 ? ready : null;
}

function closingReason(group: PlannedTask, to: OverState): Reason | null {
  if (to === "failed") return groupReason(group);
  if (to === "canceled") return RUN_CANCELED;
  if (to !== "omitted") return null;
  return group.children.find((child) => child.reason !== null)?.reason ?? null;
}

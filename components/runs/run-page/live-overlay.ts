/** What the live stream said about a run since its data was read, laid over that data so that it shows at once. */
import { isRunOver, RUN_MOVES, type RunState, TASK_MOVES, type TaskState } from "@/server/domain/states";
import type { ChangeView } from "@/server/domain/views/changes";
import type { RunView } from "@/server/domain/views/runs";
import type { IsoTime } from "@/server/domain/views/shared";
import type { TaskSummary } from "@/server/domain/views/tasks";

interface Heard<S> {
  readonly state: S;
  readonly at: IsoTime;
}

export interface Overlay {
  readonly run: Heard<RunState> | null;
  readonly tasks: ReadonlyMap<number, Heard<TaskState>>;
}

export const NOTHING_HEARD: Overlay = { run: null, tasks: new Map() };

/** The overlay after further changes; `at` is the server's time now. */
export function hear(overlay: Overlay, changes: readonly ChangeView[], at: IsoTime): Overlay {
  let run = overlay.run;
  const tasks = new Map(overlay.tasks);
  for (const change of changes) {
    // A retry reopens what was over, and moves too many to list say nothing of each: what was heard may be stale then.
    const isReopened = change.state !== undefined && run !== null && isRunOver(run.state);
    const isUnlisted = change.kind === "tasks" && change.tasks === undefined;
    if (change.kind === "reset" || isReopened || isUnlisted) tasks.clear();
    if (change.kind === "reset") run = null;
    if (change.state !== undefined) run = { state: change.state, at };
    for (const task of change.tasks ?? []) tasks.set(task.id, { state: task.state, at });
  }
  return { run, tasks };
}

function reachable<S extends string>(moves: { readonly [state in S]: readonly S[] }): ReadonlyMap<S, ReadonlySet<S>> {
  const all = new Map<S, ReadonlySet<S>>();
  for (const start of Object.keys(moves) as S[]) {
    const seen = new Set<S>();
    const waiting = [...moves[start]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...moves[next]);
    }
    all.set(start, seen);
  }
  return all;
}

const laterTask = reachable(TASK_MOVES);
const laterRun = reachable(RUN_MOVES);

function layTask(task: TaskSummary, heard: Heard<TaskState> | undefined): TaskSummary {
  // Data read after the change knows more than the change: only what lies ahead of it counts.
  if (heard === undefined || heard.state === task.state || !laterTask.get(task.state)?.has(heard.state)) return task;
  const { state, at } = heard;
  const hasBegun = state === "running" || state === "canceling";
  const isOver = TASK_MOVES[state].length === 0;
  return {
    ...task,
    state,
    reason: null,
    queuedAt: task.queuedAt ?? (state === "queued" ? at : null),
    startedAt: task.startedAt ?? (hasBegun ? at : null),
    finishedAt: isOver ? (task.finishedAt ?? at) : task.finishedAt,
  };
}

/** The run as it is now, as far as heard. Untouched tasks stay the same objects. */
export function layOver(run: RunView, overlay: Overlay): RunView {
  const tasks =
    overlay.tasks.size === 0 ? run.tasks : run.tasks.map((task) => layTask(task, overlay.tasks.get(task.id)));
  const heard = overlay.run;
  if (heard === null || heard.state === run.state || !laterRun.get(run.state)?.has(heard.state))
    return { ...run, tasks };
  const isOver = RUN_MOVES[heard.state].length === 0;
  return {
    ...run,
    tasks,
    state: heard.state,
    startedAt: run.startedAt ?? (heard.state === "running" ? heard.at : null),
    finishedAt: isOver ? (run.finishedAt ?? heard.at) : run.finishedAt,
  };
}

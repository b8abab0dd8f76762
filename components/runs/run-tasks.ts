/** The tasks of a run as its page is given them: one by one, and in sums where there are too many. */
import type { TaskState } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskCounts, TaskSummary } from "@/server/domain/views/tasks";

export type RunTasks = Pick<RunView, "tasks" | "tasksLeftOut" | "loops" | "stepSums">;

export const NO_TASKS: RunTasks = { tasks: [], tasksLeftOut: 0, loops: [], stepSums: [] };

/** Whether a task stands for a loop as a whole; its iterations are tasks of the same step. */
export const isLoop = (task: Pick<TaskSummary, "kind" | "iteration">): boolean =>
  task.kind === "loop" && task.iteration === null;

const addTo = (counts: { [state in TaskState]?: number }, state: TaskState): void => {
  counts[state] = (counts[state] ?? 0) + 1;
};

/** Iterations by state of each loop. Counted from the tasks where these are whole, because they are newer than the sums. */
export function iterationsByLoop(run: RunTasks): ReadonlyMap<number, TaskCounts> {
  if (run.tasksLeftOut > 0) return new Map(run.loops.map((loop) => [loop.task, loop.iterations]));
  const counts = new Map<number, { [state in TaskState]?: number }>();
  for (const task of run.tasks) {
    if (task.iteration === null || task.parent === null) continue;
    const own = counts.get(task.parent) ?? {};
    addTo(own, task.state);
    counts.set(task.parent, own);
  }
  return counts;
}

/** How many tasks are counted. */
export const sumOf = (counts: TaskCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

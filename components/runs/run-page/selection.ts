/** Which step is open: what the address says, else the first failure of a run that had failed when it was opened. */
import type { StepPath } from "@/pipelines/graph";
import type { TaskState } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import type { RunRow } from "./run-rows";
import type { RunViewName } from "./use-run-url";

/** Above this many steps a graph stops being a picture of the whole: the run opens as a timeline. */
const LARGE_RUN = 100;

/** The view a run opens with when the address names none. */
export function defaultView(steps: number, isNarrow: boolean): RunViewName {
  if (isNarrow) return "steps";
  return steps > LARGE_RUN ? "timeline" : "graph";
}

/** When a step has several tasks, the one a reader asks for: failed, running, else the latest. */
const FIRST: readonly TaskState[] = ["failed", "running", "canceling"];

/** The task that stands for a step of the graph; undefined before the run reached it. */
export function taskOfStep(tasks: readonly TaskSummary[], path: StepPath): TaskSummary | undefined {
  const all = tasks.filter((task) => task.stepPath === path);
  const whole = all.filter((task) => task.iteration === null);
  const own = whole.length > 0 ? whole : all;
  for (const state of FIRST) {
    const task = own.find((each) => each.state === state);
    if (task !== undefined) return task;
  }
  return own[own.length - 1];
}

/** Whether an address names one task by its path, as links to iterations do. */
export const namesTask = (path: string): boolean => path.includes("/[");

/** The address of a row: its task, or its step while there is none. */
export const addressOf = (row: Pick<RunRow, "task" | "stepPath">): { task: number | null; step: StepPath | null } =>
  row.task === null ? { task: null, step: row.stepPath } : { task: row.task, step: null };

/** The open row. A step named before it had a task is its task's row once there is one. */
export function openRow(
  rows: readonly RunRow[],
  url: { readonly task: number | null; readonly step: StepPath | null },
  fallback: number | null,
): RunRow | null {
  if (url.task !== null) return rows.find((row) => row.task === url.task) ?? null;
  if (url.step !== null) return rows.find((row) => row.path === url.step || row.stepPath === url.step) ?? null;
  return fallback === null ? null : (rows.find((row) => row.task === fallback) ?? null);
}

/** What opens by itself: the first failure of a run that is over, on screens with room for it. */
export const initialTask = (run: RunView, isNarrow: boolean): number | null => (isNarrow ? null : run.firstFailure);

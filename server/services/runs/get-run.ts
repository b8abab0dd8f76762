/** Reads one run: its row alone, or everything its page shows. */
import { metricsOfRun, noticesOfRun, outputsOfRun } from "@/db/queries/run-details";
import { findRunRow, parametersOfRuns, type RunRow, runSummary } from "@/db/queries/run-rows";
import { tasksOfRun } from "@/db/queries/task-rows";
import { GROUP_KINDS } from "@/pipelines/graph";
import { ProblemError } from "@/server/domain/problem-error";
import type { RunSummary, RunView, TaskSummary } from "@/server/domain/views";
import type { Context } from "../context";

/** The row of a run. Throws `not-found`. */
export function runRow(context: Context, id: string, options: { deleted?: boolean } = {}): RunRow {
  const row = findRunRow(context.db, id, options);
  if (row === undefined) throw new ProblemError("not-found", `Run ${id} not found. It may have been deleted.`);
  return row;
}

/** A run as lists show it. Throws `not-found`. */
export function getRunSummary(context: Context, id: string): RunSummary {
  const row = runRow(context, id);
  return runSummary(row, parametersOfRuns(context.db, [row.key]).get(row.key) ?? {});
}

/** The leaf task that failed with the earliest end. */
function firstFailure(tasks: readonly TaskSummary[]): number | null {
  let first: TaskSummary | null = null;
  for (const task of tasks) {
    if (task.state !== "failed" || GROUP_KINDS.has(task.kind)) continue;
    if (first === null || (task.finishedAt ?? "~") < (first.finishedAt ?? "~")) first = task;
  }
  return first?.id ?? null;
}

/** A run whole. Throws `not-found`. */
export function getRun(context: Context, id: string): RunView {
  const { db } = context;
  const row = runRow(context, id);
  const tasks = tasksOfRun(db, row.key);
  return {
    ...runSummary(row, parametersOfRuns(db, [row.key]).get(row.key) ?? {}),
    outputs: outputsOfRun(db, row.key),
    metrics: metricsOfRun(db, row.key),
    tasks,
    notices: noticesOfRun(db, row.key),
    firstFailure: firstFailure(tasks),
  };
}

/** Reads one run: its row alone, or everything its page shows. */
import { metricsOfRun, noticesOfRun, optionsOfRun, outputsOfRun, recurringRunOf } from "@/db/queries/run-details";
import { findRunRow, parametersOfRuns, type RunRow, runSummary } from "@/db/queries/run-rows";
import { tagsOfRun } from "@/db/queries/run-tags";
import { firstFailedTask, loopsOf, stepSumsOf, tasksForPage } from "@/db/queries/run-tasks";
import { ProblemError } from "@/server/domain/problem-error";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
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

/** A run whole. Throws `not-found`. */
export function getRun(context: Context, id: string): RunView {
  const { db } = context;
  const row = runRow(context, id);
  const firstFailure = firstFailedTask(db, row.key);
  const { tasks, leftOut } = tasksForPage(db, row.key, firstFailure);
  const loops = tasks.filter((task) => task.kind === "loop" && task.iteration === null);
  return {
    ...runSummary(row, parametersOfRuns(db, [row.key]).get(row.key) ?? {}),
    ...optionsOfRun(db, row.key),
    recurringRun: recurringRunOf(db, row.key),
    tags: tagsOfRun(db, row.key),
    outputs: outputsOfRun(db, row.key),
    ...metricsOfRun(db, row.key),
    tasks,
    tasksLeftOut: leftOut,
    loops: loopsOf(
      db,
      loops.map((loop) => loop.id),
    ),
    stepSums: leftOut === 0 ? [] : stepSumsOf(db, row.key),
    notices: noticesOfRun(db, row.key),
    firstFailure,
  };
}

/** Reads one experiment. */
import { type ExperimentRow, findExperiment } from "@/db/queries/experiment-rows";
import { ProblemError } from "@/server/domain/problem-error";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { Context } from "../context";
import { experimentViews } from "./experiment-view";

/** The row of an experiment; a deleted one only when asked for. Throws `not-found`. */
export function experimentRow(context: Context, id: string, options: { deleted?: boolean } = {}): ExperimentRow {
  const row = findExperiment(context.db, id, options);
  if (row === undefined) throw new ProblemError("not-found", `Experiment ${id} not found. It may have been deleted.`);
  return row;
}

/** An experiment and how its runs are. Throws `not-found`. */
export function getExperiment(context: Context, id: string): ExperimentView {
  const [view] = experimentViews(context, [experimentRow(context, id)]);
  if (view === undefined) throw new Error("one row makes one view");
  return view;
}

/** Experiments as the Kubeflow API lists, finds and deletes them. */
import { addEvent } from "@/db/queries/events";
import {
  countExperimentRows,
  type ExperimentRow,
  listExperimentRows,
  setExperimentDeleted,
} from "@/db/queries/experiment-rows";
import type { ExperimentPredicate, ExperimentSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { experimentRow } from "../experiments/get-experiment";
import { write } from "../grouped-writes";
import type { ListAnswer, ListQuery } from "./query-runs";

/** A page of experiments. */
export function queryExperiments(
  context: Context,
  query: ListQuery<ExperimentSortKey, ExperimentPredicate>,
): ListAnswer<ExperimentRow> {
  const { rows, next } = listExperimentRows(context.db, query);
  return { records: rows, next, total: countExperimentRows(context.db, query.predicates, true) };
}

/** Hides an experiment; its runs stay. Throws `not-found`, or `conflict` for the Default one. */
export async function deleteExperiment(context: Context, id: string): Promise<void> {
  await write(context.db, (tx) => {
    const row = experimentRow(context, id);
    if (row.isDefault) throw new ProblemError("conflict", "The default experiment cannot be deleted");
    const at = context.now();
    setExperimentDeleted(tx, row.key, at);
    addEvent(tx, { at, topic: "experiment", subject: id, kind: "deleted" });
  });
}

/** Experiments as the Kubeflow API lists them. */
import { countExperimentRows, type ExperimentRow, listExperimentRows } from "@/db/queries/experiment-rows";
import type { ExperimentPredicate, ExperimentSortKey } from "@/server/domain/predicates";
import type { Context } from "../context";
import type { ListAnswer, ListQuery } from "./query-runs";

/** A page of experiments. */
export function queryExperiments(
  context: Context,
  query: ListQuery<ExperimentSortKey, ExperimentPredicate>,
): ListAnswer<ExperimentRow> {
  const { rows, next } = listExperimentRows(context.db, query);
  return { records: rows, next, total: countExperimentRows(context.db, query.predicates, true) };
}

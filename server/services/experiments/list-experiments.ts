/** Lists experiments, the one with the newest run first. */
import { countExperimentRows, listExperimentRows } from "@/db/queries/experiment-rows";
import type { ListExperimentsInput } from "@/server/domain/inputs/experiments";
import type { ExperimentPredicate } from "@/server/domain/predicates";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { experimentViews } from "./experiment-view";

/** A page of experiments. Throws `invalid` for a cursor of another list. */
export function listExperiments(context: Context, input: ListExperimentsInput): PageView<ExperimentView> {
  const predicates: ExperimentPredicate[] = [{ field: "archived", operation: "eq", value: input.archived ? 1 : 0 }];
  if (input.search) predicates.push({ field: "search", operation: "contains", value: input.search });
  const cursor = readCursor(context, "experiments", JSON.stringify(predicates), input.cursor);
  const { rows, next } = listExperimentRows(context.db, {
    sort: "lastRun",
    direction: "desc",
    predicates,
    after: cursor.after,
    limit: input.limit,
  });
  return {
    items: experimentViews(context, rows),
    next: cursor.next(next),
    total: cursor.after === null && next === null ? rows.length : countExperimentRows(context.db, predicates),
  };
}

/** Lists experiments, the one with the newest run first unless another order is asked for. */
import { countExperiments, type ListedExperiment, readExperimentItems } from "@/db/queries/lists/experiment-page";
import type { ListExperimentsInput } from "@/server/domain/inputs/experiments";
import { EXPERIMENT_FIELDS } from "@/server/domain/lists/experiment-fields";
import { allFilters, comparisonsOf, type Filter } from "@/server/domain/lists/filter";
import type { ExperimentItem } from "@/server/domain/views/experiments";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { askedFilter, timedQuestion } from "../lists/record-question";
import { experimentViews } from "./experiment-view";

type Choice = Pick<ListExperimentsInput, "filter" | "where" | "search" | "archived">;

/** The filter of a choice, which leaves archived ones out unless it speaks of the state. Throws `invalid`. */
export function chosenExperiments({ search, archived, ...asked }: Choice): Filter | undefined {
  const filter = askedFilter(EXPERIMENT_FIELDS, asked);
  const saysState = filter !== undefined && comparisonsOf(filter).some(({ field }) => field === "state");
  const state = archived === undefined ? (saysState ? null : "active") : archived ? "archived" : "active";
  return allFilters([
    ...(state === null ? [] : [{ field: "state", is: "=" as const, value: state }]),
    ...(search ? [{ field: "text", is: "contains" as const, value: search }] : []),
    ...(filter === undefined ? [] : [filter]),
  ]);
}

/** What lists show of these experiments; the counts of all their runs are read in one statement. */
export const experimentItems = (context: Context, listed: readonly ListedExperiment[]): ExperimentItem[] =>
  experimentViews(
    context,
    listed.map(({ row }) => row),
  ).map((view, at) => ({ ...view, lastRuns: listed[at]?.lastRuns ?? [] }));

/** A page of experiments, in four statements. Throws `invalid` for a cursor of another list and for a filter that cannot be asked. */
export function listExperiments(context: Context, input: ListExperimentsInput): PageView<ExperimentItem> {
  const { question, cursor } = timedQuestion(context, "experiments", { ...input, filter: chosenExperiments(input) });
  const { items, next } = readExperimentItems(context.db, question);
  const isWhole = cursor.after === null && next === null;
  return {
    items: experimentItems(context, items),
    next: cursor.next(next),
    total: isWhole ? items.length : countExperiments(context.db, question),
  };
}

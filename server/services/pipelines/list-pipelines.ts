/** Lists pipelines with their newest versions. */
import { countPipelines, readPipelineItems } from "@/db/queries/lists/pipeline-page";
import type { ListPipelinesInput } from "@/server/domain/inputs/pipelines";
import { allFilters, type Filter } from "@/server/domain/lists/filter";
import { PIPELINE_FIELDS } from "@/server/domain/lists/pipeline-fields";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { askedFilter, timedQuestion } from "../lists/record-question";
import { pipelineViews } from "./pipeline-view";

/** The filter of a choice. Throws `invalid`. */
export function chosenPipelines({
  search,
  ...asked
}: Pick<ListPipelinesInput, "filter" | "where" | "search">): Filter | undefined {
  const filter = askedFilter(PIPELINE_FIELDS, asked);
  return allFilters([
    ...(search ? [{ field: "text", is: "contains" as const, value: search }] : []),
    ...(filter === undefined ? [] : [filter]),
  ]);
}

/** A page of pipelines, in four statements. Throws `invalid` for a cursor of another list and for a filter that cannot be asked. */
export function listPipelines(context: Context, input: ListPipelinesInput): PageView<PipelineSummary> {
  const { sort, limit } = input;
  const direction = input.direction ?? (sort === "name" ? "asc" : "desc");
  const asked = { filter: chosenPipelines(input), sort, direction, limit, cursor: input.cursor };
  const { question, cursor } = timedQuestion(context, "pipelines", asked);
  const { items, next } = readPipelineItems(context.db, question);
  const isWhole = cursor.after === null && next === null;
  return {
    items: pipelineViews(context, items),
    next: cursor.next(next),
    total: isWhole ? items.length : countPipelines(context.db, question),
  };
}

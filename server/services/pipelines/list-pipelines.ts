/** Lists pipelines with their newest versions. */
import { countPipelineRows, listPipelineRows } from "@/db/queries/pipeline-rows";
import type { ListPipelinesInput } from "@/server/domain/inputs/pipelines";
import type { PipelinePredicate } from "@/server/domain/predicates";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { pipelineViews } from "./pipeline-view";

const SORTS = { name: "displayName", updated: "updated", created: "created" } as const;

/** A page of pipelines. Throws `invalid` for a cursor of another list. */
export function listPipelines(context: Context, input: ListPipelinesInput): PageView<PipelineSummary> {
  const predicates: PipelinePredicate[] = input.search
    ? [{ field: "search", operation: "contains", value: input.search }]
    : [];
  const direction = input.direction ?? (input.sort === "name" ? "asc" : "desc");
  const query = { sort: input.sort, direction, predicates: JSON.stringify(predicates) };
  const cursor = readCursor(context, "pipelines", query, input.cursor);
  const request = { sort: SORTS[input.sort], direction, limit: input.limit, predicates, after: cursor.after };
  const { rows, next } = listPipelineRows(context.db, request);
  return {
    items: pipelineViews(context, rows),
    next: cursor.next(next),
    total: cursor.after === null && next === null ? rows.length : countPipelineRows(context.db, { predicates }),
  };
}

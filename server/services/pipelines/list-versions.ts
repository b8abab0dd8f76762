/** Lists the versions of a pipeline, the newest first. */
import { countVersionRows, listVersionRows, versionSummary } from "@/db/queries/version-rows";
import type { ListVersionsInput } from "@/server/domain/inputs/pipelines";
import type { VersionSummary } from "@/server/domain/views/pipelines";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { pipelineRow } from "./get-pipeline";

/** A page of versions. Throws `not-found`, or `invalid` for a cursor of another list. */
export function listVersions(context: Context, input: ListVersionsInput): PageView<VersionSummary> {
  const pipeline = pipelineRow(context, input.id);
  const cursor = readCursor(context, "versions", input.id, input.cursor);
  const { rows, next } = listVersionRows(context.db, {
    pipelineKey: pipeline.key,
    sort: "number",
    direction: "desc",
    predicates: [],
    after: cursor.after,
    limit: input.limit,
  });
  return {
    items: rows.map(versionSummary),
    next: cursor.next(next),
    total: countVersionRows(context.db, pipeline.key, { predicates: [] }),
  };
}

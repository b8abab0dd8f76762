/** Lists what tasks left behind, of one run or of all. */
import type { ListArtifactsInput } from "@/server/domain/inputs/artifacts";
import type { SearchArtifactsInput } from "@/server/domain/inputs/lists";
import { allFilters, type Filter } from "@/server/domain/lists/filter";
import { ARTIFACT_FIELDS } from "@/server/domain/lists/task-fields";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { checkedFilter, type RecordRequest, timedQuestion } from "../lists/record-question";
import { runRow } from "../runs/get-run";

async function page(context: Context, request: RecordRequest): Promise<PageView<ArtifactItemView>> {
  const { question, cursor } = timedQuestion(context, "artifacts", request);
  const found = await context.reading.ask("artifactPage", question);
  return { items: found.items, next: cursor.next(found.next), total: found.total };
}

/** A page of artifacts, the newest first. Throws `not-found` for a run, `invalid` for a cursor of another list. */
export async function listArtifacts(
  context: Context,
  { runId, type, search, ...rest }: ListArtifactsInput,
): Promise<PageView<ArtifactItemView>> {
  if (runId !== undefined) runRow(context, runId);
  const filters: Filter[] = [
    ...(runId === undefined ? [] : [{ field: "runId", is: "=" as const, value: runId }]),
    ...(type === undefined ? [] : [{ field: "type", is: "=" as const, value: type }]),
    ...(search ? [{ field: "name", is: "contains" as const, value: search }] : []),
  ];
  return page(context, { ...rest, filter: allFilters(filters), sort: "created", direction: "desc" });
}

/** A page of the artifacts that a filter leaves. Throws `invalid` for a filter that cannot be asked. */
export const searchArtifacts = (context: Context, input: SearchArtifactsInput): Promise<PageView<ArtifactItemView>> =>
  page(context, { ...input, filter: checkedFilter(ARTIFACT_FIELDS, input.filter) });

/** Reads every pipeline of a choice for an export, page by page. */
import { readPipelineItems } from "@/db/queries/lists/pipeline-page";
import type { JsonValue } from "@/pipelines/graph";
import type { ExportPipelinesInput } from "@/server/domain/inputs/list-files";
import { familyOf } from "@/server/domain/lists/families";
import type { PagePosition } from "@/server/domain/predicates";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { everyPage } from "../lists/every-page";
import { chosenPipelines } from "./list-pipelines";
import { pipelineViews } from "./pipeline-view";

const PAGE = 200;

/** Pages of pipelines in the order asked for. Throws `invalid` for a filter that cannot be asked. */
export function exportPipelines(
  context: Context,
  { sort, direction, where }: ExportPipelinesInput,
): AsyncGenerator<readonly PipelineSummary[], void> {
  const nowMs = context.now().getTime();
  const question = { filter: chosenPipelines({ where }), sort, direction, nowMs, limit: PAGE };
  return everyPage((after: PagePosition | null) => {
    const { items, next } = readPipelineItems(context.db, { ...question, after });
    return { items: pipelineViews(context, items), next };
  });
}

const COLUMNS: { readonly [column: string]: (one: PipelineSummary) => JsonValue } = {
  id: (one) => one.id,
  name: (one) => one.name,
  description: (one) => one.description,
  format: (one) => one.format,
  version: (one) => one.latestVersion?.number ?? null,
  state: (one) => one.latestVersion?.state ?? null,
  steps: (one) => one.latestVersion?.stepCount ?? null,
  versions: (one) => one.versionCount,
  profile: (one) => one.profile,
  tags: ({ tags }) =>
    Object.entries(tags)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
  runs: (one) => one.runCount,
  last: (one) => one.lastRun?.createdAt ?? null,
  result: (one) => one.lastRun?.state ?? null,
  results: ({ lastRuns }) => lastRuns.map(({ state }) => state).join(" "),
  created: (one) => one.createdAt,
  updated: (one) => one.updatedAt,
};

/** The values of a pipeline in the given columns; version, state and steps are those of the latest version. */
export const pipelineValues = (one: PipelineSummary, columns: readonly string[]): JsonValue[] =>
  columns.map((column) => {
    const member = familyOf(column);
    return member?.family === "tag" ? (one.tags[member.name] ?? null) : (COLUMNS[column]?.(one) ?? null);
  });

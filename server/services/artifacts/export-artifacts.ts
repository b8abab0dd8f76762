/** Reads every artifact of a choice for an export, page by page. */
import type { JsonValue } from "@/pipelines/graph";
import type { ExportArtifactsInput } from "@/server/domain/inputs/list-files";
import { ARTIFACT_FIELDS } from "@/server/domain/lists/task-fields";
import type { PagePosition } from "@/server/domain/predicates";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import type { Context } from "../context";
import { everyPage } from "../lists/every-page";
import { askedFilter } from "../lists/record-question";

const PAGE = 500;

/** Pages of artifacts in the order asked for. Throws `invalid` for a filter that cannot be asked. */
export function exportArtifacts(
  context: Context,
  { sort, direction, ...choice }: ExportArtifactsInput,
): AsyncGenerator<readonly ArtifactItemView[], void> {
  const filter = askedFilter(ARTIFACT_FIELDS, choice);
  const question = { filter, sort, direction, nowMs: context.now().getTime(), limit: PAGE };
  return everyPage((after: PagePosition | null) => context.reading.ask("artifactItems", { ...question, after }));
}

const COLUMNS: { readonly [column: string]: (one: ArtifactItemView) => JsonValue } = {
  id: (one) => one.id,
  name: (one) => one.name,
  type: (one) => one.type,
  step: (one) => one.task.step,
  run: (one) => one.run.name,
  "run-id": (one) => one.run.id,
  size: (one) => one.size,
  created: (one) => one.createdAt,
  uri: (one) => one.uri,
  digest: (one) => one.digest,
};

/** The values of an artifact in the given columns; a size is in bytes. */
export const artifactValues = (one: ArtifactItemView, columns: readonly string[]): JsonValue[] =>
  columns.map((column) => COLUMNS[column]?.(one) ?? null);

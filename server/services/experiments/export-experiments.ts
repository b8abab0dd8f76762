/** Reads every experiment of a choice for an export, page by page. */
import { readExperimentItems } from "@/db/queries/lists/experiment-page";
import type { JsonValue } from "@/pipelines/graph";
import type { ExportExperimentsInput } from "@/server/domain/inputs/list-files";
import type { PagePosition } from "@/server/domain/predicates";
import type { ExperimentItem } from "@/server/domain/views/experiments";
import type { Context } from "../context";
import { everyPage } from "../lists/every-page";
import { chosenExperiments, experimentItems } from "./list-experiments";

const PAGE = 200;

/** Pages of experiments in the order asked for. Throws `invalid` for a filter that cannot be asked. */
export function exportExperiments(
  context: Context,
  { sort, direction, where }: ExportExperimentsInput,
): AsyncGenerator<readonly ExperimentItem[], void> {
  const question = {
    ...{ filter: chosenExperiments({ where }), sort, direction },
    ...{ nowMs: context.now().getTime(), limit: PAGE },
  };
  return everyPage((after: PagePosition | null) => {
    const { items, next } = readExperimentItems(context.db, { ...question, after });
    return { items: experimentItems(context, items), next };
  });
}

const runs = ({ runCounts }: ExperimentItem): number => Object.values(runCounts).reduce((sum, count) => sum + count, 0);

const COLUMNS: { readonly [column: string]: (one: ExperimentItem) => JsonValue } = {
  id: (one) => one.id,
  name: (one) => one.name,
  description: (one) => one.description,
  state: ({ archivedAt }) => (archivedAt === null ? "active" : "archived"),
  runs,
  pending: ({ runCounts }) => runCounts.pending ?? 0,
  running: ({ runCounts: { running = 0, canceling = 0 } }) => running + canceling,
  succeeded: ({ runCounts }) => runCounts.succeeded ?? 0,
  failed: ({ runCounts }) => runCounts.failed ?? 0,
  canceled: ({ runCounts }) => runCounts.canceled ?? 0,
  results: ({ lastRuns }) => lastRuns.map(({ state }) => state).join(" "),
  last: (one) => one.lastRunAt,
  created: (one) => one.createdAt,
  archived: (one) => one.archivedAt,
};

/** The values of an experiment in the given columns; runs are those that are not archived. */
export const experimentValues = (one: ExperimentItem, columns: readonly string[]): JsonValue[] =>
  columns.map((column) => COLUMNS[column]?.(one) ?? null);

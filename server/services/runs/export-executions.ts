/** Reads every execution of a choice for an export, page by page. */
import type { JsonValue } from "@/pipelines/graph";
import type { ExportExecutionsInput } from "@/server/domain/inputs/list-files";
import { TASK_FIELDS } from "@/server/domain/lists/task-fields";
import type { PagePosition } from "@/server/domain/predicates";
import type { ExecutionView } from "@/server/domain/views/tasks";
import type { Context } from "../context";
import { everyPage } from "../lists/every-page";
import { askedFilter } from "../lists/record-question";

const PAGE = 500;

/** Pages of executions in the order asked for. Throws `invalid` for a filter that cannot be asked. */
export function exportExecutions(
  context: Context,
  { sort, direction, ...choice }: ExportExecutionsInput,
): AsyncGenerator<readonly ExecutionView[], void> {
  const filter = askedFilter(TASK_FIELDS, choice);
  const question = { filter, sort, direction, nowMs: context.now().getTime(), limit: PAGE };
  return everyPage((after: PagePosition | null) => context.reading.ask("taskItems", { ...question, after }));
}

const secondsOf = ({ startedAt, finishedAt }: ExecutionView): number | null =>
  startedAt === null || finishedAt === null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;

const COLUMNS: { readonly [column: string]: (one: ExecutionView) => JsonValue } = {
  id: (one) => one.id,
  state: (one) => one.state,
  error: (one) => one.reason?.message ?? null,
  name: (one) => one.name,
  path: (one) => one.step,
  kind: (one) => one.kind,
  run: (one) => one.run.name,
  "run-id": (one) => one.run.id,
  pipeline: (one) => one.pipeline,
  experiment: (one) => one.experiment,
  attempt: (one) => one.attempt,
  created: (one) => one.createdAt,
  started: (one) => one.startedAt,
  finished: (one) => one.finishedAt,
  duration: secondsOf,
};

/** The values of an execution in the given columns; a duration is in seconds. */
export const executionValues = (one: ExecutionView, columns: readonly string[]): JsonValue[] =>
  columns.map((column) => COLUMNS[column]?.(one) ?? null);

/** Reads every run of a choice for an export, page by page, so that no list is too long. */
import type { JsonValue } from "@/pipelines/graph";
import type { ExportRunsInput } from "@/server/domain/inputs/run-lists";
import { familyOf } from "@/server/domain/lists/families";
import type { PagePosition } from "@/server/domain/predicates";
import type { RunListItem } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { everyPage } from "../lists/every-page";
import { chosenRuns } from "./choose-runs";

const PAGE = 500;

const namesOf = (columns: readonly string[], family: string): string[] =>
  columns.flatMap((column) => {
    const member = familyOf(column);
    return member?.family === family ? [member.name] : [];
  });

/** Pages of runs in the order asked for. Throws `invalid` for a filter that cannot be asked. */
export function exportRuns(context: Context, input: ExportRunsInput): AsyncGenerator<readonly RunListItem[], void> {
  const filter = chosenRuns(input);
  const { sort, direction, columns } = input;
  const nowMs = context.now().getTime();
  const facts = { parameters: namesOf(columns, "param"), metrics: namesOf(columns, "metric"), isWhole: true };
  const question = { filter, sort, direction, nowMs, facts, limit: PAGE };
  return everyPage((after: PagePosition | null) => context.reading.ask("runItems", { ...question, after }));
}

const lengthOf = ({ startedAt, finishedAt }: RunListItem): number | null =>
  startedAt === null || finishedAt === null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;

const COLUMNS: { readonly [column: string]: (run: RunListItem) => JsonValue } = {
  id: (run) => run.id,
  name: (run) => run.name,
  description: (run) => run.description,
  state: (run) => run.state,
  error: (run) => (run.state === "failed" ? (run.reason?.message ?? null) : null),
  pipeline: (run) => run.pipeline?.name ?? run.pipelineName,
  version: (run) => run.version.number,
  experiment: (run) => run.experiment.name,
  profile: (run) => run.profile,
  priority: (run) => run.priority,
  origin: (run) => run.origin,
  created: (run) => run.createdAt,
  started: (run) => run.startedAt,
  finished: (run) => run.finishedAt,
  duration: lengthOf,
  archived: (run) => run.archivedAt !== null,
};

/** The values of a run in the given columns; a duration is in seconds. */
export function exportedValues(run: RunListItem, columns: readonly string[]): JsonValue[] {
  return columns.map((column) => {
    const member = familyOf(column);
    if (member?.family === "param") return run.parameters[member.name] ?? null;
    if (member?.family === "metric") return run.lastMetrics[member.name] ?? null;
    if (member?.family === "tag") return run.tags[member.name] ?? null;
    return COLUMNS[column]?.(run) ?? null;
  });
}

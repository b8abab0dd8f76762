/** Lists runs: a page of narrow rows, their parameters, and a total that stays cheap. */
import { countRunsByState } from "@/db/queries/run-counts";
import { countRunRows, listRunRows } from "@/db/queries/run-list";
import { parametersOfRuns, runSummary } from "@/db/queries/run-rows";
import type { ListRunsInput } from "@/server/domain/inputs";
import type { RunPredicate } from "@/server/domain/predicates";
import type { PageView, RunSummary } from "@/server/domain/views";
import type { Context } from "../context";
import { readCursor } from "../paging";

const TOTAL_LIMIT = 10_001;

/** What a list of runs is asked for, as predicates. */
function predicatesOf(input: ListRunsInput): RunPredicate[] {
  const predicates: RunPredicate[] = [{ field: "archived", operation: "eq", value: input.archived ? 1 : 0 }];
  const owners = { experimentId: input.experimentId, pipelineId: input.pipelineId, versionId: input.versionId };
  for (const field of ["experimentId", "pipelineId", "versionId"] as const) {
    const value = owners[field];
    if (value !== undefined) predicates.push({ field, operation: "eq", value });
  }
  if (input.states?.length === 1 && input.states[0]) {
    predicates.push({ field: "state", operation: "eq", value: input.states[0] });
  } else if (input.states?.length) predicates.push({ field: "state", operation: "in", values: input.states });
  if (input.createdAfter) predicates.push({ field: "created", operation: "ge", value: Date.parse(input.createdAfter) });
  if (input.createdBefore) {
    predicates.push({ field: "created", operation: "lt", value: Date.parse(input.createdBefore) });
  }
  if (input.search) predicates.push({ field: "search", operation: "contains", value: input.search });
  return predicates;
}

/** The kept counters answer every question about experiment, state and archive; others are counted up to a limit. */
function totalOf(context: Context, input: ListRunsInput, predicates: readonly RunPredicate[]): number {
  const { search, pipelineId, versionId, createdAfter, createdBefore } = input;
  if (search || pipelineId || versionId || createdAfter || createdBefore) return countRunRows(context.db, predicates);
  const counts = countRunsByState(context.db, { experimentId: input.experimentId, archived: input.archived });
  const states = input.states?.length ? new Set(input.states) : null;
  let total = 0;
  for (const [state, count] of Object.entries(counts)) {
    if (states === null || [...states].some((wanted) => wanted === state)) total += count;
  }
  return Math.min(total, TOTAL_LIMIT);
}

/** A page of runs. Throws `invalid` for a cursor of another list. */
export function listRuns(context: Context, input: ListRunsInput): PageView<RunSummary> {
  const predicates = predicatesOf(input);
  const { sort, direction, limit } = input;
  const query = { sort, direction, predicates: JSON.stringify(predicates) };
  const cursor = readCursor(context, "runs", query, input.cursor);
  const { rows, next } = listRunRows(context.db, { sort, direction, limit, predicates, after: cursor.after });
  const parameters = parametersOfRuns(
    context.db,
    rows.map((row) => row.key),
  );
  return {
    items: rows.map((row) => runSummary(row, parameters.get(row.key) ?? {})),
    next: cursor.next(next),
    total: cursor.after === null && next === null ? rows.length : totalOf(context, input, predicates),
  };
}

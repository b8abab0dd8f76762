/** Lists recurring runs: by what was asked for, a page at a time. */
import { figureQueries } from "@/db/queries/recurring-figures";
import { countRecurringRows, listRecurringRows, upcomingRows } from "@/db/queries/recurring-rows";
import type { ListRecurringRunsInput } from "@/server/domain/inputs/recurring-runs";
import { RECURRING_FIELDS } from "@/server/domain/lists/recurring-fields";
import type { RecurringRunPredicate } from "@/server/domain/predicates";
import type { RecurringRunSummary, RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { askedFilter } from "../lists/record-question";
import { readCursor } from "../paging";
import { recurringRunView } from "./recurring-run-view";

function predicatesOf(input: ListRecurringRunsInput): RecurringRunPredicate[] {
  const predicates: RecurringRunPredicate[] = [];
  for (const field of ["experimentId", "pipelineId"] as const) {
    const value = input[field];
    if (value !== undefined) predicates.push({ field, operation: "eq", value });
  }
  if (input.enabled !== undefined) {
    predicates.push({ field: "enabled", operation: "eq", value: input.enabled ? 1 : 0 });
  }
  if (input.search) predicates.push({ field: "search", operation: "contains", value: input.search });
  return predicates;
}

const LAST_RUNS = 5;
/** Runs that a share of successes is taken of. */
const LOOK_BACK = 100;

/** How the last runs of one went. */
function latelyOf({ db }: Context, key: number): Pick<RecurringRunSummary, "lastRuns" | "success"> {
  const queries = figureQueries(db);
  return {
    lastRuns: queries
      .recent(key, LAST_RUNS)
      .map(({ scheduledAt, ...run }) => ({ ...run, scheduledAt: new Date(scheduledAt).toISOString() })),
    success: queries.ended(key, LOOK_BACK),
  };
}

/** A page of recurring runs. Throws `invalid` for a cursor of another list and for a filter that cannot be asked. */
export function listRecurringRuns(context: Context, input: ListRecurringRunsInput): PageView<RecurringRunSummary> {
  const predicates = predicatesOf(input);
  const tree = askedFilter(RECURRING_FIELDS, input);
  const choice = { predicates, filter: tree && { tree, nowMs: context.now().getTime() } };
  const { sort, direction, limit } = input;
  const cursor = readCursor(
    context,
    "recurring-runs",
    { sort, direction, predicates: JSON.stringify(predicates), filter: JSON.stringify(tree ?? null) },
    input.cursor,
  );
  const { rows, next } = listRecurringRows(context.db, { ...choice, sort, direction, limit, after: cursor.after });
  return {
    items: rows.map((row) => ({ ...recurringRunView(row), ...latelyOf(context, row.key) })),
    next: cursor.next(next),
    total: cursor.after === null && next === null ? rows.length : countRecurringRows(context.db, choice),
  };
}

const UPCOMING = 5;

/** What is due next, the soonest first. */
export const listUpcoming = (context: Context): RecurringRunView[] =>
  upcomingRows(context.db, UPCOMING).map(recurringRunView);

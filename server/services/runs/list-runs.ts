/** Lists runs: a page of narrow rows with the facts that were asked for, and a total that stays cheap. */
import { countRunsByState } from "@/db/queries/run-counts";
import { answer } from "@/db/reading/reads";
import type { ChooseRunsInput, ListRunsInput } from "@/server/domain/inputs";
import type { Filter } from "@/server/domain/lists/filter";
import type { PageView, RunListItem } from "@/server/domain/views";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { chosenRuns, isKept } from "./choose-runs";

const TOTAL_LIMIT = 10_001;

/** What the kept counters say of a choice; null where rows have to be counted. */
function keptTotal(context: Context, input: ChooseRunsInput, filter: Filter | undefined): number | null {
  if (input.filter !== undefined || input.where || !isKept(filter)) return null;
  const { experimentId, pipelineId, archived = false, states } = input;
  const counts = countRunsByState(context.db, { experimentId, pipelineId, archived });
  const wanted: ReadonlySet<string> | null = states?.length ? new Set(states) : null;
  let total = 0;
  for (const [state, count] of Object.entries(counts)) if (wanted?.has(state) !== false) total += count;
  return Math.min(total, TOTAL_LIMIT);
}

/** A page of runs. Throws `invalid` for a cursor of another list and for a filter that cannot be asked. */
export async function listRuns(context: Context, input: ListRunsInput): Promise<PageView<RunListItem>> {
  const filter = chosenRuns(input);
  const { sort, direction, limit } = input;
  const cursor = readCursor(context, "runs", { sort, direction, filter: JSON.stringify(filter ?? null) }, input.cursor);
  const total = keptTotal(context, input, filter);
  const question = {
    ...{ filter, sort, direction, limit, total, after: cursor.after, nowMs: context.now().getTime() },
    facts: { parameters: input.parameters ?? null, metrics: input.metrics ?? [] },
  };
  // What the counters know is what an index gives in the order of time: a fraction of a millisecond.
  const isQuick = total !== null && sort === "created";
  const page = isQuick ? answer(context.db, "runPage", question) : await context.reading.ask("runPage", question);
  return { items: page.items, next: cursor.next(page.next), total: page.total };
}

/** How many runs a choice leaves, up to 10,001: what a bulk action would reach. */
export async function countChosenRuns(context: Context, input: ChooseRunsInput): Promise<{ total: number }> {
  const filter = chosenRuns(input);
  const kept = keptTotal(context, input, filter);
  return { total: kept ?? (await context.reading.ask("runCount", { filter, nowMs: context.now().getTime() })) };
}

/** Lists runs: a page of narrow rows with the facts that were asked for, and a total that stays cheap. */
import { isKept } from "@/db/queries/lists/kept-count";
import { answer } from "@/db/reading/reads";
import type { ChooseRunsInput, ListRunsInput } from "@/server/domain/inputs/run-lists";
import type { RunListItem } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { chosenRuns } from "./choose-runs";

/** A page of runs. Throws `invalid` for a cursor of another list and for a filter that cannot be asked. */
export async function listRuns(context: Context, input: ListRunsInput): Promise<PageView<RunListItem>> {
  const filter = chosenRuns(input);
  const { sort, direction, limit } = input;
  const cursor = readCursor(context, "runs", { sort, direction, filter: JSON.stringify(filter ?? null) }, input.cursor);
  const question = {
    ...{ filter, sort, direction, limit, after: cursor.after, nowMs: context.now().getTime() },
    facts: { parameters: input.parameters ?? null, metrics: input.metrics ?? [] },
  };
  // What the counters know is what an index gives in the order of time: a fraction of a millisecond.
  const isQuick = isKept(filter) && sort === "created";
  const page = isQuick ? answer(context.db, "runPage", question) : await context.reading.ask("runPage", question);
  return { items: page.items, next: cursor.next(page.next), total: page.total };
}

/** How many runs a choice leaves, up to 10,001: what a bulk action would reach. */
export async function countChosenRuns(context: Context, input: ChooseRunsInput): Promise<{ total: number }> {
  const filter = chosenRuns(input);
  const question = { filter, nowMs: context.now().getTime() };
  const total = isKept(filter)
    ? answer(context.db, "runCount", question)
    : await context.reading.ask("runCount", question);
  return { total };
}

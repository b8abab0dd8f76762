/** One page of the list of runs, as a question that can be sent to a thread. */
import type { Executor } from "@/db/client";
import type { RunListItem } from "@/server/domain/views";
import { countMatching, type ListPage, type ListQuestion, matching, readKeys } from "./read-keys";
import { type RunFacts, runItems } from "./run-items";
import { runSource } from "./run-source";

export interface RunQuestion extends ListQuestion {
  readonly nowMs: number;
  readonly facts: RunFacts;
  /** Known from elsewhere, so that it need not be counted. */
  readonly total: number | null;
}

/** A page of runs: at most four statements, however it is filtered and sorted. */
export function readRunPage(db: Executor, question: RunQuestion): ListPage<RunListItem> {
  const source = runSource(question.nowMs);
  const match = matching(db, source, question.filter);
  const { keys, next } = readKeys(db, source, match, question);
  const isWhole = question.after === null && next === null;
  return {
    items: runItems(db, keys, question.facts),
    next,
    total: isWhole ? keys.length : (question.total ?? countMatching(db, source, match)),
  };
}

/** How many runs match, up to 10,001. */
export function countRuns(db: Executor, { filter, nowMs }: Pick<RunQuestion, "filter" | "nowMs">): number {
  const source = runSource(nowMs);
  return countMatching(db, source, matching(db, source, filter));
}

/** One page of the list of runs, as a question that can be sent to a thread. */
import type { Executor } from "@/db/client";
import type { Filter } from "@/server/domain/lists/filter";
import type { RunListItem } from "@/server/domain/views/runs";
import { keptCount } from "./kept-count";
import type { ListSource } from "./list-source";
import {
  countMatching,
  type ItemPage,
  type ListPage,
  type ListQuestion,
  type Matching,
  matching,
  readKeys,
} from "./read-keys";
import { type RunFacts, runItems } from "./run-items";
import { runSource } from "./run-source";

export interface RunQuestion extends ListQuestion {
  readonly nowMs: number;
  readonly facts: RunFacts;
}

const countOf = (db: Executor, source: ListSource, filter: Filter | undefined, match: () => Matching): number =>
  keptCount(db, source, filter) ?? countMatching(db, source, match());

function read(db: Executor, question: RunQuestion) {
  const source = runSource(question.nowMs);
  const match = matching(db, source, question);
  const { keys, next } = readKeys(db, source, match, question);
  return { source, match, items: runItems(db, keys, question.facts), next };
}

/** A page of runs: at most four statements, however it is filtered and sorted. */
export function readRunPage(db: Executor, question: RunQuestion): ListPage<RunListItem> {
  const { source, match, items, next } = read(db, question);
  const isWhole = question.after === null && next === null;
  return { items, next, total: isWhole ? items.length : countOf(db, source, question.filter, () => match) };
}

/** A page of runs without their number, for who reads them all. */
export function readRunItems(db: Executor, question: RunQuestion): ItemPage<RunListItem> {
  const { items, next } = read(db, question);
  return { items, next };
}

/** How many runs match, up to 10,001. */
export function countRuns(db: Executor, { filter, nowMs }: Pick<RunQuestion, "filter" | "nowMs">): number {
  const source = runSource(nowMs);
  return countOf(db, source, filter, () => matching(db, source, { filter, sort: "created" }));
}

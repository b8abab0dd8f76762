/** Pages of the tasks of a run or below one of them: a loop's iterations with trouble first, others in their order. */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { task } from "@/db/schema";
import type { PagePosition } from "@/server/domain/predicates";
import type { TaskState } from "@/server/domain/states";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { COUNT_LIMIT } from "./keyset";
import { readTasks } from "./task-rows";

export interface ChildFilter {
  readonly runKey: number;
  /** Null for every task of the run. */
  readonly parent: number | null;
  readonly states: readonly TaskState[] | null;
  readonly iteration: number | null;
  /** Whether the parent is a loop, so that its children are iterations. */
  readonly isLoop: boolean;
}

const RANK: { readonly [state in TaskState]?: number } = { failed: 0, canceling: 1, running: 1, queued: 2 };
const LAST_RANK = 3;
/** Ranks and iterations share one number, which pages are cut by; no loop has this many iterations. */
const SPAN = 10_000_000_000;

const rankOf = (state: TaskState): number => RANK[state] ?? LAST_RANK;

const rank = sql`case ${task.state} when 'failed' then 0 when 'canceling' then 1 when 'running' then 1 when 'queued' then 2 else ${LAST_RANK} end`;

const order = (filter: ChildFilter): SQL =>
  filter.isLoop ? sql`(${rank}) * ${SPAN} + coalesce(${task.iteration}, 0)` : sql`${task.key}`;

const positionOf = (filter: ChildFilter, row: TaskSummary): PagePosition => ({
  value: filter.isLoop ? rankOf(row.state) * SPAN + (row.iteration ?? 0) : row.id,
  key: row.id,
});

const matching = (filter: ChildFilter): SQL | undefined =>
  and(
    filter.parent === null ? eq(task.runKey, filter.runKey) : eq(task.parentKey, filter.parent),
    filter.states === null || filter.states.length === 0 ? undefined : inArray(task.state, [...filter.states]),
    filter.iteration === null ? undefined : eq(task.iteration, filter.iteration),
  );

/** One page; `next` is where the following one begins. */
export function listChildTasks(
  db: Executor,
  filter: ChildFilter,
  page: { readonly after: PagePosition | null; readonly limit: number },
): { rows: TaskSummary[]; next: PagePosition | null } {
  const by = order(filter);
  const beyond = page.after === null ? undefined : sql`(${by}, ${task.key}) > (${page.after.value}, ${page.after.key})`;
  const found = readTasks(db, and(matching(filter), beyond), { order: sql`${by}, ${task.key}`, limit: page.limit + 1 });
  const rows = found.slice(0, page.limit);
  const last = rows.at(-1);
  return { rows, next: found.length > page.limit && last !== undefined ? positionOf(filter, last) : null };
}

/** How many match; counting stops one above 10,000. */
export function countChildTasks(db: Executor, filter: ChildFilter): number {
  const some = db
    .select({ one: sql`1` })
    .from(task)
    .where(matching(filter))
    .limit(COUNT_LIMIT + 1)
    .as("some");
  return db.select({ count: sql<number>`count(*)` }).from(some).get()?.count ?? 0;
}

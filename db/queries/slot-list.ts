/** Slots as lists show them. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { run, slot } from "@/db/schema";
import { allOf } from "./conditions";
import { COUNT_LIMIT, type PageRequest, readPage } from "./keyset";

/** One page of a recurring run's slots by their moments, and how many there are. */
export function listSlotRows(
  db: Executor,
  recurringKey: number,
  {
    fromMs,
    beforeMs,
    ...request
  }: PageRequest & {
    /** Slots that reach to this moment or beyond it; null for all. */
    readonly fromMs: number | null;
    readonly beforeMs: number | null;
  },
) {
  const from = fromMs === null ? [] : [sql`${slot.lastAt} >= ${fromMs}`];
  const before = beforeMs === null ? [] : [sql`${slot.at} < ${beforeMs}`];
  const own = allOf([sql`${slot.recurringRunKey} = ${recurringKey}`, ...from, ...before]);
  const column = { by: sql`${slot.at}`, nullable: false };
  const page = readPage(column, sql`${slot.key}`, request, ({ where, order, limit }) =>
    db
      .select({
        key: slot.key,
        at: slot.at,
        lastAt: slot.lastAt,
        count: slot.count,
        skipReason: slot.skipReason,
        runId: run.id,
        runName: run.name,
        runState: run.state,
        sortValue: sql<number>`${slot.at}`,
      })
      .from(slot)
      .leftJoin(run, eq(run.key, slot.runKey))
      .where(sql`${own} and ${where}`)
      .orderBy(order)
      .limit(limit)
      .all(),
  );
  const counted = sql`select count(*) as count from (select 1 from ${slot} where ${own} limit ${COUNT_LIMIT + 1})`;
  return { ...page, total: db.get<{ count: number }>(counted).count };
}

/** The append-only feed of changes: written with the change itself, read by whoever follows. */
import { asc, gt, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { event } from "@/db/schema";
import type { ChangeView } from "@/server/domain/views/changes";

export interface NewEvent {
  readonly at: Date;
  readonly topic: Exclude<ChangeView["topic"], "log">;
  readonly subject: string | null;
  readonly kind: string;
  readonly data?: Pick<ChangeView, "tasks" | "state">;
}

/** Announces a change; call it in the transaction that makes the change. */
export function addEvent(db: Executor, { data = {}, ...row }: NewEvent): void {
  db.insert(event)
    .values({ ...row, data })
    .run();
}

/** Events after `id`, the oldest first. */
export function eventsAfter(db: Executor, id: number, limit: number): ChangeView[] {
  return db
    .select()
    .from(event)
    .where(gt(event.id, id))
    .orderBy(asc(event.id))
    .limit(limit)
    .all()
    .map(({ at: _at, data, ...row }) => ({ ...row, ...data }));
}

/** Newest id ever given, and the oldest that is still kept (one more than the newest when none is). */
export function eventSpan(db: Executor): { newest: number; oldest: number } {
  const newest =
    db.get<{ seq: number } | undefined>(sql`select seq from sqlite_sequence where name = 'event'`)?.seq ?? 0;
  const oldest = db.get<{ id: number | null }>(sql`select min(${event.id}) as id from ${event}`).id;
  return { newest, oldest: oldest ?? newest + 1 };
}

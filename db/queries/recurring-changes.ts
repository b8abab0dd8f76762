/** What was done to recurring runs, and by whom. */
import { desc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { recurringChange } from "@/db/schema";

export type NewRecurringChange = Omit<typeof recurringChange.$inferInsert, "key">;

/** Writes down one change. */
export function addRecurringChange(db: Executor, row: NewRecurringChange): void {
  db.insert(recurringChange).values(row).run();
}

/** The newest changes of a recurring run, the newest first. */
export const listRecurringChanges = (db: Executor, recurringKey: number, most: number) =>
  db
    .select()
    .from(recurringChange)
    .where(eq(recurringChange.recurringRunKey, recurringKey))
    .orderBy(desc(recurringChange.at), desc(recurringChange.key))
    .limit(most)
    .all();

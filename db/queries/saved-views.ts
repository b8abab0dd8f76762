/** Saved views of lists, and addresses that have a short link. */
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { savedView, shortLink } from "@/db/schema";
import type { ListName } from "@/server/domain/lists/list-names";

export type SavedViewRow = typeof savedView.$inferSelect;

/** The views of a list by name. */
export const viewsOf = (db: Executor, list: ListName): SavedViewRow[] =>
  db
    .select()
    .from(savedView)
    .where(and(eq(savedView.list, list), isNull(savedView.deletedAt)))
    .orderBy(asc(savedView.name))
    .all();

/** The view with this id, deleted ones included. */
export const findView = (db: Executor, id: string): SavedViewRow | undefined =>
  db.select().from(savedView).where(eq(savedView.id, id)).get();

/** Adds a view. */
export const insertView = (db: Executor, row: Omit<SavedViewRow, "key" | "deletedAt">): void => {
  db.insert(savedView).values(row).run();
};

/** Changes a view. */
export const updateView = (
  db: Executor,
  id: string,
  change: Partial<Pick<SavedViewRow, "name" | "query" | "updatedAt" | "deletedAt">>,
): void => {
  db.update(savedView).set(change).where(eq(savedView.id, id)).run();
};

/** Keeps an address under its id; the same one may be kept again. */
export const keepLink = (db: Executor, row: typeof shortLink.$inferInsert): void => {
  db.insert(shortLink).values(row).onConflictDoNothing().run();
};

/** The address that a short link stands for. */
export const addressOf = (db: Executor, id: string): string | undefined =>
  db.select({ address: shortLink.address }).from(shortLink).where(eq(shortLink.id, id)).get()?.address;

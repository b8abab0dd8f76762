/** Tags of runs. */
import { asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runTag } from "@/db/schema";

/** Tags of a run by name. */
export function tagsOfRun(db: Executor, runKey: number): { [name: string]: string } {
  const rows = db.select().from(runTag).where(eq(runTag.runKey, runKey)).orderBy(asc(runTag.name)).all();
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Replaces the whole set of tags. */
export function replaceRunTags(db: Executor, runKey: number, tags: { readonly [name: string]: string }): void {
  db.delete(runTag).where(eq(runTag.runKey, runKey)).run();
  for (const [name, value] of Object.entries(tags)) db.insert(runTag).values({ runKey, name, value }).run();
}

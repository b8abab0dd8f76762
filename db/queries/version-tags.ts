/** Labels of versions. */
import { asc, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { versionTag } from "@/db/schema";

/** Tags of several versions in one statement, by the version's key. */
export function tagsOfVersions(db: Executor, keys: readonly number[]): ReadonlyMap<number, { [name: string]: string }> {
  const tags = new Map<number, { [name: string]: string }>(keys.map((key) => [key, {}]));
  if (keys.length === 0) return tags;
  const rows = db
    .select()
    .from(versionTag)
    .where(inArray(versionTag.versionKey, [...keys]))
    .orderBy(asc(versionTag.name))
    .all();
  for (const { versionKey, name, value } of rows) {
    const own = tags.get(versionKey);
    if (own) own[name] = value;
  }
  return tags;
}

/** Replaces the whole set of tags. */
export function replaceVersionTags(db: Executor, key: number, tags: { readonly [name: string]: string }): void {
  db.delete(versionTag).where(eq(versionTag.versionKey, key)).run();
  for (const [name, value] of Object.entries(tags)) {
    db.insert(versionTag).values({ versionKey: key, name, value }).run();
  }
}

/** Settings of the installation as they are stored. */
import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { setting } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";

/** The stored value of a setting; undefined while nobody has set it. */
export function findSetting(db: Executor, name: string): JsonValue | undefined {
  return db.select({ value: setting.value }).from(setting).where(eq(setting.name, name)).get()?.value;
}

/** Sets a setting. */
export function putSetting(db: Executor, row: typeof setting.$inferInsert): void {
  const { value, updatedAt } = row;
  db.insert(setting).values(row).onConflictDoUpdate({ target: setting.name, set: { value, updatedAt } }).run();
}

/** Volumes: named directories that steps may be given. */
import { asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { volume } from "@/db/schema";

export type VolumeRow = typeof volume.$inferSelect;

/** The volume of this name. */
export function findVolume(db: Executor, name: string): VolumeRow | undefined {
  return db.select().from(volume).where(eq(volume.name, name)).get();
}

/** All volumes by name. */
export function listVolumeRows(db: Executor): VolumeRow[] {
  return db.select().from(volume).orderBy(asc(volume.name)).all();
}

/** Adds a volume and returns its row; keys are never given twice. */
export function insertVolume(db: Executor, row: Omit<VolumeRow, "key">): VolumeRow {
  return db.insert(volume).values(row).returning().get();
}

/** Changes columns of a volume. */
export function updateVolumeRow(
  db: Executor,
  key: number,
  change: Partial<Pick<VolumeRow, "path" | "description" | "updatedAt">>,
): void {
  db.update(volume).set(change).where(eq(volume.key, key)).run();
}

/** Forgets a volume. */
export function deleteVolumeRow(db: Executor, key: number): void {
  db.delete(volume).where(eq(volume.key, key)).run();
}

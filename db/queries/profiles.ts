/** Profiles: where and how steps run. */
import { asc, desc, eq, ne } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { profile } from "@/db/schema";

export type ProfileRow = typeof profile.$inferSelect;

/** The profile with this name. */
export function findProfile(db: Executor, name: string): ProfileRow | undefined {
  return db.select().from(profile).where(eq(profile.name, name)).get();
}

/** The profile of runs that name none. */
export function findDefaultProfile(db: Executor): ProfileRow | undefined {
  return db.select().from(profile).where(eq(profile.isDefault, true)).limit(1).get();
}

/** Adds a profile. */
export function insertProfile(db: Executor, row: Omit<ProfileRow, "key">): void {
  db.insert(profile).values(row).run();
}

/** All profiles, the default first, then by name. */
export function listProfileRows(db: Executor): ProfileRow[] {
  return db.select().from(profile).orderBy(desc(profile.isDefault), asc(profile.name)).all();
}

/** Changes columns of a profile. */
export function updateProfileRow(
  db: Executor,
  name: string,
  change: Partial<Omit<ProfileRow, "key" | "name" | "isDefault" | "createdAt">>,
): void {
  db.update(profile).set(change).where(eq(profile.name, name)).run();
}

/** Makes one profile the default, and no other. */
export function makeDefault(db: Executor, name: string): void {
  db.update(profile).set({ isDefault: false }).where(ne(profile.name, name)).run();
  db.update(profile).set({ isDefault: true }).where(eq(profile.name, name)).run();
}

/** Removes a profile. */
export function deleteProfileRow(db: Executor, name: string): void {
  db.delete(profile).where(eq(profile.name, name)).run();
}

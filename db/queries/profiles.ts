/** Profiles: where and how steps run. */
import { eq } from "drizzle-orm";
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

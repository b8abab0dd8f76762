/** Brings a database file to this build's schema, or refuses one that is newer. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import type { Db } from "./client";

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

/** Newest creation time (ms) of the migrations that this build carries. */
function newestMigration(folder: string): number {
  const journal: Journal = JSON.parse(readFileSync(join(folder, "meta", "_journal.json"), "utf8"));
  return Math.max(0, ...journal.entries.map((entry) => entry.when));
}

/** Newest migration that the database has seen (ms), 0 for an empty one. */
function appliedMigration(db: Db): number {
  const table = db.$client.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get();
  if (!table) return 0;
  const row = db.$client.prepare("select max(created_at) as newest from __drizzle_migrations").get();
  return Number((row as { newest: number | null }).newest ?? 0);
}

/** `current`, `behind` (needs migrating) or `ahead` (made by a newer build). */
export function schemaState(db: Db, folder: string): "current" | "behind" | "ahead" {
  const applied = appliedMigration(db);
  const newest = newestMigration(folder);
  return applied === newest ? "current" : applied > newest ? "ahead" : "behind";
}

/**
 * Migrates in one transaction with a copy kept beside the file until it has succeeded. Foreign keys are off meanwhile,
 * because a table rebuild with them on deletes cascading children. Throws when the database is newer than this build.
 */
export function migrateDatabase(db: Db, folder: string): void {
  const state = schemaState(db, folder);
  if (state === "current") return;
  if (state === "ahead") {
    throw new Error(
      "the database was written by a newer Penstock; start that one, or restore a backup of this version",
    );
  }
  const copy = `${db.$client.name}.before-migration`;
  const isFile = db.$client.name !== ":memory:" && appliedMigration(db) > 0;
  if (isFile) {
    rmSync(copy, { force: true });
    db.$client.prepare("vacuum into ?").run(copy);
  }
  db.$client.pragma("foreign_keys = OFF");
  migrate(db, { migrationsFolder: folder });
  const broken = db.$client.pragma("foreign_key_check") as unknown[];
  db.$client.pragma("foreign_keys = ON");
  if (broken.length > 0) {
    throw new Error(`the migration left ${broken.length} broken references; the copy is ${copy}`);
  }
  if (isFile && existsSync(copy)) rmSync(copy);
}

/** Databases for tests: migrated, empty, in memory or in a file. */
import { migrationsFolder } from "@/server/platform/root";
import { type Db, openDatabase } from "./client";
import { migrateDatabase } from "./migrate";

/** A migrated database in memory, or in `file` when given (needed where two connections must see each other). */
export function testDatabase(file = ":memory:"): Db {
  const db = openDatabase(file);
  migrateDatabase(db, migrationsFolder());
  return db;
}

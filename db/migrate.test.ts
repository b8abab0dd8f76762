import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { migrationsFolder, programRoot } from "@/server/platform/root";
import { openDatabase } from "./client";
import { migrateDatabase, schemaState } from "./migrate";
import { testDatabase } from "./testing";

test("an empty database becomes current, and a second call changes nothing", () => {
  const db = testDatabase();
  expect(schemaState(db, migrationsFolder())).toBe("current");
  migrateDatabase(db, migrationsFolder());
  expect(schemaState(db, migrationsFolder())).toBe("current");
});

test("a database from a newer build is refused and left alone", () => {
  const db = testDatabase();
  db.$client.prepare("insert into __drizzle_migrations (hash, created_at) values ('x', ?)").run(Date.now() * 2);
  expect(() => migrateDatabase(db, migrationsFolder())).toThrow(/newer Penstock/);
});

test("the migrations hold everything the schema says", () => {
  const printed = execFileSync("npx", ["drizzle-kit", "generate"], { cwd: programRoot(), encoding: "utf8" });
  expect(printed).toContain("No schema changes");
});

test("counts of runs follow every change of state, archive and deletion", () => {
  const db = openDatabase(":memory:");
  migrateDatabase(db, migrationsFolder());
  const sql = db.$client;
  sql.pragma("foreign_keys = OFF");
  const insert = sql.prepare(
    `insert into run (id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
     values (?, 'r', 'pending', 1, 'p', 1, 'local', 'manual', '{}', 0, 0)`,
  );
  insert.run("a");
  insert.run("b");
  sql.prepare("update run set state = 'running' where id = 'a'").run();
  sql.prepare("update run set archived_at = 5 where id = 'b'").run();
  const counts = () =>
    sql.prepare("select state, is_archived, count from run_count where count > 0 order by state").raw().all();
  expect(counts()).toEqual([
    ["pending", 1, 1],
    ["running", 0, 1],
  ]);
  sql.prepare("update run set deleted_at = 5 where id = 'b'").run();
  sql.prepare("delete from run where id = 'a'").run();
  expect(counts()).toEqual([]);
});

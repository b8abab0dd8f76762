/** Cells of an attempt from its folder: what a helper wrote, half a line, what hides a secret, and what is no file at all. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { saveSecret } from "../secrets/save-secret";
import { type TestServices, testServices } from "../testing";
import { getCells } from "./get-cells";

let services: TestServices;
let folder: string;

beforeEach(() => {
  services = testServices();
  const { db, dataDir } = services.context;
  db.$client.exec("pragma foreign_keys = off");
  db.$client.exec(`insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin,
      created_at, scheduled_at) values (7, 'r', 'r', 'running', 1, 'p', 1, 'local', 'manual', 0, 0);
    insert into task (key, run_key, path, step_path, name, kind, state, created_at)
      values (3, 7, 's', 's', 's', 'notebook', 'running', 0);
    insert into attempt (task_key, run_key, number, state, created_at) values (3, 7, 1, 'running', 0);`);
  folder = dataDir.attempt(7, 3, 1);
  mkdirSync(folder, { recursive: true });
});
afterEach(() => services.close());

const read = (attempt = 1) => getCells(services.context, { task: 3, attempt });
const cells = async () => (await read()).cells;
const events = () => join(folder, "events.jsonl");
const say = (event: object) => appendFileSync(events(), `${JSON.stringify(event)}\n`);

test("shows cells as they run, and the line that still grows not yet", async () => {
  expect(await cells()).toEqual([]);
  say({ kind: "cell", index: 0, type: "code", hash: "b".repeat(64), source: "print(1)" });
  say({ kind: "cell-start", index: 0, at: 1 });
  appendFileSync(events(), '{"kind": "cell-end", "index": 0,');
  expect(await cells()).toMatchObject([{ state: "running", source: "print(1)" }]);
  appendFileSync(events(), ' "at": 2}\n');
  expect(await cells()).toMatchObject([{ state: "succeeded" }]);
});

test("hides the values of secrets, also where they were printed in two portions", async () => {
  await saveSecret(services.context, { name: "db", values: { password: "correct horse" } });
  say({ kind: "cell", index: 0, type: "code", hash: "b".repeat(64), source: "print(password)" });
  for (const text of ["it is correct ", "horse\n"]) {
    say({ kind: "output", index: 0, output: { output_type: "stream", name: "stdout", text } });
  }
  expect(JSON.stringify(await cells())).not.toMatch(/correct|horse/);
});

test("an attempt that is over has no running cell, and says that no more will come", async () => {
  say({ kind: "cell", index: 0, type: "code", hash: "b".repeat(64), source: "" });
  say({ kind: "cell-start", index: 0, at: 1 });
  expect(await read()).toMatchObject({ isComplete: false });
  services.context.db.$client.exec("update attempt set state = 'lost'");
  expect(await read()).toMatchObject({ cells: [{ state: "failed", error: null }], isComplete: true });
});

test("reads no pipe, no link and no line without an end", async () => {
  execFileSync("mkfifo", [events()]);
  expect(await cells()).toEqual([]);
  rmSync(events());
  symlinkSync("/etc/passwd", events());
  expect(await cells()).toEqual([]);
  rmSync(events());
  writeFileSync(events(), Buffer.alloc(20_000_000, "x"));
  say({});
  say({ kind: "cell", index: 0, type: "code", hash: "b".repeat(64), source: "" });
  expect(await cells()).toHaveLength(1);
});

test("an attempt that is not there is not found", async () => {
  await expect(read(2)).rejects.toMatchObject({ code: "not-found" });
});

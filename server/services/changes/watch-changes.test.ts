import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addEvent } from "@/db/queries/events";
import { testDatabase } from "@/db/testing";
import { SaveSecretInput } from "@/server/domain/inputs/surroundings";
import type { ChangeView } from "@/server/domain/views/changes";
import { saveSecret } from "../secrets/save-secret";
import { type TestServices, testServices } from "../testing";
import { watchChanges } from "./watch-changes";

let services: TestServices;
let stop: AbortController;
beforeEach(() => {
  services = testServices();
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  services.close();
});

const announce = (subject: string, topic: "run" | "pipeline" = "run") =>
  addEvent(services.context.db, { at: new Date(), topic, subject, kind: "state", data: { state: "running" } });

/** Reads a stream one change at a time; `next` waits for it. */
function watch(topics: readonly string[], after: number | null = null) {
  const stream = watchChanges(services.context, { topics, after, signal: stop.signal });
  return {
    next: async (): Promise<ChangeView> => {
      const { value, done } = await stream.next();
      if (done) throw new Error("the stream ended");
      return value;
    },
    ended: async () => (await stream.next()).done,
  };
}

test("a listener hears of what it asked for and of nothing else", async () => {
  const runs = watch(["run:b", "pipelines"]);
  expect(await runs.next()).toMatchObject({ kind: "ready", id: 0 });
  announce("a");
  announce("b");
  announce("p", "pipeline");
  expect(await runs.next()).toEqual({ id: 2, topic: "run", subject: "b", kind: "state", state: "running" });
  expect(await runs.next()).toMatchObject({ id: 3, topic: "pipeline", subject: "p" });
});

test("commits of another process arrive, and an announcement that is rolled back does not", async () => {
  const other = testDatabase(services.context.dataDir.database);
  const runs = watch(["runs"]);
  await runs.next();
  expect(() =>
    other.$client.transaction(() => {
      addEvent(other, { at: new Date(), topic: "run", subject: "never", kind: "state" });
      throw new Error("rolled back");
    })(),
  ).toThrow();
  addEvent(other, { at: new Date(), topic: "run", subject: "other", kind: "state" });
  expect(await runs.next()).toMatchObject({ subject: "other" });
  other.$client.close();
});

test("who comes back with an id gets what was missed, once and in order", async () => {
  for (const run of ["a", "b", "c"]) announce(run);
  const runs = watch(["runs"], 1);
  expect([await runs.next(), await runs.next(), await runs.next()].map(({ id, kind }) => [id, kind])).toEqual([
    [2, "state"],
    [3, "state"],
    [3, "ready"],
  ]);
  announce("d");
  expect(await runs.next()).toMatchObject({ id: 4, subject: "d" });
});

test.each([
  ["too old", 1],
  ["from another database", 99],
])("an id that is %s means: fetch again", async (_what, after) => {
  for (const run of ["a", "b", "c", "d"]) announce(run);
  services.context.db.$client.exec("delete from event where id <= 3");
  const runs = watch(["runs"], after);
  expect(await runs.next()).toMatchObject({ id: 4, topic: "system", kind: "reset" });
  expect(await runs.next()).toMatchObject({ kind: "ready" });
});

test("an id just before the oldest kept event, or after all were swept, misses nothing", async () => {
  for (const run of ["a", "b", "c"]) announce(run);
  services.context.db.$client.exec("delete from event where id <= 2");
  expect(await watch(["runs"], 2).next()).toMatchObject({ id: 3, kind: "state" });
  services.context.db.$client.exec("delete from event");
  expect(await watch(["runs"], 3).next()).toMatchObject({ id: 3, kind: "ready" });
});

test("a listener that does not read is told to fetch again instead of filling the memory", async () => {
  const slow = watch(["runs"]);
  const quick = watch(["runs"]);
  await slow.next();
  await quick.next();
  const pending = quick.next();
  services.context.db.$client.transaction(() => {
    for (let n = 0; n < 2_500; n += 1) announce(`r${n}`);
  })();
  await pending;
  expect(await slow.next()).toMatchObject({ kind: "reset", id: 2_500 });
  expect(await slow.next()).toMatchObject({ kind: "state", id: 2_001 });
});

/** A run with one task and the folder of its first attempt. */
function givenAttempt(): string {
  const { db, dataDir } = services.context;
  db.$client.exec("pragma foreign_keys = off");
  db.$client.exec(`insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin,
      created_at, scheduled_at) values (7, 'r', 'r', 'running', 1, 'p', 1, 'local', 'manual', 0, 0);
    insert into task (key, run_key, path, step_path, name, kind, state, created_at)
      values (3, 7, 's', 's', 's', 'container', 'running', 0);
    insert into attempt (task_key, run_key, number, state, created_at) values (3, 7, 1, 'running', 0);`);
  const folder = dataDir.attempt(7, 3, 1);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("a log is told to have grown with the size it has, from the first byte on", async () => {
  const folder = givenAttempt();
  appendFileSync(join(folder, "log"), "12345");
  const logs = watch(["log:3/1"]);
  expect(await logs.next()).toMatchObject({ kind: "ready" });
  expect(await logs.next()).toMatchObject({ topic: "log", subject: "r", log: { task: 3, attempt: 1, size: 5 } });
  appendFileSync(join(folder, "log"), "67");
  expect((await logs.next()).log).toEqual({ task: 3, attempt: 1, size: 7, added: { from: 5, base64: base64("67") } });
  // Cells that print nothing are told by their events.
  appendFileSync(join(folder, "events.jsonl"), "{}\n");
  expect(await logs.next()).toMatchObject({ kind: "grown", log: { task: 3, attempt: 1, size: 7 } });
});

test("what a log has grown by is told with the values of secrets hidden, also where they are printed in pieces", async () => {
  givenAttempt();
  await saveSecret(services.context, SaveSecretInput.parse({ name: "db", values: { token: "hunter2-hunter2" } }));
  const log = join(services.context.dataDir.attempt(7, 3, 1), "log");
  appendFileSync(log, "begun\n");
  const logs = watch(["log:3/1"]);
  await logs.next();
  await logs.next();
  const told = async (printed: string) => {
    appendFileSync(log, printed);
    return Buffer.from((await logs.next()).log?.added?.base64 ?? "", "base64").toString();
  };
  expect(await told("hunter2-")).toBe("********");
  expect(await told("hunter2\nplain\n")).toBe("*******\nplain\n");
});

test("the stream ends with its signal, also while it waits", async () => {
  const runs = watch(["runs"]);
  await runs.next();
  const ended = runs.ended();
  stop.abort();
  expect(await ended).toBe(true);
});

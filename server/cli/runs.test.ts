import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bulk, RunItem, WholeRun } from "@/e2e/support/cli-shapes";
import { kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, ran, ranAsJson } from "./testing";

let server: CliServer;
beforeEach(async () => {
  server = await cliServer();
  const spec = kfpSpec("p", ["a"], { n: { parameterType: "NUMBER_INTEGER", defaultValue: 1, isOptional: true } });
  writeFileSync(join(server.folder, "p.json"), spec);
});
afterEach(() => server.close());

const penstock = (args: readonly string[], terminal?: { columns: number; rows: number }) =>
  ran(args, {
    env: server.env,
    cwd: server.folder,
    ...(terminal && { terminal: { stdout: terminal, stderr: terminal } }),
  });
const asJson = (...args: readonly string[]) => ranAsJson(server, args);
const sql = () => server.services.context.db.$client;

async function start(name: string, ...more: readonly string[]): Promise<string> {
  const { json } = await asJson("submit", "p.json", "--name", name, ...more);
  return json.run.id;
}
const finish = (id: string, state: string) => {
  sql().prepare("update run set state = ?, started_at = 3, finished_at = 5 where id = ?").run(state, id);
  sql().prepare("insert into event (at, topic, subject, kind, data) values (0, 'run', ?, 'state', '{}')").run(id);
};

test("a run is meant by its id, by 6 characters of it, or by its name; what may be several is refused", async () => {
  const id = await start("one");
  for (const text of [id, id.slice(0, 6), "one"]) {
    const { exit, json } = await asJson("runs", "get", text);
    expect([exit, WholeRun.parse(json).id]).toEqual([0, id]);
  }
  const short = await asJson("runs", "get", id.slice(0, 5));
  expect(short).toMatchObject({ exit: 2, json: { error: { code: "not-found", message: /at least 6/ } } });
  const second = await start("one");
  const both = await penstock(["runs", "get", "one"]);
  expect(both).toMatchObject({ exit: 2, out: "" });
  expect(both.err).toMatch(new RegExp(`any of these runs.*\\n[\\s\\S]*${second}[\\s\\S]*${id}`));
  sql().prepare("update run set id = 'abcdef-1' where id = ?").run(id);
  sql().prepare("update run set id = 'abcdef-2' where id = ?").run(second);
  expect((await penstock(["runs", "get", "abcdef"])).err).toContain("abcdef-2");
  expect((await asJson("runs", "get", "abcdef-1")).json.id).toBe("abcdef-1");
});

test("several runs at once: what cannot be done is summed up and ends with 2, the rest is done", async () => {
  const [a, b] = [await start("a"), await start("b")];
  const archived = await asJson("runs", "archive", "a", b, "nobody");
  expect({ ...archived, json: Bulk.parse(archived.json) }).toEqual({
    exit: 2,
    json: {
      done: expect.arrayContaining([a, b]),
      failed: [{ run: "nobody", message: expect.stringContaining("nobody") }],
    },
  });
  expect((await asJson("runs", "list")).json.items).toEqual([]);
  expect((await asJson("runs", "list", "--archived")).json.items.map(RunItem.parse)).toHaveLength(2);
  expect((await penstock(["runs", "restore", "a", "b"])).out).toBe("2 runs restored.\n");
  expect(await asJson("runs", "delete", "a")).toEqual({ exit: 0, json: { done: [a], failed: [] } });
  expect((await penstock(["runs", "get", a])).exit).toBe(2);
  expect((await asJson("runs", "restore", a.slice(0, 8))).json).toEqual({ done: [a], failed: [] });
  const canceled = await penstock(["runs", "terminate", "a", "b"]);
  expect([canceled.exit, canceled.out]).toEqual([0, "2 runs asked to end.\n"]);
  expect(sql().prepare("select count(*) from run where cancel_requested_at is not null").pluck().get()).toBe(2);
  const refused = await asJson("runs", "retry", "a", "b");
  expect(refused).toMatchObject({ exit: 2, json: { done: [], failed: [{ run: "a" }, { run: "b" }] } });
  finish(a, "failed");
  finish(b, "failed");
  expect((await asJson("retry", "a", "b")).json.done).toEqual([a, b]);
  expect((await asJson("retry", "a", "b", "--wait")).exit).toBe(2);
});

test("a run is cloned as it is, with other parameters, of another version, and says what was left out", async () => {
  const id = await start("first", "--param", "n=5");
  const same = await asJson("runs", "clone", id);
  expect(RunItem.parse(same.json)).toMatchObject({ origin: "clone", parameters: { n: 5 } });
  expect((await asJson("runs", "clone", id, "--param", "n=7")).json.parameters).toEqual({ n: 7 });
  writeFileSync(join(server.folder, "p.json"), kfpSpec("p", ["a", "b"], { m: { parameterType: "STRING" } }));
  expect((await asJson("pipelines", "upload", "p.json")).json.version.number).toBe(2);
  const other = await penstock(["runs", "clone", id, "--version", "2", "--param", "m=x", "--json"]);
  expect(JSON.parse(other.out)).toMatchObject({ version: { number: 2 }, parameters: { m: "x" } });
  expect(other.err).toContain("does not know n");
  expect(await asJson("runs", "clone", id, "--version", "9")).toMatchObject({ exit: 2 });
  expect(await asJson("runs", "clone", id, "--param", "n=x")).toMatchObject({ exit: 2 });
  const waiting = penstock(["runs", "clone", id, "--name", "waited", "--wait"]);
  const made = await vi.waitUntil(() => sql().prepare("select id from run where name = 'waited'").pluck().get(), {
    timeout: 10_000,
  });
  finish(String(made), "failed");
  expect((await waiting).exit).toBe(1);
});

test("a run is renamed", async () => {
  const id = await start("old");
  expect(RunItem.parse((await asJson("runs", "rename", "old", "new")).json)).toMatchObject({ id, name: "new" });
  expect((await asJson("runs", "rename", "old", "x")).exit).toBe(2);
});

function addTask(name: string, state: string): void {
  sql()
    .prepare(
      "insert into task (run_key, path, step_path, name, kind, state, created_at) values (1, ?, ?, ?, 'container', ?, 0)",
    )
    .run(name, name, name, state);
}

test("watch tells each change in a line, on a terminal in a table drawn anew, and follows the run's end", async () => {
  const id = await start("watched");
  addTask("train", "queued");
  const told = ["", "", ""];
  const watch = (at: number, args: readonly string[], columns?: number) =>
    ran(["runs", "watch", ...args], {
      env: server.env,
      cwd: server.folder,
      ...(columns && { terminal: { stdout: { columns, rows: 20 }, stderr: { columns } } }),
      hears: (chunk) => {
        told[at] += chunk;
      },
    });
  const lines = watch(0, [id]);
  const drawn = watch(1, ["watched"], 60);
  const asOne = watch(2, [id, "--json"]);
  const allTell = (state: string) =>
    vi.waitUntil(() => told.every((text) => text.includes(state)), { timeout: 10_000 });
  await allTell("queued");
  sql().exec("update task set state = 'running', started_at = 1000 where name = 'train'");
  sql().prepare("insert into event (at, topic, subject, kind, data) values (0, 'run', ?, 'tasks', '{}')").run(id);
  await allTell("running");
  sql().exec("update task set state = 'succeeded', finished_at = 2000 where name = 'train'");
  finish(id, "succeeded");
  expect(await lines).toMatchObject({
    exit: 0,
    out: expect.stringMatching(
      /train: queued\n[\s\S]*train: queued → running\n[\s\S]*train: running → succeeded\n[\s\S]*watched: succeeded/,
    ),
  });
  const table = await drawn;
  expect(table.out).toMatch(/watched: .*pending.*\nSTEP +STATE/);
  expect(table.out).toContain("\u001b[3A\u001b[J");
  expect(table.out).toContain("\u001b[32msucceeded");
  const one = await asOne;
  expect([one.exit, one.json()]).toMatchObject([0, { state: "succeeded", tasks: [{ name: "train" }] }]);
});

test("logs of one attempt only", async () => {
  const id = await start("logged");
  addTask("a", "failed");
  expect((await asJson("logs", id, "--attempt", "2")).json.error.message).toContain("attempt 2");
  expect((await asJson("logs", id, "--attempt", "x")).exit).toBe(2);
});

test("NO_COLOR and pipes show no colours", async () => {
  await start("plain");
  const terminal = { columns: 80, rows: 20 };
  expect((await penstock(["runs", "list"], terminal)).out).toContain("\u001b[90mpending");
  const where = { cwd: server.folder, terminal: { stdout: terminal, stderr: terminal } };
  const { out } = await ran(["runs", "list"], { ...where, env: { ...server.env, NO_COLOR: "1" } });
  expect(out).not.toContain("\u001b");
  expect((await penstock(["runs", "list"])).out).not.toContain("\u001b");
});

test("a run waits with the priority it was given, or another one, or before all others", async () => {
  const [low, other] = [await start("low", "--priority", "-10"), await start("other", "--priority", "3")];
  const priorityOf = (id: string) =>
    server.services.context.db.$client.prepare("select priority from run where id = ?").pluck().get(id);
  expect([low, other].map(priorityOf)).toEqual([-10, 3]);
  expect((await penstock(["runs", "prioritize", low, other, "--priority", "7"])).out).toBe(
    "2 runs of priority 7 now.\n",
  );
  expect((await asJson("runs", "prioritize", low, "--front")).json).toEqual({ done: [low], failed: [] });
  expect([low, other].map(priorityOf)).toEqual([8, 7]);
  expect((await penstock(["runs", "prioritize", low])).err).toContain("Give --priority with a number, or --front.");
  expect((await penstock(["runs", "prioritize", low, "--priority", "many"])).exit).toBe(2);
  const again = (await asJson("runs", "clone", low, "--priority", "1")).json.id;
  expect(priorityOf(String(again))).toBe(1);
});

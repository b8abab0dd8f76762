import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { document, node } from "@/pipelines/elyra/sample-document";
import { elyraPipeline, kfpSpec } from "@/server/services/testing-specs";
import { connect } from "./connection";
import { asCommandError } from "./exit";
import { collectFiles } from "./submit-files";
import { type CliServer, cliServer, type Ran, ran } from "./testing";

let server: CliServer;
let folder: string;
beforeEach(async () => {
  server = await cliServer();
  ({ folder } = server);
});
afterEach(() => server.close());

function put(files: { readonly [path: string]: string }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const penstock = (args: readonly string[], env: { readonly [name: string]: string } = server.env): Promise<Ran> =>
  ran(args, { env, cwd: folder });

const sql = () => server.services.context.db.$client;

test("submit uploads a pipeline and starts a run; stdout is one JSON value", async () => {
  put({
    "train.json": kfpSpec("train", ["a"], { n: { parameterType: "NUMBER_INTEGER" }, s: { parameterType: "STRING" } }),
  });
  const ran = await penstock([
    "submit",
    "train.json",
    "--param",
    "n=3",
    "--param",
    "s=007",
    "--name",
    "mine",
    "--experiment",
    "night",
    "--json",
  ]);
  expect(ran.exit).toBe(0);
  expect(ran.json()).toMatchObject({
    run: { name: "mine", state: "pending", experiment: { name: "night" }, parameters: { n: 3, s: "007" } },
    pipeline: { name: "train" },
    version: { number: 1, state: "runnable", missing: [] },
  });
  expect((await penstock(["runs", "list", "--json"])).json()).toMatchObject({ items: [{ name: "mine" }], next: null });
});

test("submit of a .pipeline brings the files it names, folders and patterns too, and nothing else", async () => {
  put({
    "proj/flows/p.pipeline": elyraPipeline(["../scripts/a.py", "b.py"], ["data", "*.csv"]),
    "proj/scripts/a.py": "a",
    "proj/scripts/data/x.txt": "x",
    "proj/scripts/one.csv": "1",
    "proj/scripts/secret.txt": "not named",
    "proj/flows/b.py": "b",
    "proj/flows/data/y.txt": "y",
    "proj/flows/two.csv": "2",
    "other/z.py": "z",
  });
  const files = await collectFiles(["proj/flows/p.pipeline"], folder);
  expect(files.map((file) => file.path).sort()).toEqual([
    "flows/b.py",
    "flows/data/y.txt",
    "flows/p.pipeline",
    "flows/two.csv",
    "scripts/a.py",
    "scripts/data/x.txt",
    "scripts/one.csv",
  ]);
  const ran = await penstock(["submit", "proj/flows/p.pipeline", "--json"]);
  expect(ran.json()).toMatchObject({ version: { state: "runnable" }, run: { state: "pending" } });
});

test("submit brings the definitions of custom components, and sets how files pass", async () => {
  const operation = `local-file-catalog:${createHash("sha256").update("parts/c.yaml").digest("hex").slice(0, 12)}`;
  const text = { widget: "file", value: "notes.txt" };
  put({
    "p.pipeline": JSON.stringify(document([node("a", { op: operation, parameters: { filename: "", text } })])),
    "lib/parts/c.yaml": "{name: C, inputs: [{name: Text}], implementation: {container: {image: i, command: [sh]}}}",
    "lib/other.yaml": "a: 1",
    "notes.txt": "n",
  });
  const files = await collectFiles(["p.pipeline"], folder);
  expect(files.map((file) => file.path).sort()).toEqual(["lib/parts/c.yaml", "notes.txt", "p.pipeline"]);
  const ran = await penstock(["submit", "p.pipeline", "--file-mode", "isolated", "--json"]);
  expect(ran.json()).toMatchObject({ version: { state: "runnable" }, run: { state: "pending" } });
  expect(sql().prepare("select file_mode from run").pluck().get()).toBe("isolated");
  expect((await penstock(["submit", "p.pipeline", "--file-mode", "other", "--json"])).exit).toBe(2);
});

test("nothing above the folder given is sent, nor what a link leads to", async () => {
  put({
    "in/p.pipeline": elyraPipeline(["../out.py", "link.py", "../../etc/passwd"]),
    "out.py": "o",
    "target.py": "t",
  });
  symlinkSync(join(folder, "target.py"), join(folder, "in", "link.py"));
  const inside = await collectFiles(["p.pipeline"], join(folder, "in"));
  expect(inside.map((file) => file.path)).toEqual(["p.pipeline"]);
  const given = await collectFiles([join(folder, "in")], "/");
  expect(given.map((file) => file.path)).toEqual(["p.pipeline"]);
});

test("an Incomplete version ends with 2 and the names of what is missing", async () => {
  put({ "p.pipeline": elyraPipeline(["a.py"]) });
  const ran = await penstock(["submit", "p.pipeline", "--json"]);
  expect(ran.exit).toBe(2);
  expect(ran.json()).toMatchObject({ run: null, version: { state: "incomplete", missing: ["a.py"] } });
});

test.each([
  [["submit", "nothing.yaml"], 2],
  [["submit", "bad.json"], 2],
  [["submit", "ok.json", "--param", "n=x"], 2],
  [["submit", "ok.json", "--param", "other=1"], 2],
  [["submit", "ok.json"], 2],
  [["runs", "get", "nobody"], 2],
  [["runs", "list", "--state", "odd"], 2],
  [["runs", "fly"], 2],
  [["submit"], 2],
  [["--help"], 0],
])("%j ends with %i", async (args, exit) => {
  put({ "bad.json": "{", "ok.json": kfpSpec("p", ["a"], { n: { parameterType: "NUMBER_INTEGER" } }) });
  expect((await penstock(args)).exit).toBe(exit);
  expect(sql().prepare("select count(*) from run").pluck().get()).toBe(0);
});

test("errors are one JSON value too, with their problems", async () => {
  put({ "ok.json": kfpSpec("p", ["a"], { n: { parameterType: "NUMBER_INTEGER" } }) });
  const ran = await penstock(["submit", "ok.json", "--param", "n=1.5e", "--json"]);
  expect(ran.json()).toMatchObject({ error: { code: "refused", message: expect.stringContaining("n") } });
  const missing = await penstock(["submit", "ok.json", "--json"]);
  expect(missing.json()).toMatchObject({
    error: { code: "invalid", problems: [{ place: "parameters.n", rule: "parameter-none-given" }] },
  });
});

test("no server ends with 3, a wrong token with 2", async () => {
  const nowhere = await penstock(["runs", "list"], { ...server.env, PENSTOCK_URL: "http://127.0.0.1:9" });
  expect([nowhere.exit, nowhere.err]).toEqual([3, expect.stringContaining("penstock up")]);
  const unknown = await penstock(["runs", "list"], { HOME: folder });
  expect(unknown.exit).toBe(3);
  expect((await penstock(["runs", "list"], { ...server.env, PENSTOCK_TOKEN: "wrong" })).exit).toBe(2);
});

test("a server that does not know what it is asked is of another version, and that is said", async () => {
  const { api, url } = connect(server.env);
  const other = api as unknown as { readonly later: { readonly noun: { readonly query: () => Promise<unknown> } } };
  const error = asCommandError(await other.later.noun.query().catch((thrown: unknown) => thrown), url);
  expect(error).toMatchObject({ exit: 2, code: "other-version", message: expect.stringContaining("later.noun") });
});

test.each([
  ["succeeded", 0],
  ["failed", 1],
  ["canceled", 130],
])("submit --wait of a run that %s ends with %i", async (state, exit) => {
  put({ "p.json": kfpSpec("p") });
  const ran = penstock(["submit", "p.json", "--wait", "--json"]);
  await vi.waitUntil(() => sql().prepare("select count(*) from run").pluck().get() === 1, { timeout: 10_000 });
  sql().prepare("update run set state = ?, finished_at = 5").run(state);
  sql().prepare("insert into event (at, topic, subject, kind, data) select 0, 'run', id, 'state', '{}' from run").run();
  expect((await ran).exit).toBe(exit);
  expect((await ran).json()).toMatchObject({ run: { state, tasks: [], outputs: { parameters: {}, artifacts: {} } } });
});

test("runs cancel writes the intent", async () => {
  put({ "p.json": kfpSpec("p") });
  const { run } = (await penstock(["submit", "p.json", "--json"])).json() as unknown as { run: { id: string } };
  expect((await penstock(["runs", "cancel", run.id])).exit).toBe(0);
  expect(sql().prepare("select cancel_requested_by from run").pluck().get()).toBe("user");
});

test("logs print each step's lines, by step and as JSON with the moments they were written", async () => {
  put({ "p.json": kfpSpec("p", ["a", "b"]) });
  const { run } = (await penstock(["submit", "p.json", "--json"])).json() as unknown as { run: { id: string } };
  const { dataDir } = server.services.context;
  for (const [n, name] of ["a", "b"].entries()) {
    sql()
      .prepare(
        `insert into task (run_key, path, step_path, name, kind, state, attempt, created_at) values (1, ?, ?, ?, 'container', 'succeeded', 1, 0)`,
      )
      .run(name, name, name);
    sql()
      .prepare("insert into attempt (task_key, run_key, number, state, created_at) values (?, 1, 1, 'succeeded', 0)")
      .run(n + 1);
    const place = dataDir.attempt(1, n + 1, 1);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "log"), `${name} one\n${name} two`);
    writeFileSync(join(place, "log.times"), "6 1000\n11 2000\n");
  }
  expect((await penstock(["logs", run.id])).out).toBe("[a] a one\n[a] a two\n[b] b one\n[b] b two\n");
  expect((await penstock(["logs", run.id, "b"])).out).toBe("b one\nb two\n");
  const lines = (await penstock(["logs", run.id, "a", "--json"])).out.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { at: "1970-01-01T00:00:01.000Z", task: 1, attempt: 1, text: "a one" },
    { at: "1970-01-01T00:00:02.000Z", task: 1, attempt: 1, text: "a two" },
  ]);
  sql().exec("update run set state = 'succeeded'");
  expect((await penstock(["logs", run.id, "nowhere"])).exit).toBe(2);
});

test("doctor names what is wrong", async () => {
  const ran = await penstock(["doctor", "--json"]);
  expect(ran.exit).toBe(1);
  const { checks } = ran.json() as unknown as { checks: { name: string; ok: boolean; message: string }[] };
  expect(checks.find((check) => check.name === "engine")?.ok).toBe(false);
  const message = expect.stringMatching(/is Penstock 0\.0\.0, this command/);
  expect(checks.find((check) => check.name === "server")).toMatchObject({ ok: false, message });
  expect((await penstock(["doctor"], { HOME: folder })).exit).toBe(3);
});

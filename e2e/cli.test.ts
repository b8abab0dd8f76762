/** The `penstock` command as a script uses it: the built command in processes of its own, against the built server. */
import { existsSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { EXAMPLES } from "@/pipelines/examples";
import { programRoot } from "@/server/platform/root";
import { oneStep } from "./pipelines";
import { type Api, apiOf } from "./support/api";
import { bundle, GREETING, VERDICT, withoutIndex, writeFiles } from "./support/bundle";
import { Errors, RunItem, Submitted, WholeRun } from "./support/cli-shapes";
import { type CommandPlace, type Ran, type Running, startCommand } from "./support/command";
import { freePort, startServer, type TestServer, until } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
const SLOW = 180_000;

describe("the built command", () => {
  let server: TestServer;
  let api: Api;
  let folder: string;

  beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
  beforeAll(async () => {
    if (!isBuilt) return;
    folder = mkdtempSync(join(tmpdir(), "penstock-cli-e2e-"));
    server = await startServer({ env: { PENSTOCK_SLOTS: "4" } });
    api = apiOf(server);
  });
  afterAll(async () => {
    if (!isBuilt) return;
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (args: readonly string[], env: CommandPlace["env"] = {}, argv?: readonly string[]): Running =>
    startCommand(args, { cwd: folder, env: { PENSTOCK_HOME: server.home, ...env }, ...(argv && { argv }) });
  const penstock = (...args: readonly string[]): Promise<Ran> => start(args).ended;

  /** A pipeline file of one shell step in the folder. */
  function shell(name: string, script: string, parameters: Parameters<typeof oneStep>[2] = {}): string {
    writeFileSync(join(folder, `${name}.json`), oneStep(name, script, parameters));
    return `${name}.json`;
  }
  /** A step that says `before`, waits until the gate is opened or the folder goes, and says `after`. */
  function gated(name: string): { file: string; open: () => void } {
    const gate = join(folder, `${name}.gate`);
    const file = shell(
      name,
      `echo before; while [ -d '${folder}' ] && [ ! -e '${gate}' ]; do sleep 0.05; done; echo after`,
    );
    return { file, open: () => writeFileSync(gate, "") };
  }
  const json = (ran: Ran): unknown => JSON.parse(ran.out);

  test.concurrent("a .pipeline with its script, folder, data and notebook: submitted, waited for, whole", {
    timeout: SLOW,
  }, async ({ expect, skip }) => {
    writeFiles(join(folder, "words"), bundle("words"));
    const ran = await penstock("submit", "words/words.pipeline", "--wait", "--json");
    const { run, version } = Submitted.parse(json(ran));
    const whole = WholeRun.parse(run);
    const reason = withoutIndex(whole);
    if (reason !== null) skip(reason);
    expect([ran.exit, whole.state, version.state]).toEqual([0, "succeeded", "runnable"]);
    const outputs = Object.fromEntries(whole.tasks.map((task) => [task.name, Object.keys(task.outputs.artifacts)]));
    expect(outputs).toEqual({ prepare: ["words.json"], explore: ["executed notebook", "verdict.md"] });
    const { out } = await penstock("logs", whole.id);
    expect(out).toContain(`[prepare] ${GREETING}\n`);
    expect(out).toContain(`[explore] ${VERDICT}\n`);
    expect(WholeRun.parse(json(await penstock("runs", "get", whole.id, "--json")))).toEqual(whole);
  });

  test.concurrent.for(EXAMPLES)("the example $id succeeds", { timeout: SLOW }, async ({ id, pipeline }, { expect }) => {
    const file = join(programRoot(), "pipelines", "examples", id, pipeline);
    const ran = await penstock("submit", file, "--wait", "--json");
    expect(ran.exit, ran.out + ran.err).toBe(0);
    const run = WholeRun.parse(Submitted.parse(json(ran)).run);
    expect(run).toMatchObject({ state: "succeeded", reason: null, origin: "manual" });
    expect(run.tasks.every((task) => task.state === "succeeded")).toBe(true);
    const first = run.tasks.find((task) => task.attempts.length > 0);
    expect((await penstock("logs", run.id, first?.step ?? "")).exit).toBe(0);
  });

  test("submit without --wait is accepted; runs list and get say what the design says, in JSON and in words", async () => {
    const file = shell("plain", "echo quince", { n: { parameterType: "NUMBER_INTEGER" } });
    const ran = await penstock("submit", file, "--param", "n=4", "--name", "mine", "--experiment", "night", "--json");
    const run = RunItem.parse(Submitted.parse(json(ran)).run);
    expect([ran.exit, run.name, run.experiment.name, run.parameters]).toEqual([0, "mine", "night", { n: 4 }]);
    await api.finished(run.id);
    const listed = await penstock("runs", "list", "--search", "mine", "--state", "succeeded", "--json");
    const page = z.strictObject({ items: z.array(RunItem), next: z.null() }).parse(json(listed));
    expect(page.items.map((item) => item.id)).toEqual([run.id]);
    const words = await penstock("runs", "get", run.id);
    expect([words.exit, words.out]).toEqual([0, expect.stringContaining("mine: succeeded")]);
    const lines = (await penstock("logs", run.id, "say", "--json")).out.trim().split("\n");
    const line = z.strictObject({ at: z.iso.datetime(), task: z.int(), attempt: z.literal(1), text: z.string() });
    expect(lines.map((text) => line.parse(JSON.parse(text)).text)).toEqual(["quince"]);
  });

  test("logs -f prints what comes as it comes, and ends with the run", async () => {
    const { file, open } = gated("followed");
    const { run } = Submitted.parse(json(await penstock("submit", file, "--json")));
    const follower = start(["logs", run?.id ?? "", "-f"]);
    await until("the first line", () => follower.said.out.includes("before"));
    expect(follower.said.out).not.toContain("after");
    const misspelt = await penstock("logs", run?.id ?? "", "sya");
    expect(misspelt).toMatchObject({ exit: 2, out: "", err: expect.stringMatching(/no step sya.*say/) });
    open();
    expect(await follower.ended).toMatchObject({ exit: 0, out: "[say] before\n[say] after\n" });
  });

  test("a failing run ends with 1 and says which step failed first, and why", async () => {
    const ran = await penstock("submit", shell("fails", "echo no >&2; exit 3"), "--wait");
    expect(ran).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/^fails .*: failed,.*\n {2}first failed: say: Exit code 3: no\n/),
    });
  });

  test("a canceled run ends with 130, for who cancels it with 0", async () => {
    const waiting = start(["submit", gated("canceled").file, "--wait", "--json", "--name", "to-cancel"]);
    const id = await until("the run to run", async () => {
      const page = await api.query<{ items: readonly { id: string }[] }>("runs.list", {
        search: "to-cancel",
        states: ["running"],
      });
      return page.items[0]?.id;
    });
    const asked = await penstock("runs", "cancel", id, "--json");
    expect([asked.exit, RunItem.parse(json(asked)).id]).toEqual([0, id]);
    const ran = await waiting.ended;
    expect([ran.exit, Submitted.parse(json(ran)).run?.state]).toEqual([130, "canceled"]);
  });

  test("Ctrl-C ends the command with 130 and says that the run goes on, which it does", async () => {
    const { file, open } = gated("left");
    const waiting = start(["submit", file, "--wait", "--json"]);
    await until("the command to wait", () => waiting.said.err.includes("running"));
    waiting.child.kill("SIGINT");
    const ran = await waiting.ended;
    const id = /\/runs\/(\S+)/.exec(ran.err)?.[1] ?? "";
    expect([ran.exit, ran.err]).toEqual([130, expect.stringContaining("The run goes on")]);
    expect(Submitted.parse(json(ran)).run?.id).toBe(id);
    expect((await api.query<{ state: string }>("runs.get", { id })).state).toBe("running");
    open();
    expect((await api.finished(id)).state).toBe("succeeded");
  });

  test("what is refused ends with 2 and the place of the trouble, as one JSON value", async () => {
    const typed = shell("typed", "true", { n: { parameterType: "NUMBER_INTEGER" } });
    writeFiles(folder, { "bad.json": "{", "lonely.pipeline": bundle("lonely")["lonely.pipeline"] ?? "" });
    const refusals: readonly (readonly [args: readonly string[], words: string])[] = [
      [["submit", "nowhere.yaml"], "nowhere.yaml"],
      [["submit", "bad.json"], "line 1, column 2"],
      [["submit", typed], "n"],
      [["submit", typed, "--param", "n=many"], "n"],
      [["submit", typed, "--param", "n=[1]"], "n"],
      [["submit", typed, "--param", "n=1", "--param", "other=2"], "other"],
      [["runs", "get", "nobody"], "nobody"],
      [["runs", "list", "--state", "odd"], "odd"],
      [["fly"], "fly"],
      [["submit"], "missing required argument 'file'"],
      [["runs"], "--help"],
    ];
    const before = (await api.query<{ total: number }>("runs.list", {})).total;
    for (const [args, words] of refusals) {
      const ran = await penstock(...args, "--json");
      expect(ran.exit, args.join(" ")).toBe(2);
      expect(JSON.stringify(Errors.parse(json(ran)))).toContain(words);
    }
    const lonely = await penstock("submit", "lonely.pipeline", "--wait", "--json");
    const { run, version } = Submitted.parse(json(lonely));
    expect([lonely.exit, run, version.state]).toEqual([2, null, "incomplete"]);
    expect(version.missing).toEqual(expect.arrayContaining(["steps/prepare.py", "steps/explore.ipynb"]));
    expect((await penstock("submit", "lonely.pipeline")).out).toContain("steps/prepare.py");
    expect(await penstock("fly")).toMatchObject({ exit: 2, out: "", err: expect.stringContaining("fly") });
    expect((await api.query<{ total: number }>("runs.list", {})).total).toBe(before);
  }, 60_000);

  test("where no server answers it ends with 3 and says how to start one", async () => {
    const url = "http://127.0.0.1:9";
    for (const args of [["runs", "list"], ["submit", shell("nowhere", "true")], ["logs", "x"], ["doctor"]]) {
      const ran = await start(args, { PENSTOCK_URL: url, PENSTOCK_TOKEN: "x" }).ended;
      expect([ran.exit, ran.out + ran.err]).toEqual([3, expect.stringContaining("penstock up")]);
    }
    const home = join(folder, "empty-home");
    const ran = await start(["runs", "list", "--json"], { PENSTOCK_HOME: home }).ended;
    expect([ran.exit, Errors.parse(json(ran)).error.code]).toEqual([3, "unreachable"]);
    expect(existsSync(home)).toBe(false);
  });

  test("doctor finds all well, and names what is not", async () => {
    const check = z.strictObject({
      name: z.string(),
      ok: z.boolean(),
      needed: z.boolean(),
      message: z.string().min(1),
    });
    const shape = z.strictObject({ ok: z.boolean(), checks: z.array(check) });
    const well = await penstock("doctor", "--json");
    const { ok, checks } = shape.parse(json(well));
    const isWanted = checks.filter(({ needed }) => needed).map(({ name }) => name);
    expect([well.exit, ok, isWanted]).toEqual([0, true, ["node", "python", "home", "disk", "server", "engine"]]);
    const ill = await start(["doctor", "--json"], { PENSTOCK_PYTHON: "/no/such/python" }).ended;
    const python = shape.parse(json(ill)).checks.find(({ name }) => name === "python");
    expect([ill.exit, python?.ok, python?.message]).toEqual([1, false, expect.stringContaining("PENSTOCK_PYTHON")]);
  });

  test("up starts a server; Ctrl-C leaves its steps running, the next up takes over, and who waits hears the end", async () => {
    const home = join(folder, "up");
    const port = String(await freePort());
    const up = async () => {
      const running = start(["up", "--home", home, "--port", port]);
      await until("the server's address", () => running.said.out.includes("Ctrl-C"), 30_000);
      return running;
    };
    const first = await up();
    expect(first.said.out).toMatch(new RegExp(`is running at http://127\\.0\\.0\\.1:${port}[^]*sign-in\\?code=\\S+`));
    const { file, open } = gated("outlives");
    const waiting = start(["submit", file, "--wait"], { PENSTOCK_HOME: home });
    await until("the command to wait", () => waiting.said.err.includes("running"));
    first.child.kill("SIGINT");
    expect(await first.ended).toMatchObject({ exit: 0, out: expect.stringContaining("1 step goes on running") });
    open();
    const second = await up();
    expect(await waiting.ended).toMatchObject({ exit: 0, out: expect.stringContaining(": succeeded") });
    second.child.kill("SIGINT");
    expect(await second.ended).toMatchObject({ exit: 0, out: expect.stringContaining("no step is running") });
  }, 60_000);

  test("npx penstock is there once built", async () => {
    expect(readlinkSync(join(programRoot(), "node_modules", ".bin", "penstock"))).toBe("../../dist/cli.js");
    const npx = ["npx", "--offline", "--prefix", programRoot(), "penstock"];
    const ran = await start(["runs", "list", "--limit", "1", "--json"], {}, npx).ended;
    expect([ran.exit, JSON.parse(ran.out)], ran.err).toMatchObject([0, { items: expect.any(Array) }]);
  });
});

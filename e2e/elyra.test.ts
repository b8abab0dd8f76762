/** Elyra pipelines through the built server: file modes, custom components, super nodes, notebooks cell by cell, kills. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import type { JsonObject } from "@/pipelines/elyra/json";
import { document, node } from "@/pipelines/elyra/sample-document";
import type { JsonValue } from "@/pipelines/graph";
import type { CellsView, CellView } from "@/server/domain/views/cells";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary, TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { type Api, apiOf } from "./support/api";
import { withoutIndex } from "./support/bundle";
import { startServer, type TestServer, until } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
if (!isBuilt) console.log("Elyra through the server: left out, because nothing is built (npm run build)");
const SLOW = 240_000;

let server: TestServer;
let api: Api;

interface Cell {
  readonly source: string;
  readonly tags?: readonly string[];
}

const notebook = (cells: readonly (string | Cell)[], kernel = "python3", language = "python"): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: kernel, display_name: kernel, language } },
    cells: cells.map((cell, index) => {
      const { source, tags = [] } = typeof cell === "string" ? { source: cell } : cell;
      return { cell_type: "code", id: `c${index}`, metadata: { tags }, source, outputs: [], execution_count: null };
    }),
  });

async function uploaded(
  name: string,
  source: JsonObject,
  files: { readonly [path: string]: string },
): Promise<UploadView> {
  return api.upload({ ...files, [`${name}.pipeline`]: JSON.stringify(source) });
}

async function ended(versionId: string, parameters: { [name: string]: JsonValue } = {}): Promise<RunView> {
  return api.finished((await api.createRun(versionId, parameters)).id, 200_000);
}

const taskOf = (run: RunView, name: string): TaskSummary => {
  const task = run.tasks.find((one) => one.name === name);
  if (task === undefined) throw new Error(`no task ${name}`);
  return task;
};

const cellsOf = async (task: TaskSummary): Promise<readonly CellView[]> =>
  (await api.query<CellsView>("tasks.cells", { task: task.id, attempt: task.attempt })).cells;

const logOf = async (task: TaskSummary): Promise<string> => {
  const whole = await api.query<TaskView>("tasks.get", { id: task.id });
  const cwd = whole.attempts.at(-1)?.command?.cwd;
  if (cwd === undefined) throw new Error("never started");
  return readFileSync(join(attemptFolder(task), "log"), "utf8");
};

function attemptFolder({ id, attempt }: TaskSummary): string {
  const [folder] = readdirSync(server.files.runs)
    .map((run) => join(server.files.runs, run, String(id), String(attempt)))
    .filter((path) => existsSync(path));
  if (folder === undefined) throw new Error(`task ${id} has no folder`);
  return folder;
}

/** Digests of all stored files: a run must not change them. */
const blobs = (): string[] =>
  readdirSync(server.files.blobs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return `${entry.name} ${createHash("sha256").update(bytes).digest("hex")}`;
    })
    .sort();

/** Runs one notebook as a pipeline of its own. */
async function notebookRun(context: TestContext, name: string, text: string, parameters: JsonObject = {}) {
  const source = document([
    node("n", { op: "execute-notebook-node", parameters: { filename: "n.ipynb", ...parameters } }),
  ]);
  const run = await ended((await uploaded(name, source, { "n.ipynb": text })).version.id);
  const lacking = withoutIndex(run);
  if (lacking !== null) context.skip(lacking);
  return { run, task: taskOf(run, "n") };
}

describe.runIf(isBuilt)("Elyra through the server", () => {
  beforeAll(async () => {
    server = await startServer({ env: { PENSTOCK_LOG: "warn" } });
    api = apiOf(server);
  });
  afterAll(() => server?.remove());

  test("the two file modes differ as they should, and neither changes the bundle", { timeout: SLOW }, async () => {
    const make =
      "import os\nos.makedirs('out', exist_ok=True)\nopen('out/a.csv','w').write('1')\nopen('hidden.txt','w').write('h')";
    const use = "import os\nprint(sorted(os.listdir('.')), open('out/a.csv').read())\nprint(open('hidden.txt').read())";
    const source = document([
      node("make", { parameters: { filename: "jobs/make.py", outputs: ["out/*.csv"] } }),
      node("between", { parameters: { filename: "jobs/between.py" }, after: ["make"] }),
      node("use", { parameters: { filename: "jobs/use.py" }, after: ["between"] }),
    ]);
    const files = {
      "jobs/make.py": make,
      "jobs/between.py": "open('make.py','w').write('spoiled')",
      "jobs/use.py": use,
    };
    const { pipeline, version } = await uploaded("modes", source, files);
    const before = blobs();
    const shared = await ended(version.id);
    expect(shared.state).toBe("succeeded");
    expect(await logOf(taskOf(shared, "use"))).toContain("h\n");

    await api.mutate("pipelines.update", { id: pipeline.id, fileMode: "isolated" });
    const isolated = await ended(version.id);
    expect(isolated).toMatchObject({ state: "failed", fileMode: "isolated" });
    const failed = taskOf(isolated, "use");
    expect(await logOf(failed)).toContain("['out', 'use.py'] 1\n");
    expect(failed.reason).toMatchObject({ code: "missing-file", subject: "hidden.txt" });
    expect(failed.reason?.message).toContain('declare `hidden.txt` as an output of "make"');
    expect(blobs()).toEqual(before);
  });

  test("custom components run by the definitions that come with them", { timeout: SLOW }, async () => {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
    const component = (id: string, file: string, parameters: JsonObject, after: readonly string[] = []) =>
      node(id, { op: `local-file-catalog:${hash(file)}`, parameters: { filename: "", ...parameters }, after });
    const source = document(
      [
        component("rows", "rows.yaml", { rows: { widget: "parameter", value: "rows" } }),
        component(
          "pick",
          "parts/pick.yaml",
          {
            text: { widget: "inputpath", value: { value: "rows", option: "elyra_output_data" } },
            pattern: { widget: "string", value: "it's 3; $(id)" },
            count: { widget: "inputpath", value: { value: "rows", option: "output_count" } },
          },
          ["rows"],
        ),
      ],
      { properties: { pipeline_parameters: [{ name: "rows", default_value: { type: "Integer", value: 4 } }] } },
    );
    const definitions = {
      "rows.yaml": `{name: Rows, inputs: [{name: Rows}], outputs: [{name: Data}, {name: Count}], implementation: {container: {image: alpine, command: [sh, -c, 'for n in $(seq $0); do echo "it''s $n; \\$(id)"; done > $1; printf %s $0 > $2', {inputValue: Rows}, {outputPath: Data}, {outputPath: Count}]}}}`,
      "parts/pick.yaml": `{name: Pick, inputs: [{name: Text}, {name: Pattern}, {name: Count}], outputs: [{name: Found}], implementation: {container: {image: alpine, command: [sh, -c, 'grep -F -f "$1" "$0" > "$3"; echo count $2; cat "$3"', {inputPath: Text}, {inputPath: Pattern}, {inputValue: Count}, {outputPath: Found}]}}}`,
    };
    const alone = await uploaded("components alone", source, {});
    await expect(api.createRun(alone.version.id)).rejects.toThrow(/needs a container profile/);
    const { version } = await uploaded("components", source, definitions);
    const run = await ended(version.id, { rows: 5 });
    expect(run).toMatchObject({ state: "succeeded", reason: null });
    expect(await logOf(taskOf(run, "pick"))).toBe("count 5\nit's 3; $(id)\n");
    const pick = await api.query<TaskView>("tasks.get", { id: taskOf(run, "pick").id });
    expect(pick.outputs.artifacts.found).toHaveLength(1);
  });

  test("nested super nodes run in the order of the flattened graph", { timeout: SLOW }, async () => {
    const say = (name: string) => `open('../order.txt' if False else 'order.txt', 'a').write('${name} ')`;
    const superNode = (id: string, flow: string, after: readonly string[], first: string): JsonObject => ({
      id,
      type: "super_node",
      app_data: { ui_data: { label: id } },
      inputs: [
        {
          id: `${first}_inPort`,
          links: after.map((from, at) => ({ id: `${id}${at}`, node_id_ref: from, port_id_ref: "outPort" })),
        },
      ],
      outputs: [],
      subflow_ref: { pipeline_id_ref: flow },
    });
    const source = document(
      [superNode("outer", "f1", ["a"], "b"), node("a"), node("z", { after: ["outer:inner_d_outPort"] })],
      {
        subflows: [
          { id: "f1", nodes: [node("b"), superNode("inner", "f2", ["b"], "c")], app_data: {} },
          { id: "f2", nodes: [node("c"), node("d", { after: ["c"] })], app_data: {} },
        ],
      },
    );
    const files = Object.fromEntries(["a", "b", "c", "d", "z"].map((name) => [`${name}.py`, say(name)]));
    const run = await ended((await uploaded("nested", source, files)).version.id);
    expect(run.state).toBe("succeeded");
    expect(run.tasks.filter(({ kind }) => kind === "dag").map(({ name }) => name)).toEqual(["outer", "inner"]);
    const workspaces = readdirSync(server.files.runs).map((key) =>
      join(server.files.runs, key, "workspace", "order.txt"),
    );
    expect(workspaces.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"))).toContain(
      "a b c d z ",
    );
  });

  test("a failing cell is the place of the error, with its record", { timeout: SLOW }, async (context) => {
    await api.mutate("secrets.save", { name: "db", values: { password: "correct horse" } });
    const text = notebook(["import os\nprint('pw', os.environ['PASSWORD'])", "1/0", "print('never')"]);
    const { run, task } = await notebookRun(context, "failing cell", text, {
      kubernetes_secrets: [{ env_var: "PASSWORD", name: "db", key: "password" }],
      env_vars: [{ env_var: "PASSWORD", value: "plain" }],
    });
    expect(run.state).toBe("failed");
    expect(task.reason).toMatchObject({ code: "exit-code", subject: { cell: 1 } });
    expect(task.reason?.message).toContain("Cell 2 of 3 failed: ZeroDivisionError");
    const cells = await cellsOf(task);
    expect(cells.map(({ state }) => state)).toEqual(["succeeded", "failed", "not-run"]);
    expect(cells[1]?.error).toMatchObject({ name: "ZeroDivisionError" });
    expect(cells[1]?.sourceHash).toBe(createHash("sha256").update("1/0").digest("hex"));
    expect(JSON.stringify(cells[0]?.outputs)).toMatch(/pw \*+/);
    const whole = await api.query<TaskView>("tasks.get", { id: task.id });
    expect(whole.outputs.artifacts["executed notebook"]).toHaveLength(1);
    expect(JSON.stringify(whole)).not.toContain("correct horse");
  });

  test("a kernel that dies and one that is missing are named", { timeout: SLOW }, async (context) => {
    const dead = await notebookRun(
      context,
      "dead kernel",
      notebook(["print('last words')", "import os\nos.kill(os.getpid(), 9)"]),
    );
    expect(dead.task.reason).toMatchObject({
      subject: { cell: 1 },
      message: expect.stringContaining("The kernel died in cell 2 of 2"),
    });
    expect((await cellsOf(dead.task)).map(({ state }) => state)).toEqual(["succeeded", "failed"]);
    const missing = await notebookRun(context, "missing kernel", notebook(["1"], "ir", "R"));
    expect(missing.task.reason?.message).toMatch(
      /needs the kernel "ir" and a kernel for R, which is not installed. Installed kernels: /,
    );
  });

  test("a cell that writes 100 MB leaves the engine and the notebook small", { timeout: SLOW }, async (context) => {
    const { run, task } = await notebookRun(
      context,
      "loud cell",
      notebook(["for n in range(100):\n    print('x' * 999_999)"]),
    );
    expect(run.state).toBe("succeeded");
    const [cell] = await cellsOf(task);
    expect(cell?.isCut).toBe(true);
    expect(JSON.stringify(cell).length).toBeLessThan(1_500_000);
    const whole = await api.query<TaskView>("tasks.get", { id: task.id });
    expect(whole.outputs.artifacts["executed notebook"]?.[0]?.size).toBeLessThan(2_000_000);
    expect(whole.attempts[0]?.logSize).toBeGreaterThan(100_000_000);
    const status = readFileSync(`/proc/${server.children().engine}/status`, "utf8");
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(400_000);
  });

  test("parameters reach a notebook typed, and a script as text", { timeout: SLOW }, async (context) => {
    const cells = [
      { source: "rate = 0\non = None", tags: ["parameters"] },
      "import os\nprint(rate * 2, on is True, os.environ['rate'])",
    ];
    const parameters = [
      { name: "rate", default_value: { type: "Float", value: "0.25" } },
      { name: "on", default_value: { type: "Bool", value: "True" } },
    ];
    const source = document(
      [
        node("n", {
          op: "execute-notebook-node",
          parameters: { filename: "n.ipynb", pipeline_parameters: ["rate", "on"] },
        }),
      ],
      { properties: { pipeline_parameters: parameters } },
    );
    const { version } = await uploaded("typed", source, { "n.ipynb": notebook(cells) });
    await expect(api.createRun(version.id, { rate: "fast" })).rejects.toThrow(/rate requires type/);
    const run = await ended(version.id, { rate: 1.5 });
    const lacking = withoutIndex(run);
    if (lacking !== null) context.skip(lacking);
    expect(run.state).toBe("succeeded");
    const shown = await cellsOf(taskOf(run, "n"));
    expect(shown[1]?.source).toBe("# Parameters\nrate = 1.5\non = True");
    expect(JSON.stringify(shown[2]?.outputs)).toContain("3.0 True 1.5");
  });

  test("a notebook outlives the engine, and what it told outlives its own helper", {
    timeout: SLOW,
  }, async (context) => {
    const cells = ["print('one')", "import time\nprint('two', flush=True)\ntime.sleep(5)", "print('three')"];
    const source = document([node("n", { op: "execute-notebook-node", parameters: { filename: "n.ipynb" } })]);
    const { version } = await uploaded("killed", source, { "n.ipynb": notebook(cells) });
    const running = async () => {
      const { id } = await api.createRun(version.id);
      const task = await until(
        "the second cell to print",
        async () => {
          const run = await api.query<RunView>("runs.get", { id });
          const one = run.tasks[0];
          const lacking = withoutIndex(run);
          if (lacking !== null) context.skip(lacking);
          const seen = one === undefined || one.attempt === 0 ? "" : JSON.stringify(await cellsOf(one));
          return one !== undefined && seen.includes("two\\n") ? one : null;
        },
        120_000,
      );
      return { id, task };
    };
    const first = await running();
    expect((await cellsOf(first.task)).map(({ state }) => state)).toEqual(["succeeded", "running", "pending"]);
    process.kill(server.children().engine ?? 0, "SIGKILL");
    const survived = await api.finished(first.id, 60_000);
    expect(survived.state).toBe("succeeded");
    expect((await cellsOf(taskOf(survived, "n"))).map(({ state }) => state)).toEqual([
      "succeeded",
      "succeeded",
      "succeeded",
    ]);

    const second = await running();
    const folder = attemptFolder(second.task);
    const shim = Number.parseInt(readFileSync(join(folder, "pid"), "utf8"), 10);
    const helper = Number(readFileSync(`/proc/${shim}/task/${shim}/children`, "utf8").trim().split(/\s+/)[0]);
    process.kill(helper, "SIGKILL");
    const run = await api.finished(second.id, 60_000);
    expect(run.state).toBe("failed");
    const left = await cellsOf(taskOf(run, "n"));
    expect(left.map(({ state }) => state)).toEqual(["succeeded", "failed", "not-run"]);
    expect(JSON.stringify(left[1]?.outputs)).toContain("two\\n");
    const whole = await api.query<TaskView>("tasks.get", { id: second.task.id });
    const [kept] = whole.outputs.artifacts["executed notebook"] ?? [];
    expect(readFileSync(join(server.home, kept?.path ?? "none"), "utf8")).toContain("one");
  });
});

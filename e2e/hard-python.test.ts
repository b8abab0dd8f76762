/** Python steps whose packages cannot be had, and scripts that misbehave, through the built server. Needs no index but its own. */
import { existsSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "@/pipelines/elyra/json";
import { document, node } from "@/pipelines/elyra/sample-document";
import type { FileMode, RunView } from "@/server/domain/views/runs";
import { type HardServer, hardServer, isBuilt } from "./support/hard-server";
import { freePort } from "./support/server";
import { alone, type Part } from "./support/shell-specs";

if (!isBuilt) console.log("Hard Python: left out, because nothing is built (npm run build)");

const SLOW = 90_000;
const NONSENSE = "penstock-has-no-such-package";

/** A lightweight component as the SDK writes it, which installs with these words. */
function lightweight(install: string): Part {
  const setUp = `\nif ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location ${install} && "$0" "$@"\n`;
  const start = `program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"\n`;
  const source = "\nimport kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\n\ndef say():\n    print('said')\n\n";
  const args = ["--executor_input", "{{$}}", "--function_to_execute", "say"];
  return {
    component: {},
    executor: { container: { image: "python:3.11", command: ["sh", "-c", setUp, "sh", "-ec", start, source], args } },
  };
}

const notebook = (source: string): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
    cells: [{ cell_type: "code", id: "c0", metadata: {}, source, outputs: [], execution_count: null }],
  });

describe.runIf(isBuilt)("Python steps", () => {
  let hard: HardServer;
  let index: Server;
  let indexAddress: string;
  let asked: string[] = [];
  beforeAll(async () => {
    index = createServer(({ url }, response) => {
      asked.push(url ?? "");
      response.writeHead(404).end("no such project");
    });
    await new Promise<void>((resolve) => index.listen(0, "127.0.0.1", resolve));
    indexAddress = `http://127.0.0.1:${(index.address() as AddressInfo).port}/simple`;
    const nobody = `http://127.0.0.1:${await freePort()}/simple`;
    hard = await hardServer({ env: { PENSTOCK_INDEX_URL: nobody, PIP_RETRIES: "1" } });
  });
  afterEach(() => hard.expectWell());
  afterAll(async () => {
    await hard?.server.remove();
    index?.close();
  });

  /** Runs Elyra nodes by their files; each after the one before. */
  async function elyra(
    files: { readonly [path: string]: string },
    { fileMode = "shared", parameters = {} }: { readonly fileMode?: FileMode; readonly parameters?: JsonObject } = {},
  ): Promise<RunView> {
    const steps = Object.keys(files).filter((path) => /\.(?:py|ipynb)$/.test(path));
    const nodes = steps.map((filename, at) =>
      node(`n${at}`, {
        op: filename.endsWith(".ipynb") ? "execute-notebook-node" : "execute-python-node",
        parameters: { filename, ...parameters },
        after: at === 0 ? [] : [`n${at - 1}`],
      }),
    );
    const source = JSON.stringify(document(nodes));
    const { pipeline, version } = await hard.api.upload({ "hard.pipeline": source, ...files });
    await hard.api.mutate("pipelines.update", { id: pipeline.id, fileMode });
    return hard.api.finished((await hard.api.createRun(version.id)).id, 60_000);
  }

  /** Whole environments, and folders of builds that broke off. */
  const environments = (): string[] => {
    const { envs } = hard.server.files;
    const entries = existsSync(envs) ? readdirSync(envs, { withFileTypes: true }) : [];
    return entries.filter((entry) => entry.isDirectory() && entry.name !== "uv-cache").map(({ name }) => name);
  };

  test("a package that does not exist fails its step in pip's words", { timeout: SLOW }, async () => {
    asked = [];
    const install = `--index-url ${indexAddress} --trusted-host 127.0.0.1 '${NONSENSE}==1.0'`;
    const run = await hard.run(alone("nonsense", lightweight(install)), {}, 60_000);
    expect([run.state, hard.task(run, "step").reason?.code]).toEqual(["failed", "environment-failed"]);
    expect(run.reason?.message.split("\n")).toEqual([
      `Step "step" failed: Cannot install ${NONSENSE}==1.0.`,
      expect.stringContaining(`Could not find a version that satisfies the requirement ${NONSENSE}==1.0`),
      expect.stringContaining(`No matching distribution found for ${NONSENSE}==1.0`),
      "Check the packages and that the index has them, then retry.",
    ]);
    expect(hard.log(run, "step")).toContain(`Installing ${NONSENSE}==1.0\n`);
    expect(asked).toContain(`/simple/${NONSENSE}/`);
    expect(environments()).toEqual([]);
  });

  test.each([
    ["a component", "kfp==2.13.0", () => hard.run(alone("cold", lightweight("'kfp==2.13.0'")), {}, 60_000)],
    ["a notebook", "nbclient, nbformat, ipykernel", () => elyra({ "n.ipynb": notebook("1") })],
  ])(
    "%s with a cold cache is told that the index cannot be reached",
    { timeout: SLOW },
    async (_what, wanted, start) => {
      const run = await start();
      expect([run.state, run.tasks[0]?.reason?.code]).toEqual(["failed", "environment-failed"]);
      expect(run.reason?.message).toContain(`failed: Cannot install ${wanted}.\n`);
      expect(run.reason?.message).toMatch(
        /\nThe package index could not be reached: .*refused\. .*\(PENSTOCK_INDEX_URL\), or make .*\(penstock envs add\): it is kept\.$/,
      );
      expect(run.reason?.message).not.toMatch(/Retrying|Looking in/);
      expect(environments()).toEqual([]);
    },
  );

  const removing = (place: string, end = ""): string =>
    `import os, shutil\nshutil.rmtree(${place})\nprint('removed')\n${end}\n`;
  const OWN = "os.path.dirname(os.environ['HOME'])";
  const RUN = `os.path.dirname(os.path.dirname(${OWN}))`;
  const REMOVED = "The step removed its own folder, and its log with it. A step may only remove what it made itself.";

  test.each([
    ["shared", "its working directory", "os.getcwd()", [], "Exit code 3: removed"],
    ["shared", "its home", "os.environ['HOME']", [], "Exit code 3: removed"],
    ["shared", "its attempt's folder", OWN, [{ message: REMOVED }], "Exit code 3; the step removed its own folder"],
    ["isolated", "its attempt's folder", OWN, [{ message: REMOVED }], "Exit code 3; the step removed its own folder"],
    ["shared", "the folder of its run", RUN, [{ message: REMOVED }], "Exit code 3; the step removed its own folder"],
  ] as const)("a script that in %s mode removes %s ends as it says", async (fileMode, _what, place, notices, words) => {
    expect(await elyra({ "n.py": removing(place) }, { fileMode })).toMatchObject({ state: "succeeded", notices });
    const failed = await elyra({ "n.py": removing(place, "raise SystemExit(3)") }, { fileMode });
    expect(failed.state).toBe("failed");
    expect(failed.reason?.message).toContain(words);
  });

  test("what comes after a script that removed files of the run is told so", async () => {
    const files = (place: string) => ({ "jobs/a.py": removing(place), "jobs/b.py": "print('after')" });
    const gone = await elyra(files("os.getcwd()"));
    expect(hard.task(gone, "n1").reason).toMatchObject({
      code: "missing-file",
      message: expect.stringContaining(
        "jobs/b.py of this version is not in the run's workspace any more: an earlier step",
      ),
    });
    const anew = await elyra(files("os.path.dirname(os.getcwd())"));
    expect(anew.state).toBe("succeeded");
    expect(hard.log(anew, "n1")).toMatch(/^The workspace of this run was removed; it is laid out anew.*\nafter\n$/);
  });

  test("an isolated script that reads a file of the bundle that nobody declared is told which", async () => {
    const files = { "jobs/a.py": "print(open('rows.csv').read())", "jobs/rows.csv": "1" };
    const run = await elyra(files, { fileMode: "isolated" });
    expect(hard.task(run, "n0").reason).toMatchObject({ code: "missing-file", subject: "rows.csv" });
    expect(run.reason?.message).toContain(
      'An isolated step sees only what is declared, and rows.csv is not. The bundle holds it: add `rows.csv` to the dependencies of "n0".',
    );
    const declared = await elyra(files, { fileMode: "isolated", parameters: { dependencies: ["rows.csv"] } });
    expect(declared.state).toBe("succeeded");
  });

  test("a script that writes 100 MB to its log leaves the engine small and the log whole", {
    timeout: SLOW,
  }, async () => {
    hard.enginePeak();
    const run = await elyra({ "n.py": "for n in range(100):\n    print('x' * 999_999)\n" });
    expect(run.state).toBe("succeeded");
    expect(hard.enginePeak()).toBeLessThan(200_000_000);
    expect((await hard.whole(hard.task(run, "n0"))).attempts[0]?.logSize).toBe(100_000_000);
    expect(readdirSync(join(hard.folder(hard.task(run, "n0"))))).toContain("log");
  });
});

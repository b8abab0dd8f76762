/** Python steps as users bring them, with packages from the index: a lightweight component of the fixtures, a notebook. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { parsePipeline } from "@/pipelines";
import type { Step } from "@/pipelines/graph";
import { aFileBody } from "@/server/domain/planning/testing/graphs";
import { StartRefusal } from "./contract";
import { attemptBench, outcomeOf, step } from "./testing";

const FIXTURES = process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../../shared/fixtures");
const SLOW = 240_000;

let bench: ReturnType<typeof attemptBench>;

beforeAll(() => {
  bench = attemptBench();
});
afterAll(() => bench.close());

/** Runs a step; without an index the test is left out with the reason. */
async function outcome(context: TestContext, request: ReturnType<typeof bench.request>) {
  try {
    return await outcomeOf(bench.runner, request);
  } catch (error) {
    if (error instanceof StartRefusal && error.reason.code === "environment-failed") {
      context.skip(`no package index: ${error.message.slice(0, 300)}`);
    }
    throw error;
  }
}

const log = (request: ReturnType<typeof bench.request>): string =>
  readFileSync(join(bench.directory(request), "log"), "utf8");

function leafOf(context: TestContext, fixture: string): Step {
  const path = join(FIXTURES, "kfp", fixture);
  if (!existsSync(path)) context.skip(`no fixtures at ${FIXTURES}`);
  const parsed = parsePipeline({ fileName: fixture, text: readFileSync(path, "utf8") });
  const leaf = parsed.ok ? parsed.graph.steps.find(({ body }) => body.body === "container") : undefined;
  if (leaf === undefined) throw new Error(`no container step in ${fixture}`);
  return leaf;
}

describe("a lightweight Python component", () => {
  it("builds its environment once, heard in the log, and leaves metrics", { timeout: SLOW }, async (context) => {
    const leaf = leafOf(context, "valid/output_metrics.yaml");
    const request = bench.request(leaf);
    const result = await outcome(context, request);
    expect(result, log(request)).toMatchObject({ state: "succeeded" });
    if (result.state !== "succeeded") return;
    expect(log(request)).toContain("Building a Python");
    expect(result.collected.metrics.length).toBeGreaterThan(0);
    const again = bench.request(leaf);
    const began = performance.now();
    expect((await outcome(context, again)).state).toBe("succeeded");
    expect(log(again)).not.toContain("Building");
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("takes an input that is too long for a command line", { timeout: SLOW }, async (context) => {
    const leaf = leafOf(context, "valid/output_metrics.yaml");
    const inputs = { parameters: { padding: "é".repeat(100_000) }, artifacts: {} };
    const request = bench.request(leaf, { inputs });
    const result = await outcome(context, request);
    expect(result, log(request)).toMatchObject({ state: "succeeded" });
    expect(existsSync(join(bench.directory(request), "input.json"))).toBe(true);
  });
});

describe("a notebook", () => {
  const cells = (...sources: string[]) =>
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
      cells: sources.map((source, index) => ({
        cell_type: "code",
        id: `c${index}`,
        metadata: {},
        source,
        outputs: [],
        execution_count: null,
      })),
    });

  it("leaves an executed copy and its source as it was", { timeout: SLOW }, async (context) => {
    const text = cells(
      "x = 6 * 7",
      "import os\nprint('answer', x, os.environ['WHO'])\nopen('made.txt', 'w').write('1')",
    );
    const run = { ...bench.run, key: 11, files: [bench.blob("nb/work.ipynb", text)] };
    const body = aFileBody({
      runner: "notebook",
      file: "nb/work.ipynb",
      env: [{ name: "WHO", value: "me" }],
      outputs: ["made.txt"],
    });
    const request = bench.request(step(body), { run });
    const result = await outcome(context, request);
    expect(result, log(request)).toMatchObject({ state: "succeeded" });
    if (result.state !== "succeeded") return;
    expect(log(request)).toContain("answer 42 me");
    expect(readFileSync(join(bench.folders.workspace(11), "nb/work.ipynb"), "utf8")).toBe(text);
    const [executed, made] = result.collected.artifacts;
    expect(executed).toMatchObject({ output: "executed notebook", name: "work.ipynb" });
    expect(readFileSync(executed?.path ?? "", "utf8")).toContain("answer 42 me");
    expect(made).toMatchObject({ output: "made.txt" });
  });

  it("fails with its cell and exception, and keeps the copy", { timeout: SLOW }, async (context) => {
    const run = {
      ...bench.run,
      key: 12,
      files: [bench.blob("bad.ipynb", cells("1", "raise ValueError('no rows')", "2"))],
    };
    const request = bench.request(step(aFileBody({ runner: "notebook", file: "bad.ipynb" })), { run });
    const result = await outcome(context, request);
    expect(result).toMatchObject({
      state: "failed",
      exitCode: 1,
      reason: { code: "exit-code", message: expect.stringContaining("Cell 2 of 3 failed: ValueError: no rows") },
      collected: { artifacts: [{ output: "executed notebook" }] },
    });
  });

  it("leaves no kernel behind when it is stopped", { timeout: SLOW }, async (context) => {
    const run = {
      ...bench.run,
      key: 13,
      files: [bench.blob("long.ipynb", cells("import time\nprint('on')\ntime.sleep(600)"))],
    };
    const request = bench.request(step(aFileBody({ runner: "notebook", file: "long.ipynb" })), { run });
    const ending = outcome(context, request);
    const path = join(bench.directory(request), "log");
    const began = performance.now();
    while (!(existsSync(path) && readFileSync(path, "utf8").includes("on\n")) && performance.now() - began < 60_000) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    bench.runner.stop(request.attemptKey, 5_000);
    const result = await ending;
    expect(result.state).toBe("failed");
    expect(performance.now() - began).toBeLessThan(70_000);
  });
});

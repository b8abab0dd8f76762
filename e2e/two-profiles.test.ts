/** The same five pipelines as processes and in containers: the same outputs, artifacts and metrics, and no result shared. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonChain } from "@/bench/specs";
import { EXAMPLES } from "@/pipelines/examples";
import type { MetricView, RunView, TaskView, ValuesView } from "@/server/domain/views";
import { programRoot } from "@/server/platform/root";
import { elyraWithScript } from "./pipelines";
import { type Api, apiOf } from "./support/api";
import { withoutIndex } from "./support/bundle";
import {
  leftOut,
  pythonFiles,
  startTestEngine,
  type TestEngine,
  whyNoEngine,
  whyNoPython,
} from "./support/container-engine";
import { startServer, type TestServer } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
const why = whyNoEngine() ?? whyNoPython() ?? (isBuilt ? null : "nothing is built (npm run build)");
const SLOW = 240_000;

const SCRIPT = `
import json, os
print("run", len(os.environ["ELYRA_RUN_NAME"]) > 0)
json.dump({"metrics": [{"name": "score", "numberValue": 0.75, "format": "RAW"}]}, open("mlpipeline-metrics.json", "w"))
`;

type Files = { readonly [path: string]: string };

const ofExample = (id: string): Files => {
  const folder = join(programRoot(), "pipelines", "examples", id);
  const files = EXAMPLES.find((example) => example.id === id)?.files ?? [];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
};

const PIPELINES: readonly (readonly [name: string, files: Files])[] = [
  ["hello-shell", ofExample("hello-shell")],
  ["nightly-report", ofExample("nightly-report")],
  ["a lightweight component", { "chain.json": JSON.stringify(pythonChain(2)) }],
  ["flower-classifier", ofExample("flower-classifier")],
  ["a script of Elyra's", { "one.pipeline": elyraWithScript("one", "say.py"), "say.py": SCRIPT }],
];

describe.runIf(why === null)(`processes and containers${leftOut(why)}`, () => {
  let engine: TestEngine;
  let server: TestServer;
  let api: Api;
  let since = 0;
  let steps = 0;
  beforeAll(async () => {
    engine = await startTestEngine();
    await engine.load("penstock-python:3", pythonFiles());
    since = Date.now();
    server = await startServer({ env: { PENSTOCK_SLOTS: "4" } });
    api = apiOf(server);
    await api.mutate("profiles.save", { name: "local", python: "/usr/bin/python3" });
    await api.mutate("profiles.save", {
      name: "containers",
      executor: "docker",
      python: "/usr/bin/python3",
      imageMap: { "*": "penstock-python:3" },
      container: { engine: engine.socket, network: "none", pull: "never" },
    });
  }, SLOW);
  afterAll(async () => {
    await server?.remove();
    await engine?.close();
  }, SLOW);

  /** What a run has left, without what differs from run to run. */
  async function left(run: RunView): Promise<object> {
    const tasks = await Promise.all(run.tasks.map(({ id }) => api.query<TaskView>("tasks.get", { id })));
    if (run.profile === "containers") steps += tasks.reduce((sum, { attempts }) => sum + attempts.length, 0);
    const values = ({ parameters, artifacts }: ValuesView) => ({
      parameters,
      artifacts: Object.entries(artifacts).map(([name, list]) => [
        name,
        list.map(({ digest, type }) => [digest, type]),
      ]),
    });
    return {
      tasks: Object.fromEntries(tasks.map((task) => [task.step, { state: task.state, ...values(task.outputs) }])),
      outputs: values(run.outputs).parameters,
      metrics: run.metrics.map(({ name, value, format }: MetricView) => ({ name, value, format })),
    };
  }

  test.concurrent.each(PIPELINES)(
    "%s leaves the same under both",
    async (_, files) => {
      const { version } = await api.upload(files);
      const ended = async (profile: string) => {
        const run = await api.mutate<{ id: string }>("runs.create", { versionId: version.id, parameters: {}, profile });
        return api.finished(run.id, SLOW);
      };
      const [process, contained] = [await ended("local"), await ended("containers")];
      const lacking = withoutIndex(process);
      if (lacking !== null) return console.log(`left out, because ${lacking}`);
      expect([process.state, contained.state, contained.firstFailure]).toEqual(["succeeded", "succeeded", null]);
      expect(await left(contained)).toEqual(await left(process));
      expect(contained.tasks.filter((task) => task.state === "cached")).toEqual([]);
    },
    SLOW,
  );

  test("each step of them ran in a container of its own", async () => {
    expect(steps).toBeGreaterThan(10);
    const starts = await engine.starts(since);
    expect([...starts.values()]).toEqual(Array(steps).fill(1));
  });
});

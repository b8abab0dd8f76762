/** The same five pipelines as processes and in containers: the same outputs, artifacts and metrics, and no result shared. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programRoot } from "@/server/platform/root";
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
import { FIVE_PIPELINES, leftBy } from "./support/five-pipelines";
import { startServer, type TestServer } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
const why = whyNoEngine() ?? whyNoPython() ?? (isBuilt ? null : "nothing is built (npm run build)");
const SLOW = 240_000;

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

  test.concurrent.each(FIVE_PIPELINES)(
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
      const inContainers = await leftBy(api, contained);
      steps += inContainers.attempts;
      expect(inContainers.left).toEqual((await leftBy(api, process)).left);
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

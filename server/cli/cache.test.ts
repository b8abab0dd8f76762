import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Stage } from "@/server/engine/testing/stage";
import { kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, ranAsJson } from "./testing";

let server: CliServer;
let folder: string;
let stage: Stage;
beforeEach(async () => {
  server = await cliServer();
  ({ folder } = server);
  const { db, dataDir } = server.services.context;
  stage = await Stage.open({ db, home: dataDir.home });
  const spec = JSON.parse(kfpSpec("p", ["a", "b"], { note: { parameterType: "STRING", isOptional: true } }));
  for (const task of Object.values<{ cachingOptions?: object }>(spec.root.dag.tasks))
    task.cachingOptions = { enableCache: true };
  spec.components["comp-b"] = { executorLabel: "exec-b" };
  spec.deploymentSpec.executors["exec-b"] = { container: { image: "alpine", command: ["false"] } };
  spec.root.dag.tasks.b.componentRef.name = "comp-b";
  writeFileSync(join(folder, "p.json"), JSON.stringify(spec));
});
afterEach(() => server.close());

const penstock = (...args: readonly string[]) => ranAsJson(server, args);

async function plan(...args: readonly string[]) {
  const { exit, json } = await penstock("submit", "p.json", "--plan", ...args);
  expect(exit).toBe(0);
  return json.steps.map(({ step, does }: { step: string; does: string }) => [step, does]);
}

async function ranOnce(...args: readonly string[]) {
  const { run } = (await penstock("submit", "p.json", ...args)).json;
  await stage.play();
  const { json } = await penstock("runs", "get", run.id);
  return { id: run.id, states: json.tasks.map(({ step, state }: { step: string; state: string }) => [step, state]) };
}

test("submit --plan says what would be reused and starts nothing", async () => {
  const count = () => server.services.context.db.$client.prepare("select count(*) from run").pluck().get();
  expect(await plan()).toEqual([
    ["a", "run"],
    ["b", "run"],
  ]);
  expect(count()).toBe(0);
  await ranOnce();
  expect(await plan()).toEqual([
    ["a", "reuse"],
    ["b", "reuse"],
  ]);
  expect(await plan("--run-again", "a")).toEqual([
    ["a", "run"],
    ["b", "reuse"],
  ]);
  expect(await plan("--no-cache", "--param", `note=${"x".repeat(100_000)}`)).toEqual([
    ["a", "run"],
    ["b", "run"],
  ]);
  expect(count()).toBe(1);
});

test("submit --no-cache reuses nothing", async () => {
  await ranOnce();
  expect((await ranOnce()).states).toEqual([
    ["a", "cached"],
    ["b", "cached"],
  ]);
  expect((await ranOnce("--no-cache")).states).toEqual([
    ["a", "succeeded"],
    ["b", "succeeded"],
  ]);
});

test("cache forget makes a step of a run, or the steps of a pipeline, run again", async () => {
  const { id } = await ranOnce();
  expect(await penstock("cache", "forget", id, "a")).toMatchObject({ exit: 0, json: { forgotten: 1 } });
  expect(await plan()).toEqual([
    ["a", "run"],
    ["b", "reuse"],
  ]);
  expect(await penstock("cache", "forget", "--pipeline", "p", "b")).toMatchObject({ exit: 0, json: { forgotten: 1 } });
  expect(await plan()).toEqual([
    ["a", "run"],
    ["b", "run"],
  ]);
  expect(await penstock("cache", "forget", "--pipeline", "p")).toMatchObject({ exit: 0, json: { forgotten: 0 } });
  for (const wrong of [[id], [id, "nowhere"], ["--pipeline", "q"]])
    expect(await penstock("cache", "forget", ...wrong)).toMatchObject({ exit: 2, json: { error: expect.anything() } });
});

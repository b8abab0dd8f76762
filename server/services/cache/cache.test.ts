import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "@/server/domain/cache/cache-key";
import type { AttemptRequest } from "@/server/engine/attempts/contract";
import type { Fate } from "@/server/engine/testing/fake-runner";
import { Stage } from "@/server/engine/testing/stage";
import { deleteRuns } from "../runs/flag-runs";
import { getRun } from "../runs/get-run";
import { getTask } from "../runs/get-task";
import { type PreviewRequest, previewRun } from "../runs/preview-run";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { storeUpload } from "../uploads/store-upload";
import { forgetPipelineCache, forgetTaskCache } from "./forget-cache";

let services: TestServices;
let stage: Stage;
beforeEach(async () => {
  services = testServices();
  stage = await Stage.open({ db: services.context.db, home: services.context.dataDir.home, fate: trains });
});
afterEach(() => services.close());

/** `train` makes a model out of `lr`, `score` reads it; `report` is never cached. */
function spec(command = "train"): string {
  const container = (word: string) => ({ container: { image: "alpine", command: ["sh", "-c", word] } });
  const cached = { cachingOptions: { enableCache: true } };
  const model = { artifactType: { schemaTitle: "system.Model", schemaVersion: "0.0.1" } };
  return JSON.stringify({
    pipelineInfo: { name: "cached" },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.0",
    components: {
      "comp-train": {
        executorLabel: "exec-train",
        inputDefinitions: { parameters: { lr: { parameterType: "NUMBER_DOUBLE" } } },
        outputDefinitions: { artifacts: { model } },
      },
      "comp-score": { executorLabel: "exec-score", inputDefinitions: { artifacts: { model } } },
      "comp-report": { executorLabel: "exec-report" },
    },
    deploymentSpec: {
      executors: { "exec-train": container(command), "exec-score": container("score"), "exec-report": container("r") },
    },
    root: {
      dag: {
        tasks: {
          train: {
            ...cached,
            componentRef: { name: "comp-train" },
            taskInfo: { name: "train" },
            inputs: { parameters: { lr: { componentInputParameter: "lr" } } },
          },
          score: {
            ...cached,
            componentRef: { name: "comp-score" },
            taskInfo: { name: "score" },
            dependentTasks: ["train"],
            inputs: {
              artifacts: { model: { taskOutputArtifact: { producerTask: "train", outputArtifactKey: "model" } } },
            },
          },
          report: { componentRef: { name: "comp-report" }, taskInfo: { name: "report" }, dependentTasks: ["score"] },
        },
      },
      inputDefinitions: { parameters: { lr: { parameterType: "NUMBER_DOUBLE", defaultValue: 0.1 } } },
    },
  });
}

function trains({ step, taskKey, inputs }: AttemptRequest): Fate {
  if (step.path !== "train") return { lastsMs: 5 };
  const folder = join(services.context.dataDir.home, "left", String(taskKey));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "model");
  const bytes = `weights of ${JSON.stringify(inputs.parameters.lr)}`;
  writeFileSync(path, bytes);
  const file = { path, uri: path, size: bytes.length, digest: digestOf(bytes), isDirectory: false, metadata: {} };
  return {
    lastsMs: 5,
    collected: { artifacts: [{ ...file, output: "model", position: 0, name: "model", type: "system.Model" }] },
  };
}

const upload = async (text = spec(), pipelineId?: string) =>
  storeUpload(services.context, {
    files: [services.receive("p.json", text)],
    ...(pipelineId === undefined ? {} : { pipelineId }),
  });

async function ran(versionId: string, parameters: { lr?: number } = {}, name = "first") {
  const { id } = await startRun(services.context, { versionId, parameters, name });
  await stage.play();
  const run = getRun(services.context, id);
  const taskId = (path: string) => run.tasks.find((task) => task.step === path)?.id ?? 0;
  return { run, taskId, states: Object.fromEntries(run.tasks.map((task) => [task.step, task.state])) };
}

async function preview(request: PreviewRequest) {
  const plan = await previewRun(services.context, request);
  return Object.fromEntries(plan.steps.map(({ step, does, why }) => [step, [does, why]]));
}

test("a preview says what a start then does", async () => {
  const { version } = await upload();
  const versionId = version.id;
  expect(await preview({ versionId })).toEqual({
    train: ["run", "The step has never run before."],
    score: ["unknown", 'It depends on the result of "train", which is not there yet.'],
    report: ["run", "Caching is off for this step in the pipeline."],
  });
  await ran(versionId);
  const reused = 'Nothing changed since the run "first", whose result is used.';
  expect(await preview({ versionId })).toMatchObject({ train: ["reuse", reused], score: ["reuse", reused] });
  expect(await preview({ versionId, parameters: { lr: 0.2 } })).toMatchObject({
    train: ["run", 'Input "lr" changed from 0.1 to 0.2.'],
    score: ["unknown", expect.any(String)],
  });
  expect(await preview({ versionId, cache: "ignore" })).toMatchObject({
    train: ["run", "The run was asked to reuse nothing."],
  });
  expect(await preview({ versionId, cacheOff: ["score"] })).toMatchObject({
    train: ["reuse", reused],
    score: ["run", "Caching is off for this step in this run."],
  });
  expect(await preview({ versionId, upTo: "train" })).toMatchObject({
    train: ["reuse", reused],
    score: ["leave-out", '"train" does not need it.'],
  });
  const second = await ran(versionId, {}, "second");
  expect(second.states).toEqual({ train: "cached", score: "cached", report: "succeeded" });
});

test("parameters of a preview are checked as those of a start", async () => {
  const { version } = await upload();
  await expect(preview({ versionId: version.id, parameters: { lr: "fast" } })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(preview({ versionId: "nowhere" })).rejects.toMatchObject({ code: "not-found" });
});

test("another version of the pipeline reuses what is the same and names what is not", async () => {
  const { version, pipeline } = await upload();
  await ran(version.id);
  const next = await upload(spec("train harder"), pipeline.id);
  expect(await preview({ versionId: next.version.id })).toMatchObject({ train: ["run", "Its command changed."] });
});

test("a task says what the cache made of it", async () => {
  const { version } = await upload();
  const first = await ran(version.id);
  const view = async (id: number) => (await getTask(services.context, id)).cache;
  expect(await view(first.taskId("train"))).toEqual({
    outcome: "miss",
    why: "The step has never run before.",
    changed: null,
    isUsable: true,
  });
  expect(await view(first.taskId("report"))).toMatchObject({ outcome: "off", isUsable: false });
  const second = await ran(version.id, { lr: 0.3 }, "second");
  expect(await view(second.taskId("train"))).toMatchObject({
    why: 'Input "lr" changed from 0.1 to 0.3.',
    changed: ["input lr"],
  });
  const third = await ran(version.id, { lr: 0.3 }, "third");
  expect(await view(third.taskId("train"))).toMatchObject({
    outcome: "hit",
    why: 'Nothing changed since the run "second", whose result is used.',
  });
  expect(third.run.tasks[0]?.source).toMatchObject({ runName: "second", step: "train" });
});

test("a run that begins with a step runs it, and says so", async () => {
  const { version } = await upload();
  const { run } = await ran(version.id, { lr: 0.4 });
  const from = { runId: run.id, step: "score" };
  expect(await preview({ versionId: version.id, from })).toMatchObject({
    train: ["reuse", 'Its result in "first" is taken over.'],
    score: ["run", "The run was asked to begin with this step."],
  });
  const started = await startRun(services.context, { versionId: version.id, from });
  await stage.play();
  const { tasks } = getRun(services.context, started.id);
  expect(Object.fromEntries(tasks.map((task) => [task.step, task.state]))).toMatchObject({
    train: "cached",
    score: "succeeded",
  });
  const score = tasks.find((task) => task.step === "score")?.id ?? 0;
  expect((await getTask(services.context, score)).cache).toEqual({
    outcome: "off",
    why: "The run was asked to begin with this step.",
    changed: null,
    isUsable: true,
  });
});

/** A loop over words with one cached step. */
function loopSpec(words: readonly string[]): string {
  const word = { parameters: { word: { parameterType: "STRING" } } };
  return JSON.stringify({
    pipelineInfo: { name: "looped" },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.0",
    components: {
      "comp-say": { executorLabel: "exec-say", inputDefinitions: word },
      "comp-loop": {
        inputDefinitions: { parameters: { item: { parameterType: "STRING" } } },
        dag: {
          tasks: {
            say: {
              cachingOptions: { enableCache: true },
              componentRef: { name: "comp-say" },
              taskInfo: { name: "say" },
              inputs: { parameters: { word: { componentInputParameter: "item" } } },
            },
          },
        },
      },
    },
    deploymentSpec: {
      executors: {
        "exec-say": { container: { image: "a", command: ["echo", "{{$.inputs.parameters['word']}}"] } },
      },
    },
    root: {
      dag: {
        tasks: {
          loop: {
            componentRef: { name: "comp-loop" },
            taskInfo: { name: "loop" },
            parameterIterator: { itemInput: "item", items: { raw: JSON.stringify(words) } },
          },
        },
      },
    },
  });
}

test("a loop is forecast item by item, as the engine then finds it", async () => {
  const { version, pipeline } = await upload(loopSpec(["a", "b"]));
  expect(await preview({ versionId: version.id })).toMatchObject({
    "loop/say": ["run", "The step has never run before."],
  });
  await ran(version.id);
  expect(await preview({ versionId: version.id })).toMatchObject({ "loop/say": ["reuse", expect.any(String)] });
  const next = await upload(loopSpec(["a", "c", "b"]), pipeline.id);
  expect(await preview({ versionId: next.version.id })).toMatchObject({
    "loop/say": ["run", "2 of 3 iterations are reused."],
  });
  const second = await ran(next.version.id, {}, "second");
  expect(second.states).toMatchObject({
    "loop/[0]/say": "cached",
    "loop/[1]/say": "succeeded",
    "loop/[2]/say": "cached",
  });
  expect((await getTask(services.context, second.taskId("loop/[1]/say"))).cache?.why).toBe(
    'Input "word" changed from b to c.',
  );
});

test("a result that was forgotten is never used again, from whatever run it is taken", async () => {
  const { version } = await upload();
  await ran(version.id);
  const second = await ran(version.id, {}, "second");
  // The hit is forgotten: what it was taken from goes with it.
  expect(await forgetTaskCache(services.context, second.taskId("train"))).toEqual({ forgotten: 1 });
  expect(await preview({ versionId: version.id })).toMatchObject({
    train: ["run", expect.stringContaining("forgotten")],
  });
  const third = await ran(version.id, {}, "third");
  expect(third.states).toEqual({ train: "succeeded", score: "cached", report: "succeeded" });
});

test("a pipeline's results are forgotten step by step or all at once", async () => {
  const { version, pipeline } = await upload();
  await ran(version.id);
  expect(await forgetPipelineCache(services.context, { id: pipeline.id, step: "score" })).toEqual({ forgotten: 1 });
  expect((await ran(version.id, {}, "second")).states).toMatchObject({ train: "cached", score: "succeeded" });
  expect(await forgetPipelineCache(services.context, { id: pipeline.id })).toEqual({ forgotten: 2 });
  expect((await ran(version.id, {}, "third")).states).toMatchObject({ train: "succeeded", score: "succeeded" });
});

test("a deleted artifact or run is no result", async () => {
  const { version } = await upload();
  const first = await ran(version.id);
  const model = (await getTask(services.context, first.taskId("train"))).outputs.artifacts.model?.[0]?.path ?? "";
  rmSync(join(services.context.dataDir.home, model));
  expect(await preview({ versionId: version.id })).toMatchObject({
    train: ["run", 'The earlier result cannot be reused: its artifact "model" is gone.'],
  });
  await ran(version.id, {}, "second");
  await deleteRuns(services.context, [getRun(services.context, first.run.id).id]);
  expect(await preview({ versionId: version.id })).toMatchObject({
    train: ["reuse", expect.stringContaining("second")],
  });
});

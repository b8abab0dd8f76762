import { chmodSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunView } from "@/server/domain/views/runs";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { updatePipeline } from "@/server/services/pipelines/update-pipeline";
import { getTask } from "@/server/services/runs/get-task";
import { elyraPipeline } from "@/server/services/testing-specs";
import { type LiveEngine, liveEngine } from "./testing/live-engine";

let live: LiveEngine;
beforeEach(async () => {
  live = await liveEngine();
});
afterEach(() => live.close());

const states = ({ tasks }: RunView) => Object.fromEntries(tasks.map((task) => [task.step, task.state]));
const taskId = ({ tasks }: RunView, step: string) => tasks.find((task) => task.step === step)?.id ?? 0;
const taskOf = (run: RunView, step: string) => getTask(live.services.context, taskId(run, step));

/** `make` leaves a folder of chance and a number, `read` reads both. */
function chance(): string {
  const container = (command: readonly string[]) => ({
    container: { image: "any", command: ["sh", "-c", ...command] },
  });
  const data = { artifactType: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" } };
  const n = { parameterType: "NUMBER_INTEGER" };
  const cachingOptions = { enableCache: true };
  return JSON.stringify({
    pipelineInfo: { name: "chance" },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.0",
    components: {
      "comp-make": { executorLabel: "exec-make", outputDefinitions: { artifacts: { data }, parameters: { n } } },
      "comp-read": { executorLabel: "exec-read", inputDefinitions: { artifacts: { data }, parameters: { n } } },
    },
    deploymentSpec: {
      executors: {
        "exec-make": container([
          'mkdir -p "$0/sub" && date +%s.%N > "$0/sub/at" && printf 7 > "$1"',
          "{{$.outputs.artifacts['data'].path}}",
          "{{$.outputs.parameters['n'].output_file}}",
        ]),
        "exec-read": container(['cat "$0/sub/at"', "{{$.inputs.artifacts['data'].path}}"]),
      },
    },
    root: {
      dag: {
        tasks: {
          make: { componentRef: { name: "comp-make" }, taskInfo: { name: "make" }, cachingOptions },
          read: {
            componentRef: { name: "comp-read" },
            taskInfo: { name: "read" },
            cachingOptions,
            dependentTasks: ["make"],
            inputs: {
              artifacts: { data: { taskOutputArtifact: { producerTask: "make", outputArtifactKey: "data" } } },
              parameters: { n: { taskOutputParameter: { producerTask: "make", outputParameterKey: "n" } } },
            },
          },
        },
      },
    },
  });
}

test("a second run starts no process and has the same outputs; without the folder it runs again", async () => {
  const { versionId } = await live.upload({ "chance.json": chance() });
  const first = await live.played({ versionId });
  expect(states(first)).toEqual({ make: "succeeded", read: "succeeded" });
  const second = await live.played({ versionId });
  expect(states(second)).toEqual({ make: "cached", read: "cached" });
  const [made, again] = [await taskOf(first, "make"), await taskOf(second, "make")];
  expect(again.outputs).toEqual(made.outputs);
  expect(again.outputs.parameters).toEqual({ n: 7 });
  expect(again.attempts).toEqual([]);

  const folder = join(live.services.context.dataDir.home, made.outputs.artifacts.data?.[0]?.path ?? "");
  chmodSync(join(folder, "sub"), 0o700);
  chmodSync(dirname(folder), 0o700);
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
  const third = await live.played({ versionId });
  expect(states(third)).toEqual({ make: "succeeded", read: "succeeded" });
  expect((await taskOf(third, "make")).cache?.why).toContain('its artifact "data" is gone');
  expect((await taskOf(third, "read")).cache?.why).toBe('The content of input "data" changed.');
});

test("two runs at once start each step once", async () => {
  const { versionId } = await live.upload({ "chance.json": chance() });
  const runs = await Promise.all([live.played({ versionId }), live.played({ versionId })]);
  const made = runs.map((run) => states(run).make).sort();
  expect(made).toEqual(["cached", "succeeded"]);
});

/** Two scripts, of which the first declares what the second reads. */
function scripts(): string {
  const pipeline = JSON.parse(elyraPipeline(["make.py", "read.py"]));
  const [make] = pipeline.pipelines[0].nodes;
  make.app_data.component_parameters.outputs = ["made.txt"];
  return JSON.stringify(pipeline);
}

test("an isolated script is reused by its files, and one after it still finds what it declared", async () => {
  const make = "import time; open('made.txt', 'w').write(str(time.time()))";
  const read = "print('read', open('made.txt').read())";
  const first = await live.upload({ "p.pipeline": scripts(), "make.py": make, "read.py": read });
  await updatePipeline(live.services.context, { id: first.pipelineId, fileMode: "isolated" });
  const one = await live.played({ versionId: first.versionId });
  expect(states(one)).toEqual({ n0: "succeeded", n1: "succeeded" });
  const two = await live.played({ versionId: first.versionId });
  expect(states(two)).toEqual({ n0: "cached", n1: "cached" });

  const files = { "p.pipeline": scripts(), "make.py": make, "read.py": `${read}; print('twice')` };
  const edited = await live.upload(files, first.pipelineId);
  const three = await live.played({ versionId: edited.versionId });
  expect(states(three)).toEqual({ n0: "cached", n1: "succeeded" });
  const reader = await taskOf(three, "n1");
  expect(reader.cache?.why).toBe("The file read.py changed.");
  const key = live.services.context.db.$client.prepare("select key from run where id = ?").pluck().get(three.id);
  const folder = live.services.context.dataDir.attempt(key as number, reader.id, 1);
  expect(readFileSync(join(folder, ATTEMPT_FILES.log), "utf8")).toMatch(/^read \d+\.\d+\ntwice\n$/);
});

/** What a run refuses by name, and what it runs without. */
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../graph";
import { parseKfpDocuments } from "./index";
import { componentOf, fedBy, specOf, taskOf } from "./spec-for-tests";
import { notApplied, runRefusals } from "./support";

type JsonObject = { [key: string]: JsonValue };

function problems(spec: JsonObject, platform?: JsonObject): { refused: string[]; left: string[] } {
  const document = { platforms: { kubernetes: { deploymentSpec: { executors: { exec: platform ?? {} } } } } };
  const outcome = parseKfpDocuments([spec, document]);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  const refused = runRefusals(outcome.graph);
  const left = notApplied(outcome.graph);
  for (const one of refused) expect(one).toMatchObject({ severity: "error", stage: "run" });
  for (const one of left) expect(one).toMatchObject({ severity: "warning", stage: "run" });
  return { refused: refused.map((one) => one.rule), left: left.map((one) => one.rule) };
}

const withCommand = (...command: string[]): JsonObject => ({
  deploymentSpec: { executors: { exec: { container: { image: "alpine", command } } } },
});
const ONE_OF = {
  valueFromOneof: {
    parameterSelectors: [
      { producerSubtask: "a", outputParameterKey: "out" },
      { producerSubtask: "b", outputParameterKey: "out" },
    ],
  },
};

describe("runRefusals", () => {
  it.each<[string, JsonObject]>([
    [
      "nested graphs",
      specOf(
        { a: taskOf(), b: taskOf({ inputs: fedBy("a") }), c: taskOf({}, "inner") },
        { components: { comp: componentOf({}), inner: { dag: { tasks: { t: taskOf() } } } } },
      ),
    ],
    [
      "loops and what is collected from them",
      specOf({
        a: taskOf({ parameterIterator: { items: { raw: "[1]" }, itemInput: "x" } }),
        b: taskOf({ inputs: fedBy("a") }),
      }),
    ],
    ["conditions", specOf({ a: taskOf({ triggerPolicy: { condition: "1 == 1" } }) })],
    [
      "exit tasks",
      specOf({
        a: taskOf(),
        b: taskOf({
          dependentTasks: ["a"],
          triggerPolicy: { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" },
          inputs: { parameters: { x: { taskFinalStatus: { producerTask: "a" } } } },
        }),
      }),
    ],
    ["retries", specOf({ a: taskOf({ retryPolicy: { maxRetryCount: 2 } }) })],
    ["Concat", specOf({ a: taskOf() }, withCommand("sh", '{"Concat": ["a", "b"]}'))],
    ["IfPresent", specOf({ a: taskOf() }, withCommand("sh", '{"IfPresent": {"InputName": "x", "Then": ["a"]}}'))],
    [
      "OneOf",
      specOf({}, { root: { dag: { tasks: { a: taskOf(), b: taskOf() }, outputs: { parameters: { o: ONE_OF } } } } }),
    ],
  ])("lets %s run", (_, spec) => {
    expect(problems(spec).refused).toEqual([]);
  });

  it("refuses what nobody runs, and artifacts nobody can give", () => {
    const executors = { exec: { resolver: {} } };
    expect(problems(specOf({ a: taskOf() }, { deploymentSpec: { executors } })).refused).toEqual(["foreign-executor"]);
    const inputDefinitions = {
      artifacts: {
        data: { artifactType: { schemaTitle: "system.Dataset" } },
        other: { artifactType: { schemaTitle: "system.Dataset" }, isOptional: true },
      },
    };
    expect(problems(specOf({}, { root: { inputDefinitions, dag: { tasks: { a: taskOf() } } } })).refused).toEqual([
      "input-artifact",
    ]);
  });

  it("refuses pod fields that no container is given", () => {
    const fields = (fieldPath: string) => ({ fieldPathAsEnv: [{ name: "X", fieldPath }] });
    expect(problems(specOf({ a: taskOf() }), fields("metadata.labels['a']")).refused).toEqual([]);
    expect(problems(specOf({ a: taskOf() }), fields("spec.containers")).refused).toEqual(["platform-fieldPathAsEnv"]);
  });
});

describe("notApplied", () => {
  it("lists resources and scheduling hints once each, and unknown settings", () => {
    const executors = {
      exec: {
        container: { image: "a", resources: { cpuLimit: 1, memoryLimit: 2, accelerator: { type: "gpu", count: 1 } } },
      },
    };
    const spec = specOf(
      { a: taskOf({ cachingOptions: { enableCache: true } }), b: taskOf() },
      { deploymentSpec: { executors } },
    );
    const { refused, left } = problems(spec, {
      tolerations: [{}],
      imagePullPolicy: "Always",
      constructor_: 1,
      enabledSharedMemory: null,
      activeDeadlineSeconds: "20",
      pvc_mount: [{ mount_path: "/a" }],
      secretAsEnv: [{ secretName: "s" }],
    });
    expect(refused).toEqual([]);
    expect(left.sort()).toEqual([
      "accelerator",
      "cpu-limit",
      "platform-constructor_",
      "platform-imagePullPolicy",
      "platform-tolerations",
    ]);
  });

  it("says nothing of what holds: memory limits, time limits, the cache", () => {
    const executors = { exec: { container: { image: "a", resources: { memoryLimit: 2, resourceMemoryLimit: "2G" } } } };
    const tasks = { a: taskOf({ cachingOptions: { enableCache: true } }) };
    expect(problems(specOf(tasks, { deploymentSpec: { executors } }), { activeDeadlineSeconds: "20" }).left).toEqual(
      [],
    );
  });

  it("lists what is a folder instead: the workspace, and claims made in a run", () => {
    const executors = { exec: { container: { image: "argostub/createpvc" } } };
    const spec = specOf({ a: taskOf(), b: taskOf() }, { deploymentSpec: { executors } });
    const outcome = parseKfpDocuments([
      spec,
      { platforms: { kubernetes: { pipelineConfig: { workspace: { size: "1Gi" } } } } },
    ]);
    const left = outcome.ok ? notApplied(outcome.graph) : [];
    expect(left.map(({ rule, message }) => [rule, message])).toEqual([
      ["workspace-size", expect.stringContaining("Not applied here: the size of the workspace (1Gi)")],
      ["claim", expect.stringContaining("Asked for by shown, shown.")],
    ]);
  });
});

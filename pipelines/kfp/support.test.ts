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
const loop = { parameterIterator: { items: { raw: "[1]" }, itemInput: "x" } };

describe("runRefusals", () => {
  it("lets plain and nested graphs run", () => {
    const components = { comp: componentOf({}), inner: { dag: { tasks: { t: taskOf() } } } };
    expect(
      problems(specOf({ a: taskOf(), b: taskOf({ inputs: fedBy("a") }), c: taskOf({}, "inner") }, { components }))
        .refused,
    ).toEqual([]);
  });

  it.each<[string, JsonObject, string[]]>([
    ["loop", specOf({ a: taskOf(loop) }), ["loop"]],
    ["collected", specOf({ a: taskOf(loop), b: taskOf({ inputs: fedBy("a") }) }), ["loop", "collected"]],
    ["condition", specOf({ a: taskOf({ triggerPolicy: { condition: "1 == 1" } }) }), ["condition"]],
    [
      "exit task",
      specOf({
        a: taskOf(),
        b: taskOf({
          dependentTasks: ["a"],
          triggerPolicy: { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" },
          inputs: { parameters: { x: { taskFinalStatus: { producerTask: "a" } } } },
        }),
      }),
      ["run-after-failure", "final-status"],
    ],
    ["retry", specOf({ a: taskOf({ retryPolicy: { maxRetryCount: 2 } }) }), ["retry"]],
    [
      "importer",
      specOf(
        { a: taskOf() },
        { deploymentSpec: { executors: { exec: { importer: { artifactUri: { constant: "s3://a" } } } } } },
      ),
      ["importer"],
    ],
    ["Concat", specOf({ a: taskOf() }, withCommand("sh", '{"Concat": ["a", "b"]}')), ["concat"]],
    [
      "IfPresent",
      specOf({ a: taskOf() }, withCommand("sh", '{"IfPresent": {"InputName": "x", "Then": ["a"]}}')),
      ["if-present"],
    ],
    ["source that speaks of IfPresent", specOf({ a: taskOf() }, withCommand("sh", '# {"IfPresent": 1}')), []],
    ["workspace", specOf({ a: taskOf() }, withCommand("ls", "{{$.workspace_path}}")), ["workspace"]],
    [
      "resolver",
      specOf({ a: taskOf() }, { deploymentSpec: { executors: { exec: { resolver: {} } } } }),
      ["foreign-executor"],
    ],
    [
      "claims made in a run",
      specOf(
        { a: taskOf() },
        { deploymentSpec: { executors: { exec: { container: { image: "argostub/createpvc" } } } } },
      ),
      ["dynamic-volume"],
    ],
    [
      "OneOf",
      specOf(
        {},
        {
          root: {
            dag: {
              tasks: { a: taskOf(), b: taskOf() },
              outputs: {
                parameters: {
                  o: {
                    valueFromOneof: {
                      parameterSelectors: [
                        { producerSubtask: "a", outputParameterKey: "out" },
                        { producerSubtask: "b", outputParameterKey: "out" },
                      ],
                    },
                  },
                },
              },
            },
          },
        },
      ),
      ["one-of"],
    ],
  ])("%s", (_, spec, rules) => {
    expect(problems(spec).refused).toEqual(rules);
  });

  it.each([
    "pvcMount",
    "secretAsEnv",
    "secretAsVolume",
    "configMapAsEnv",
    "configMapAsVolume",
    "emptyDirMounts",
    "genericEphemeralVolume",
    "fieldPathAsEnv",
    "initContainers",
  ])("%s", (key) => {
    expect(problems(specOf({ a: taskOf() }), { [key]: [{ name: "x" }] }).refused).toEqual([`platform-${key}`]);
    expect(problems(specOf({ a: taskOf() }), { [key]: [] }).refused).toEqual([]);
  });

  it("reads the platform's snake_case names too", () => {
    expect(problems(specOf({ a: taskOf() }), { pvc_mount: [{ mount_path: "/a" }] }).refused).toEqual([
      "platform-pvcMount",
    ]);
  });
});

describe("notApplied", () => {
  it("lists caching, resources and scheduling hints once each, and unknown settings", () => {
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
    });
    expect(refused).toEqual([]);
    expect(left.sort()).toEqual([
      "accelerator",
      "cache",
      "platform-constructor_",
      "platform-imagePullPolicy",
      "platform-tolerations",
      "resources",
    ]);
  });
});

/** What a run needs of its profile, the stored secrets and the settings, judged before it starts. */
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../graph";
import { parseKfpDocuments } from "./index";
import { componentOf, specOf, taskOf } from "./spec-for-tests";
import { judgeNeeds, type StartSituation, startNeeds } from "./start-needs";

type JsonObject = { [key: string]: JsonValue };

const SITUATION: StartSituation = {
  runsWithoutMounts: false,
  hasContainers: false,
  mountsOwn: false,
  keysOf: (name) => (name === "known" ? new Set(["user"]) : undefined),
  hasProgram: () => true,
  importHosts: ["data.example", "other.example:8443"],
  parameters: {},
};

function graphOf(spec: JsonObject, platform: JsonObject = {}) {
  const document = { platforms: { kubernetes: { deploymentSpec: { executors: { exec: platform } } } } };
  const outcome = parseKfpDocuments([spec, document]);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.graph;
}

function judged(spec: JsonObject, platform: JsonObject = {}, changes: Partial<StartSituation> = {}) {
  const needs = startNeeds(graphOf(spec, platform));
  if (needs === null) return { refused: [], notices: [] };
  const { refusals, notices } = judgeNeeds(needs, { ...SITUATION, ...changes });
  for (const one of refusals) expect(one).toMatchObject({ severity: "error", stage: "run", step: expect.any(String) });
  return { refused: refusals.map((one) => one.message), notices: notices.map((one) => one.rule) };
}

const secret = (changes: JsonObject): JsonObject => ({
  secretAsEnv: [{ keyToEnv: [{ secretKey: "user", envVar: "USER_NAME" }], ...changes }],
});
const named = (reference: JsonObject): JsonObject => secret({ secretNameParameter: reference });

it("has no needs where a graph asks for nothing", () => {
  expect(startNeeds(graphOf(specOf({ a: taskOf() })))).toBeNull();
});

describe("mounts", () => {
  it.each([
    "pvcMount",
    "secretAsVolume",
    "configMapAsVolume",
    "emptyDirMounts",
    "genericEphemeralVolume",
    "initContainers",
    "pvc_mount",
  ])("%s is refused, or left out where the profile says so", (key) => {
    const spec = specOf({ a: taskOf() });
    const platform = { [key]: [{ name: "x" }] };
    expect(judged(spec, platform).refused).toEqual([expect.stringContaining("needs a container profile")]);
    expect(judged(spec, { [key]: [] }).refused).toEqual([]);
    const without = judged(spec, platform, { runsWithoutMounts: true });
    const camel = key === "pvc_mount" ? "pvcMount" : key;
    expect(without).toEqual({ refused: [], notices: [`platform-${camel}`] });
  });
});

describe("mounts of containers and pods", () => {
  const spec = specOf({ a: taskOf() });
  const refused = (platform: JsonObject) => judged(spec, platform, { hasContainers: true }).refused;
  const at = { mountPath: "/d" };

  it("are given by a name that is written, and by one that the run will know", () => {
    for (const [setting, name] of [
      ["pvcMount", "pvcName"],
      ["secretAsVolume", "secretName"],
      ["configMapAsVolume", "configMapName"],
    ] as const) {
      expect(refused({ [setting]: [{ ...at, [name]: "x" }] })).toEqual([]);
      const reference = { componentInputParameter: "which" };
      expect(refused({ [setting]: [{ ...at, [`${name}Parameter`]: reference }] })).toEqual([]);
      expect(refused({ [setting]: [at] })).toEqual([expect.stringContaining("which it does not name")]);
    }
    expect(refused({ emptyDirMounts: [at], genericEphemeralVolume: [at] })).toEqual([]);
  });

  it("of containers have to be stored with Penstock, where the pipeline names them", () => {
    const own = { hasContainers: true, mountsOwn: true };
    const mount = (changes: JsonObject) => ({ secretAsVolume: [{ ...at, ...changes }] });
    expect(judged(spec, mount({ secretName: "known" }), own).refused).toEqual([]);
    expect(judged(spec, mount({ secretName: "gone", optional: true }), own).refused).toEqual([]);
    expect(judged(spec, mount({ secretName: "gone" }), own).refused).toEqual([
      expect.stringContaining('it needs the secret "gone", which is not there'),
    ]);
    expect(judged(spec, { configMapAsVolume: [{ ...at, configMapName: "gone" }] }, own).refused).toEqual([
      expect.stringContaining('it needs the config map "gone"'),
    ]);
    expect(judged(spec, mount({ secretName: "gone" }), { hasContainers: true }).refused).toEqual([]);
    expect(judged(spec, mount({ secretName: "gone" }), { ...own, runsWithoutMounts: true })).toEqual({
      refused: [],
      notices: ["platform-secretAsVolume"],
    });
  });

  it("do not help a step that wants containers run before it", () => {
    expect(refused({ initContainers: [{ name: "x" }] })).toEqual([
      expect.stringContaining("which no step is given here"),
    ]);
  });
});

describe("secrets and config maps", () => {
  const spec = specOf({ a: taskOf() });

  it.each<[string, JsonObject]>([
    ["a constant", named({ runtimeValue: { constant: "known" } })],
    ["plain text", secret({ secretName: "known" })],
    ["snake case", { secret_as_env: [{ secret_name: "known", key_to_env: [{ secret_key: "user", env_var: "U" }] }] }],
    ["an optional one that is not there", secret({ secretName: "gone", optional: true })],
    [
      "the new form over the old",
      secret({ secretName: "gone", secretNameParameter: { runtimeValue: { constant: "known" } } }),
    ],
  ])("lets %s start", (_, platform) => {
    expect(judged(spec, platform).refused).toEqual([]);
  });

  it("names the group that is not there, and the value", () => {
    expect(judged(spec, named({ runtimeValue: { constant: "gone" } })).refused).toEqual([
      expect.stringContaining('it needs the secret "gone", which is not there'),
    ]);
    const keyToEnv = [{ configMapKey: "pass", envVar: "P" }];
    expect(judged(spec, { configMapAsEnv: [{ configMapName: "known", keyToEnv }] }).refused).toEqual([
      expect.stringContaining('the config map "known" has no value named "pass"'),
    ]);
  });

  const root = (tasks: JsonObject): JsonObject => ({
    inputDefinitions: { parameters: { which: { parameterType: "STRING" } } },
    dag: { tasks },
  });
  const byParameter = named({ componentInputParameter: "which" });

  it("follows a name to the parameter of the run", () => {
    const plain = specOf({}, { root: root({ a: taskOf() }) });
    expect(judged(plain, byParameter, { parameters: { which: "known" } }).refused).toEqual([]);
    expect(judged(plain, byParameter, { parameters: { which: "gone" } }).refused).toHaveLength(1);
    expect(judged(plain, byParameter, { parameters: null }).refused).toEqual([]);
  });

  it("follows it through groups, and leaves the end of a branch that may not run to that step", () => {
    const nested = (task: JsonObject) =>
      specOf(
        {},
        {
          components: {
            comp: componentOf({}),
            inner: {
              inputDefinitions: { parameters: { which: { parameterType: "STRING" } } },
              dag: { tasks: { a: taskOf() } },
            },
          },
          root: root({
            g: taskOf({ inputs: { parameters: { which: { componentInputParameter: "which" } } }, ...task }, "inner"),
          }),
        },
      );
    const parameters = { which: "gone" };
    expect(judged(nested({}), byParameter, { parameters }).refused).toHaveLength(1);
    const branch = nested({ triggerPolicy: { condition: "inputs.parameter_values['which'] == 'x'" } });
    expect(judged(branch, byParameter, { parameters }).refused).toEqual([]);
    expect(judged(branch, named({ runtimeValue: { constant: "gone" } }), { parameters }).refused).toHaveLength(1);
  });
});

describe("names that come from a step before", () => {
  const reference = { taskOutputParameter: { producerTask: "a", outputParameterKey: "out" } };

  it("become inputs of the step, and are known when it is reached", () => {
    const spec = specOf({ a: taskOf(), b: taskOf({ dependentTasks: ["a"] }) });
    const [, step] = graphOf(spec, named(reference)).steps;
    expect(step?.parameters).toContainEqual({
      name: "platform:secretAsEnv.0",
      source: { from: "task", step: "a", output: "out" },
    });
    expect(judged(spec, named(reference)).refused).toEqual([]);
  });

  it("are no inputs where that step is not awaited", () => {
    const [, step] = graphOf(specOf({ a: taskOf(), b: taskOf() }), named(reference)).steps;
    expect(step?.parameters).toEqual([]);
  });
});

describe("importers", () => {
  const importing = (artifactUri: JsonObject, task: JsonObject = {}): JsonObject =>
    specOf(
      {},
      {
        deploymentSpec: { executors: { exec: { importer: { artifactUri } } } },
        components: { comp: componentOf({ inputDefinitions: { parameters: { uri: { parameterType: "STRING" } } } }) },
        root: {
          inputDefinitions: { parameters: { uri: { parameterType: "STRING" } } },
          dag: {
            tasks: { a: taskOf({ inputs: { parameters: { uri: { componentInputParameter: "uri" } } }, ...task }) },
          },
        },
      },
    );
  const constant = (uri: string) => importing({ constant: uri });

  it.each(["/data/x", "file:///data/x", "http://data.example/x", "https://OTHER.example:8443/x"])(
    "lets %s start",
    (uri) => {
      expect(judged(constant(uri)).refused).toEqual([]);
    },
  );

  it.each([
    ["gs://bucket/x", "nothing here reads gs: addresses"],
    ["s3://bucket/x", "nothing here reads s3: addresses"],
    ["oci://registry/x", "nothing here reads oci: addresses"],
    ["minio://bucket/x", "nothing here reads minio: addresses"],
    ["http://elsewhere.example/x", "not among the hosts"],
    ["http://data.example:8080/x", "not among the hosts"],
    ["https://other.example/x", "not among the hosts"],
    ["http://me:word@data.example/x", "user name or password"],
    ["data/x", "relative path"],
    ["file://host/x", "another machine"],
  ])("refuses %s", (uri, why) => {
    expect(judged(constant(uri)).refused).toEqual([expect.stringContaining(why)]);
  });

  it("refuses a parameter's value when the run will surely come to it", () => {
    const parameters = { uri: "gs://bucket/x" };
    const given = { runtimeParameter: "uri" };
    expect(judged(importing(given), {}, { parameters }).refused).toHaveLength(1);
    const condition = { triggerPolicy: { condition: "1 == 1" } };
    expect(judged(importing(given, condition), {}, { parameters }).refused).toEqual([]);
  });
});

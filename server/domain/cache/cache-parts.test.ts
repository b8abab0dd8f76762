import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, Step } from "@/pipelines/graph";
import { aFileBody, aStep } from "../planning/testing/graphs";
import { EXECUTOR_KINDS, LOCAL_PROFILE } from "../profile";
import { cacheKey, changedParts, digestOf } from "./cache-key";
import { type CacheFacts, cacheParts } from "./cache-parts";
import { cacheObstacle } from "./eligible";

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

const facts: fc.Arbitrary<CacheFacts> = fc.record({
  parameters: fc.dictionary(name, json, { maxKeys: 4 }),
  artifacts: fc.dictionary(
    name,
    fc.array(
      fc.record({
        type: fc.constantFrom("system.Dataset", "system.Model"),
        digest: fc.option(digest),
        location: fc.constant(null),
        metadata: fc.dictionary(name, json, { maxKeys: 2 }),
      }),
      { maxLength: 2 },
    ),
    { maxKeys: 3 },
  ),
  profile: fc.record({
    environment: fc.dictionary(name, fc.string(), { maxKeys: 2 }),
    imageMap: fc.constant({}),
    python: fc.option(fc.constantFrom("python3.11", "/opt/python")),
    executor: fc.constantFrom(...EXECUTOR_KINDS),
    workingDirectory: fc.option(fc.constant("/srv")),
  }),
  named: fc.array(fc.record({ part: fc.constantFrom("environment A", "mount /s"), name, version: fc.option(digest) }), {
    maxLength: 2,
  }),
  files: fc.constant({}),
  upstream: fc.constant({}),
});

/** The same value with the keys of all its maps the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, reversed(one)]),
  ) as T;
}

const noFacts: CacheFacts = {
  parameters: {},
  artifacts: {},
  profile: LOCAL_PROFILE,
  named: [],
  files: {},
  upstream: {},
};

const train = (rest: Partial<Step> = {}): Step =>
  aStep("train", {
    cache: { enabled: true },
    body: {
      body: "container",
      image: "python:3.11",
      command: ["python3", "train.py"],
      args: ["{{$.inputs.parameters['lr']}}"],
      env: [{ name: "MODE", value: "fast" }],
      component: "comp-train",
    },
    ...rest,
  });

describe("the key of a result", () => {
  it("is the same for the same inputs, in whatever order their maps are", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const one = cacheParts(train(), given);
        const other = cacheParts(train(), reversed(given));
        expect(cacheKey(other)).toBe(cacheKey(one));
        expect(changedParts(one, other)).toEqual([]);
      }),
    );
  });

  it("is another one for any changed input, and exactly that input is named", () => {
    fc.assert(
      fc.property(facts, name, json, json, (given, input, before, now) => {
        fc.pre(digestOf(before) !== digestOf(now));
        const withInput = (value: JsonValue) =>
          cacheParts(train(), { ...given, parameters: { ...given.parameters, [input]: value } });
        expect(changedParts(withInput(before), withInput(now))).toEqual([`input ${input}`]);
        expect(cacheKey(withInput(before))).not.toBe(cacheKey(withInput(now)));
      }),
    );
  });

  it("goes by what artifacts hold, their type and their metadata", () => {
    const artifact = { type: "system.Dataset", digest: "a".repeat(64), location: null, metadata: { rows: 3 } };
    const of = (one: typeof artifact) => cacheParts(train(), { ...noFacts, artifacts: { data: [one] } });
    expect(changedParts(of(artifact), of({ ...artifact, metadata: { rows: 3 } }))).toEqual([]);
    for (const other of [
      { ...artifact, digest: "b".repeat(64) },
      { ...artifact, type: "system.Model" },
      { ...artifact, metadata: { rows: 4 } },
    ])
      expect(changedParts(of(artifact), of(other))).toEqual(["artifact data"]);
  });

  it.each([
    ["command", { command: ["python3", "other.py"] }],
    ["command", { args: [] }],
    ["image", { image: "python:3.12" }],
    ["environment MODE", { env: [{ name: "MODE", value: "slow" }] }],
  ])("names %s", (part, change) => {
    const step = train();
    if (step.body.body !== "container") throw new Error("not a container");
    const other = train({ body: { ...step.body, ...change } });
    expect(changedParts(cacheParts(step, noFacts), cacheParts(other, noFacts))).toEqual([part]);
  });

  it("knows the outputs a step declares, but not how they are described", () => {
    const declared = (description: string, type: "string" | "integer") =>
      train({
        interface: {
          parameters: [],
          artifacts: [],
          outputParameters: [{ name: "n", type, description }],
          outputArtifacts: [],
        },
      });
    const one = cacheParts(declared("a", "string"), noFacts);
    expect(changedParts(one, cacheParts(declared("b", "string"), noFacts))).toEqual([]);
    expect(changedParts(one, cacheParts(declared("a", "integer"), noFacts))).toEqual(["outputs"]);
  });

  it("takes the versions of secrets, the image map and the profile's Python", () => {
    const base = cacheParts(train(), noFacts);
    const with_ = (change: Partial<CacheFacts>) => changedParts(base, cacheParts(train(), { ...noFacts, ...change }));
    expect(with_({ named: [{ part: "environment TOKEN", name: "s", version: "v1" }] })).toEqual(["environment TOKEN"]);
    expect(with_({ profile: { ...LOCAL_PROFILE, imageMap: { "python:3.11": "mirror/python" } } })).toEqual(["image"]);
    expect(with_({ profile: { ...LOCAL_PROFILE, python: "python3.13" } })).toEqual(["python"]);
  });

  it("is the component and the author's own key alone, where there is one", () => {
    const step = train({ cache: { enabled: true, key: "mine" } });
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        expect(cacheKey(cacheParts(step, one))).toBe(cacheKey(cacheParts(step, other)));
      }),
    );
    const other = train({ cache: { enabled: true, key: "yours" } });
    expect(changedParts(cacheParts(step, noFacts), cacheParts(other, noFacts))).toEqual(["custom cache key"]);
  });

  it("of a file step takes its files, what came before and the run's parameters", () => {
    const body = aFileBody({ file: "n.ipynb", runner: "notebook", parameterEnv: ["lr"] });
    const step = aStep("n", { kind: "notebook", body });
    const base = { ...noFacts, files: { "n.ipynb": "1".repeat(64) }, upstream: { "data.csv": "2".repeat(64) } };
    const changed = (change: Partial<CacheFacts>) =>
      changedParts(cacheParts(step, base), cacheParts(step, { ...base, ...change }));
    expect(changed({ files: { "n.ipynb": "3".repeat(64) } })).toEqual(["file n.ipynb"]);
    expect(changed({ upstream: { "data.csv": "4".repeat(64) } })).toEqual(["upstream data.csv"]);
    expect(changed({ parameters: { lr: 1 } })).toEqual(["input lr"]);
  });
});

describe("a step that never reuses a result", () => {
  const switches = { fileMode: "shared", cacheOff: [] } as const;
  it.each([
    [train({ cache: { enabled: false } }), "in the pipeline"],
    [
      train({ parameters: [{ name: "p", source: { from: "constant", value: "{{$.workspace_path}}/x" } }] }),
      "workspace",
    ],
    [aStep("g", { kind: "dag" }), "Only steps that run"],
  ])("says why: %#", (step, why) => {
    expect(cacheObstacle(step, switches)).toContain(why);
  });

  it("is one that the run names, and a file step of the shared mode", () => {
    expect(cacheObstacle(train(), switches)).toBeNull();
    expect(cacheObstacle(train(), { ...switches, cacheOff: ["train"] })).toContain("in this run");
    expect(cacheObstacle(train({ path: "loop/train" }), { ...switches, cacheOff: ["loop"] })).toContain("in this run");
    expect(cacheObstacle(train(), { ...switches, cacheOff: ["trai"] })).toBeNull();
  });
});

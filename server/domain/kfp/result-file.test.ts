/** What a step left behind: read when it is sound, refused or fenced in when it is not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { isBelow, isRemote, readStepOutputs, type StepFiles } from "./result-file";

function outputs(result: JsonValue | string | null, changes: Partial<StepFiles> = {}) {
  const outcome = readStepOutputs({
    interface: {
      outputParameters: [{ name: "n", type: "integer" }],
      outputArtifacts: [
        { name: "m", type: "system.Metrics", metadata: { a: 1 } },
        { name: "l", type: "system.Dataset", isList: true },
      ],
    },
    resultText: result === null || typeof result === "string" ? result : JSON.stringify(result),
    parameterTexts: new Map(),
    declaredUris: new Map([["m", "/run/out/artifacts/m"]]),
    allowedRoots: ["/run/out", "/work"],
    givenPaths: ["/other/run/data"],
    workingDirectory: "/work/cwd",
    ...changes,
  });
  if (!outcome.ok) throw new Error(outcome.message);
  const { parameters, artifacts, warnings } = outcome.outputs;
  return { n: parameters.get("n"), m: artifacts.get("m"), l: artifacts.get("l"), warnings };
}

const artifact = (entry: JsonValue): JsonValue => ({
  parameterValues: { n: 1 },
  artifacts: { m: { artifacts: [entry] } },
});

describe("parameters", () => {
  it("come from the result file first, then from their own files", () => {
    const parameterTexts = new Map([["n", "7\n"]]);
    expect(outputs({ parameterValues: { n: 5 } }, { parameterTexts }).n).toBe(5);
    expect(outputs(null, { parameterTexts }).n).toBe(7);
    expect(outputs({ parameterValues: { n: null } }, { parameterTexts }).n).toBe(7);
    expect(outputs({ parameters: { n: { intValue: "9" } } }).n).toBe(9);
  });

  it("are absent with a warning when nothing was written", () => {
    const { n, warnings } = outputs(null);
    expect(n).toBeUndefined();
    expect(warnings).toEqual(['The step wrote no value for the output "n".']);
  });

  it("fail the task when a file cannot be read", () => {
    expect(() => outputs(null, { parameterTexts: new Map([["n", "x"]]) })).toThrow('output "n"');
    expect(() => outputs("{broken")).toThrow("no JSON");
    expect(() => outputs("[1]")).toThrow("no JSON object");
    expect(() => outputs('{"parameterValues": {"__proto__": 1}}')).toThrow("__proto__");
  });

  it("say what is undeclared or of another type", () => {
    const { n, warnings } = outputs({ parameterValues: { n: "five", z: 1 }, artifacts: { y: { artifacts: [] } } });
    expect(n).toBe("five");
    expect(warnings).toEqual([expect.stringContaining("declared as integer"), expect.stringContaining("z, y")]);
  });
});

describe("artifacts", () => {
  it("are recorded also without a result file", () => {
    expect(outputs(null).m).toEqual([
      { name: "m", type: "system.Metrics", uri: "/run/out/artifacts/m", metadata: { a: 1 } },
    ]);
    expect(outputs(null).l).toEqual([]);
  });

  it("take address, name and metadata from the step", () => {
    const text =
      '{"parameterValues": {"n": 1}, "artifacts": {"m": {"artifacts": [{"name": "x", "uri": "/run/out/else", "metadata": {"t": Infinity}}]}}}';
    expect(outputs(text)).toMatchObject({
      m: [{ name: "x", uri: "/run/out/else", metadata: { a: 1, t: "Infinity" } }],
      warnings: [],
    });
    expect(outputs(artifact({ uri: "s3://bucket/key", custom_path: "/work/here" })).m).toMatchObject([
      { uri: "s3://bucket/key", customPath: "/work/here" },
    ]);
    expect(
      outputs({
        parameterValues: { n: 1 },
        artifacts: { l: { artifacts: [{ uri: "/run/out/1" }, { uri: "/run/out/2" }] } },
      }).l,
    ).toHaveLength(2);
  });

  it.each([
    "/etc/passwd",
    "/run/out/../../etc/passwd",
    "/run/output",
    "file:///etc/passwd",
    "file:relative",
    "../../etc/passwd",
    "/other/run/data2",
    "/run/out\u0000/x",
    "//etc",
    "/run/out",
  ])("%j is refused", (path) => {
    expect(() => outputs(artifact({ uri: path }))).toThrow(`as the uri of the artifact "m"`);
    expect(() => outputs(artifact({ custom_path: path }))).toThrow("as the custom_path");
  });

  it("may be named from the working directory, or as a file address", () => {
    expect(outputs(artifact({ custom_path: "model.bin" })).m).toMatchObject([{ customPath: "/work/cwd/model.bin" }]);
    for (const uri of ["/other/run/data", "/other/run/data/part"]) {
      expect(outputs(artifact({ uri })).m).toMatchObject([{ uri }]);
    }
    expect(outputs(artifact({ uri: "file:///run/out/x" })).m).toMatchObject([{ uri: "/run/out/x" }]);
  });

  it("may lie at a remote place, whose content is never looked at", () => {
    for (const uri of ["s3://b/k", "gs://b/k", "hdfs://n/p", "bq://project.set.table", "https://host/x"]) {
      expect(isRemote(uri)).toBe(true);
      expect(outputs(artifact({ uri })).m).toMatchObject([{ uri }]);
    }
    expect(() => outputs(artifact({ custom_path: "s3://b/k" }))).toThrow("custom_path");
  });
});

it("isBelow agrees with the file system's own reading of a path", () => {
  const part = fc.constantFrom("..", ".", "", "a", "base", "b");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const path = `/${parts.join("/")}`;
      expect(isBelow("/base", path)).toBe(
        new URL(`x:${path.replace(/\/+/g, "/")}`).pathname.replace(/\/$/, "").startsWith("/base/"),
      );
    }),
  );
});

it("answers on any JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
      for (const result of [
        one,
        { artifacts: one, parameterValues: two, parameters: one },
        artifact(one as JsonValue),
      ]) {
        try {
          outputs(JSON.stringify(result));
        } catch (error) {
          expect(error instanceof Error && error.message).toMatch(/JSON|output|artifact/);
        }
      }
    }),
  );
});

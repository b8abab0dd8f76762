/** Placeholders in commands, arguments, constants and the environment. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, ParameterBinding, StepInterface } from "@/pipelines/graph";
import { expandEnvironment } from "./environment";
import { buildExecutorInput } from "./executor-input";
import { fillConstants, fillMetadata, fillWords, type RunFacts } from "./placeholders";

const facts: RunFacts = {
  jobName: "job",
  jobResourceName: "pipe-job",
  jobId: "id",
  taskName: "train",
  taskId: "7",
  createdAt: "2026-01-01T00:00:00Z",
};
const contract: StepInterface = {
  parameters: [],
  artifacts: [],
  outputParameters: [{ name: "out", type: "string" }],
  outputArtifacts: [
    { name: "model", type: "system.Model", metadata: { framework: "x" } },
    { name: "../a/b", type: "system.Artifact" },
  ],
};

function input(parameters: { [name: string]: JsonValue } = {}) {
  return buildExecutorInput({
    step: { interface: contract },
    parameters: new Map(Object.entries(parameters)),
    artifacts: new Map([["data", [{ name: "d", type: "system.Dataset", uri: "s3://b/k", metadata: { rows: 3 } }]]]),
    outputDirectory: "/run/out",
  });
}

const fill = (word: string, parameters: { [name: string]: JsonValue } = {}) =>
  fillWords([word], input(parameters), facts);

describe("the executor input", () => {
  it("has the shape that the SDK's runtime reads", () => {
    expect(input({ n: 3.0 })).toEqual({
      inputs: {
        parameterValues: { n: 3 },
        artifacts: {
          data: {
            artifacts: [
              {
                name: "d",
                type: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" },
                uri: "s3://b/k",
                metadata: { rows: 3 },
              },
            ],
          },
        },
      },
      outputs: {
        parameters: { out: { outputFile: "/run/out/parameters/out" } },
        artifacts: {
          model: {
            artifacts: [
              {
                name: "model",
                type: { schemaTitle: "system.Model", schemaVersion: "0.0.1" },
                uri: "/run/out/artifacts/model",
                metadata: { framework: "x" },
              },
            ],
          },
          "../a/b": {
            artifacts: [
              {
                name: "../a/b",
                type: { schemaTitle: "system.Artifact", schemaVersion: "0.0.1" },
                uri: "/run/out/artifacts/%2E%2E%2Fa%2Fb",
                metadata: {},
              },
            ],
          },
        },
        outputFile: "/run/out/executor_output.json",
      },
    });
  });

  it("never lets a name leave its directory", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const built = buildExecutorInput({
          step: { interface: { ...contract, outputParameters: [{ name, type: "string" }], outputArtifacts: [] } },
          parameters: new Map(),
          artifacts: new Map(),
          outputDirectory: "/o",
        });
        expect(Object.values(built.outputs.parameters)[0]?.outputFile).toMatch(/^\/o\/parameters\/(?!\.{1,2}$)[^/]*$/);
      }),
    );
  });
});

describe("words", () => {
  it.each<[string, string]>([
    ["a {{$.inputs.parameters['n']}}-{{$.inputs.parameters['s']}}", "a 3-x y"],
    ["{{$.inputs.parameters['l']}}", '[1,{"a":true}]'],
    ["{{$.inputs.parameters['nothing']}}", ""],
    ["{{$.inputs.artifacts['data'].uri}} {{$.inputs.artifacts['data'].path}}", "s3://b/k /s3/b/k"],
    ["{{$.inputs.artifacts['data'].name}} {{$.inputs.artifacts['data'].metadata['rows']}}", "d 3"],
    ['{{$.inputs.artifacts["data"].metadata}}', '{"rows":3}'],
    ["{{$.outputs.parameters['out'].output_file}}", "/run/out/parameters/out"],
    ["{{$.outputs.artifacts['model'].path}}", "/run/out/artifacts/model"],
    ["{{$.outputs.output_file}}{{$.outputMetadataUri}}", "/run/out/executor_output.json/run/out/executor_output.json"],
    ["x{{$.pipeline_job_name}}{{$.pipeline_job_resource_name}}{{$.pipeline_job_uuid}}", "xjobpipe-jobid"],
    [
      "{{$.pipeline_task_name}} {{$.pipeline_task_uuid}} {{$.pipeline_job_create_time_utc}}",
      "train 7 2026-01-01T00:00:00Z",
    ],
  ])("%s", (word, text) => {
    const parameters = { n: 3, s: "x y", l: [1, { a: true }], nothing: null };
    expect(fill(word, parameters)).toEqual({ words: [text], warnings: [] });
  });

  it("writes the whole input as JSON, quotes in values included", () => {
    const { words } = fill("{{$}}", { s: 'say "hi"\n' });
    expect(JSON.parse(words[0] ?? "")).toEqual(input({ s: 'say "hi"\n' }));
  });

  it.each([
    "{{$.inputs.parameters['gone']}}",
    "{{$.pipeline_persistent_resource_id}}",
    "{{$.inputs.parameters['toString']}}",
    "{{$.workspace_path}}",
  ])("leaves %s with a warning", (word) => {
    const filled = fill(word);
    expect(filled.words).toEqual([word]);
    expect(filled.warnings[0]).toContain(word);
  });

  it("never scans a value that it filled in", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          "{{$}}",
          "{{$.inputs.parameters['b']}}",
          "{{$.pipeline_job_name}}",
          '{"Concat": ["x"]}',
          "$&",
          "$1",
        ),
        (evil) => {
          expect(fill("{{$.inputs.parameters['a']}}", { a: evil, b: "secret" }).words).toEqual([evil]);
        },
      ),
    );
  });

  it("puts Concat and IfPresent together, in each other too", () => {
    const concat = JSON.stringify({
      Concat: ["--a=", "{{$.inputs.parameters['a']}}", { IfPresent: { InputName: "gone", Then: "no" } }],
    });
    expect(fill(concat, { a: "1" }).words).toEqual(["--a=1"]);
    const present = JSON.stringify({ IfPresent: { InputName: "a", Then: ["--a", concat], Else: ["--none"] } });
    expect(fill(present, { a: "1" }).words).toEqual(["--a", concat.replace("{{$.inputs.parameters['a']}}", "1")]);
    const nested = JSON.stringify({
      IfPresent: { InputName: "a", Then: ["--a", { Concat: ["x", "{{$.inputs.parameters['a']}}"] }], Else: "--none" },
    });
    expect(fill(nested, { a: '"; rm' }).words).toEqual(["--a", 'x"; rm']);
    expect(fill(nested).words).toEqual(["--none"]);
    expect(fill(JSON.stringify({ IfPresent: { InputName: "gone", Then: "x" } })).words).toEqual([]);
    expect(fill(JSON.stringify({ IfPresent: { InputName: "data", Then: "x" } })).words).toEqual(["x"]);
    expect(fill('{"Concat": broken').words).toEqual(['{"Concat": broken']);
  });
});

describe("constants", () => {
  const constant = (name: string): ParameterBinding => ({ name, source: { from: "constant", value: null } });
  const parent = (name: string): ParameterBinding => ({ name, source: { from: "parent", input: name } });
  const filled = (bindings: ParameterBinding[], values: { [name: string]: JsonValue }) =>
    Object.fromEntries(fillConstants(bindings, new Map(Object.entries(values)), facts).values);

  it("take values from the other inputs, in any order and inside lists", () => {
    const values = {
      text: "hello {{$.inputs.parameters['x']}}",
      list: ["{{$.inputs.parameters['x']}}!"],
      x: "you",
      both: "{{$.inputs.parameters['text']}}",
    };
    expect(filled([constant("text"), constant("list"), constant("both"), parent("x")], values)).toEqual({
      text: "hello you",
      list: ["you!"],
      x: "you",
      both: "hello you",
    });
  });

  it("keep the type where the whole constant is one placeholder", () => {
    expect(filled([constant("a"), parent("x")], { a: "{{$.inputs.parameters['x']}}", x: [1] })).toEqual({
      a: [1],
      x: [1],
    });
    expect(filled([constant("a")], { a: "{{$.pipeline_job_name}}" })).toEqual({ a: "job" });
  });

  it("leave what a run or a step gave alone, and end in circles", () => {
    expect(
      filled([parent("x"), constant("a")], { x: "{{$.pipeline_job_name}}", a: "{{$.inputs.parameters['x']}}" }),
    ).toEqual({ x: "{{$.pipeline_job_name}}", a: "{{$.pipeline_job_name}}" });
    const circle = { a: "1{{$.inputs.parameters['b']}}", b: "2{{$.inputs.parameters['a']}}" };
    expect(filled([constant("a"), constant("b")], circle).b).toContain("2");
  });
});

describe("expandEnvironment", () => {
  it("uses earlier and inherited variables, keeps unknown ones, halves dollars", () => {
    const variables = [
      { name: "A", value: "$(HOME)/a" },
      { name: "B", value: "$(A)-$(LATER)-$$(A)-$x" },
      { name: "LATER", value: "z" },
    ];
    expect(Object.fromEntries(expandEnvironment(variables, new Map([["HOME", "/h"]])))).toEqual({
      A: "/h/a",
      B: "/h/a-$(LATER)-$(A)-$x",
      LATER: "z",
    });
  });
});

describe("metadata of an importer", () => {
  const metadata = (value: { [key: string]: JsonValue }, parameters: { [name: string]: JsonValue }) =>
    fillMetadata(value, input(parameters), facts);

  it("keeps the type of a value that is one parameter, and fills keys and texts", () => {
    expect(
      metadata(
        {
          rows: "{{$.inputs.parameters['n']}}",
          list: ["{{$.inputs.parameters['s']}}", 1],
          "{{$.inputs.parameters['k']}}": "{{$.inputs.parameters['n']}} of {{$.pipeline_job_name}}",
          two: "{{$.inputs.parameters['k']}}{{$.inputs.parameters['n']}}",
        },
        { n: 3, s: { a: true }, k: "key" },
      ),
    ).toEqual({ metadata: { rows: 3, list: [{ a: true }, 1], key: "3 of job", two: "key3" }, warnings: [] });
  });

  it("never scans a value, and says what it left", () => {
    const filled = metadata(
      { a: "{{$.inputs.parameters['x']}}", b: "{{$.inputs.parameters['gone']}}" },
      { x: "{{$.pipeline_job_name}}" },
    );
    expect(filled.metadata).toEqual({ a: "{{$.pipeline_job_name}}", b: "{{$.inputs.parameters['gone']}}" });
    expect(filled.warnings).toHaveLength(1);
  });
});

/** What a Kubeflow file may not say, each with its place; what older ones say; and any text at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, ParseOutcome, PipelineGraph } from "../graph";
import { parseKfp, parseKfpDocuments } from "./index";
import { componentOf, fedBy, specOf, taskOf } from "./spec-for-tests";

type JsonObject = { [key: string]: JsonValue };

function refusals(outcome: ParseOutcome): [rule: string, place: string][] {
  expect(outcome.ok).toBe(false);
  return outcome.problems.filter((one) => one.severity === "error").map(({ rule, place }) => [rule, place]);
}

function graph(...documents: JsonValue[]): PipelineGraph {
  const outcome = parseKfpDocuments(documents);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.graph;
}

const dag = (tasks: JsonObject): JsonObject => ({ dag: { tasks } });

describe("refusals name their place", () => {
  const cases: [string, JsonObject, string, string][] = [
    ["unknown component", specOf({ a: taskOf({}, "nope") }), "unknown-component", "root.dag.tasks.a.componentRef"],
    ["unknown producer", specOf({ a: taskOf({ inputs: fedBy("b") }) }), "unknown-producer", "root.dag.tasks.a.inputs.parameters.x"],
    ["unknown dependency", specOf({ a: taskOf({ dependentTasks: ["b"] }) }), "unknown-dependency", "root.dag.tasks.a.dependentTasks"],
    [
      "unknown parent input",
      specOf({ a: taskOf({ inputs: { parameters: { x: { componentInputParameter: "y" } } } }) }),
      "unknown-parent-input",
      "root.dag.tasks.a.inputs.parameters.x",
    ],
    [
      "unknown output",
      specOf({ a: taskOf(), b: taskOf({ inputs: { parameters: { x: { taskOutputParameter: { producerTask: "a", outputParameterKey: "no" } } } } }) }),
      "unknown-output",
      "root.dag.tasks.b.inputs.parameters.x",
    ],
    [
      "two sources",
      specOf({ a: taskOf({ inputs: { parameters: { x: { runtimeValue: { constant: 1 }, taskFinalStatus: { producerTask: "a" } } } } }) }),
      "input-source",
      "root.dag.tasks.a.inputs.parameters.x",
    ],
    ["unknown field", specOf({ a: taskOf({ colour: "red" }) }), "unknown-field", "root.dag.tasks.a.colour"],
    ["wrong type", specOf({ a: taskOf({ dependentTasks: "b" }) }), "wrong-type", "root.dag.tasks.a.dependentTasks"],
    ["unknown parameter type", specOf({}, { components: { comp: componentOf({ inputDefinitions: { parameters: { x: { parameterType: "TEXT" } } } }) } }), "wrong-type", "components.comp.inputDefinitions.parameters.x.parameterType"],
    ["unknown executor", specOf({}, { components: { comp: componentOf({ executorLabel: "gone" }) } }), "unknown-executor", "components.comp.executorLabel"],
    ["no implementation", specOf({}, { components: { comp: {} } }), "component-kind", "components.comp"],
    ["no name", specOf({}, { pipelineInfo: { name: null } }), "missing-name", "pipelineInfo.name"],
    ["long name", specOf({}, { pipelineInfo: { name: "ä".repeat(65) } }), "long-name", "pipelineInfo.name"],
    ["no root", specOf({}, { root: null }), "missing-root", "root"],
    ["other schema", specOf({}, { schemaVersion: "3.0.0" }), "schema-version", "schemaVersion"],
    ["final status on the root", specOf({}, { root: { ...dag({}), inputDefinitions: { parameters: { s: { parameterType: "TASK_FINAL_STATUS" } } } } }), "wrong-parameter-type", "root.inputDefinitions.parameters.s"],
    ["condition syntax", specOf({ a: taskOf({ triggerPolicy: { condition: "inputs.parameter_values['x'] == 'it's'" } }) }), "condition-syntax", "root.dag.tasks.a.triggerPolicy.condition"],
    ["condition over nothing", specOf({ a: taskOf({ triggerPolicy: { condition: "inputs.parameter_values['q'] == 1" } }) }), "unknown-input", "root.dag.tasks.a.triggerPolicy.condition"],
    ["selector", specOf({ a: taskOf({ inputs: { parameters: { x: { runtimeValue: { constant: "{}" }, parameterExpressionSelector: "size(string_value)" } } } }) }), "selector-syntax", "root.dag.tasks.a.inputs.parameters.x.parameterExpressionSelector"],
    ["loop over a non-list", specOf({ a: taskOf({ parameterIterator: { items: { raw: '{"a": 1}' }, itemInput: "x" } }) }), "loop-items", "root.dag.tasks.a.parameterIterator"],
    ["both iterators", specOf({ a: taskOf({ parameterIterator: { items: { raw: "[]" }, itemInput: "x" }, artifactIterator: { items: { inputArtifact: "d" }, itemInput: "x" } }) }), "two-iterators", "root.dag.tasks.a"],
    ["bad duration", specOf({ a: taskOf({ retryPolicy: { maxRetryCount: 1, backoffDuration: "5m" } }) }), "retry", "root.dag.tasks.a.retryPolicy.backoffDuration"],
    ["name ..", specOf({ "..": taskOf() }), "bad-name", 'root.dag.tasks[".."]'],
    ["half a character", specOf({ "\ud800": taskOf() }), "bad-name", 'root.dag.tasks["\\ud800"]'],
  ]; // biome-ignore format: one case a line
  it.each(cases)("%s", (_, spec, rule, place) => {
    expect(refusals(parseKfpDocuments([spec]))).toContainEqual([rule, place]);
  });

  it("names the tasks of a cycle", () => {
    const tasks = {
      a: taskOf({ inputs: fedBy("c") }),
      b: taskOf({ inputs: fedBy("a") }),
      c: taskOf({ dependentTasks: ["b"] }),
      d: taskOf(),
    };
    const outcome = parseKfpDocuments([specOf(tasks)]);
    expect(refusals(outcome)).toEqual([["circular-reference", "root.dag.tasks"]]);
    expect(outcome.problems[0]?.message).toMatch(/a → b → c → a|b → c → a → b|c → a → b → c/);
    expect(refusals(parseKfpDocuments([specOf({ a: taskOf({ dependentTasks: ["a"] }) })]))[0]?.[0]).toBe(
      "circular-reference",
    );
  });

  it("names the components of a recursion", () => {
    const components = { comp: componentOf({}), p: dag({ in: taskOf({}, "q") }), q: dag({ in: taskOf({}, "p") }) };
    const outcome = parseKfpDocuments([specOf({ a: taskOf({}, "p") }, { components })]);
    expect(refusals(outcome)[0]?.[0]).toBe("recursive-component");
    expect(outcome.problems[0]?.message).toContain("p → q → p");
  });

  it("names like JavaScript's own lead nowhere", () => {
    for (const name of ["toString", "hasOwnProperty", "valueOf"]) {
      expect(refusals(parseKfpDocuments([specOf({ a: taskOf({}, name) })]))[0]?.[0]).toBe("unknown-component");
      expect(graph(specOf({ [name]: taskOf() })).steps[0]?.path).toBe(name);
    }
    const text = JSON.stringify(specOf({ a: taskOf() })).replace('"a":', '"__proto__":');
    expect(refusals(parseKfp(text))[0]?.[0]).toBe("forbidden-key");
  });

  it("refuses two pipelines, two platform documents and duplicate keys", () => {
    const spec = specOf({ a: taskOf() });
    expect(refusals(parseKfpDocuments([spec, spec]))[0]?.[0]).toBe("two-pipelines");
    expect(refusals(parseKfpDocuments([spec, { platforms: {} }, { platforms: {} }]))[0]?.[0]).toBe("two-platforms");
    expect(refusals(parseKfp("pipelineInfo:\n  name: a\npipelineInfo:\n  name: b\n"))).toEqual([
      ["duplicate-key", "line 3, column 1"],
    ]);
  });
});

describe("what is accepted", () => {
  it("reads documents in any order, skips empty and unknown ones", () => {
    const platform = {
      platforms: {
        kubernetes: {
          deploymentSpec: { executors: { exec: { activeDeadlineSeconds: "30" } } },
          pipelineConfig: { activeDeadlineSeconds: 60, resourceTtl: 5 },
        },
      },
    };
    const read = graph(null, platform, { hello: 1 }, specOf({ a: taskOf() }));
    expect(read.steps[0]?.timeoutMs).toBe(30_000);
    expect(read.timeoutMs).toBe(60_000);
    expect(read.unknownFields).toEqual(["platforms.kubernetes.pipelineConfig.resourceTtl"]);
  });

  it("keeps a list of what it drops from the deployment", () => {
    const executors = { exec: { container: { image: "a", "@type": "x", lifecycle: {} } } };
    expect(graph(specOf({ a: taskOf() }, { deploymentSpec: { executors } })).unknownFields).toEqual([
      'deploymentSpec.executors.exec.container["@type"]',
      "deploymentSpec.executors.exec.container.lifecycle",
    ]);
  });

  it("takes snake_case, and a PipelineJob around the spec", () => {
    const snake = {
      pipeline_info: { name: "p" },
      schema_version: "2.1.0",
      components: { c: { executor_label: "e" } },
      deployment_spec: { executors: { e: { container: { image: "i" } } } },
      root: { dag: { tasks: { a: { component_ref: { name: "c" }, caching_options: { enable_cache: true } } } } },
    };
    expect(graph({ name: "job", runtimeConfig: {}, pipelineSpec: snake }).steps[0]?.cache.enabled).toBe(true);
    expect(graph({ pipeline_spec: { pipeline_spec: snake, platform_spec: { platforms: {} } } }).name).toBe("p");
  });

  it("takes the forms of SDKs before 2.0, with a warning for the schema", () => {
    const inputs = {
      parameters: {
        x: { runtimeValue: { runtimeParameter: "p" } },
        y: { runtimeValue: { constantValue: { intValue: "7" } } },
      },
    };
    const root = { ...dag({ a: taskOf({ inputs }) }), inputDefinitions: { parameters: { p: { type: "INT" } } } };
    const old = specOf({}, { schemaVersion: "2.0.0", root });
    const outcome = parseKfpDocuments([old]);
    expect(outcome).toMatchObject({ ok: true, problems: [{ rule: "schema-version", severity: "warning" }] });
    if (!outcome.ok) return;
    expect(outcome.graph.parameters).toEqual([{ name: "p", type: "integer", required: true }]);
    expect(outcome.graph.steps[0]?.parameters.map(({ source }) => source)).toEqual([
      { from: "parent", input: "p" },
      { from: "constant", value: 7 },
    ]);
  });

  it("gives every use of a component steps of its own, with encoded paths", () => {
    const components = {
      comp: componentOf({}),
      inner: dag({ "a/b": taskOf(), "A/b": taskOf({ dependentTasks: ["a/b"] }) }),
    };
    const read = graph(specOf({ one: taskOf({}, "inner"), two: taskOf({}, "inner") }, { components }));
    expect(read.steps.map((step) => step.path)).toEqual([
      "one",
      "one/a%2Fb",
      "one/A%2Fb",
      "two",
      "two/a%2Fb",
      "two/A%2Fb",
    ]);
    expect(read.steps[2]?.dependsOn).toEqual(["one/a%2Fb"]);
  });

  it("keeps null apart from no default", () => {
    const parameters = {
      a: { parameterType: "STRING", defaultValue: null },
      b: { parameterType: "STRING", isOptional: true },
      c: { parameterType: "STRUCT" },
    };
    const read = graph(specOf({}, { root: { ...dag({}), inputDefinitions: { parameters } } }));
    expect(read.parameters).toEqual([
      { name: "a", type: "string", required: false, default: null },
      { name: "b", type: "string", required: false },
      { name: "c", type: "struct", required: true },
    ]);
  });

  it("keeps a resolver as a step that is drawn only", () => {
    const read = graph(specOf({ a: taskOf() }, { deploymentSpec: { executors: { exec: { resolver: { q: 1 } } } } }));
    expect(read.steps[0]?.body).toEqual({ body: "foreign", what: "resolver", values: { resolver: { q: 1 } } });
  });
});

describe("size", () => {
  it("2,000 tasks, a parameter of 1 MB, a loop of 10,000 items, 50 graphs in each other", () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, n) => [`t${n}`, taskOf(n === 0 ? {} : { inputs: fedBy(`t${n - 1}`) })]),
    );
    const big = { parameters: { x: { runtimeValue: { constant: "x".repeat(1e6) } } } };
    const items = { items: { raw: JSON.stringify(Array.from({ length: 10_000 }, (_, n) => n)) }, itemInput: "x" };
    const components: JsonObject = { comp: componentOf({}) };
    for (let n = 0; n < 50; n += 1) components[`d${n}`] = dag({ t: taskOf({}, n === 0 ? "comp" : `d${n - 1}`) });
    const all = {
      ...tasks,
      big: taskOf({ inputs: big }),
      loop: taskOf({ parameterIterator: items }),
      deep: taskOf({}, "d49"),
    };
    const start = performance.now();
    const read = graph(specOf(all, { components }));
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(read.steps.length).toBe(2_000 + 2 + 51);
    expect(read.steps.at(-1)?.path.split("/").length).toBe(51);
  });

  it("stops at 20,000 steps and at 100 graphs in each other, without expanding them", () => {
    const components: JsonObject = { comp: componentOf({}) };
    const chain: JsonObject = { comp: componentOf({}) };
    for (let n = 0; n < 40; n += 1) {
      const inner = n === 0 ? "comp" : `d${n - 1}`;
      components[`d${n}`] = dag({ a: taskOf({}, inner), b: taskOf({}, inner) });
    }
    for (let n = 0; n < 10_000; n += 1) chain[`d${n}`] = dag({ t: taskOf({}, n === 0 ? "comp" : `d${n - 1}`) });
    expect(refusals(parseKfpDocuments([specOf({ a: taskOf({}, "d39") }, { components })]))[0]?.[0]).toBe(
      "too-many-steps",
    );
    expect(refusals(parseKfpDocuments([specOf({ a: taskOf({}, "d9999") }, { components: chain })]))[0]?.[0]).toBe(
      "too-deep",
    );
  });
});

describe("neighbouring formats", () => {
  it.each([
    ["apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}", "argo-workflow"],
    ["apiVersion: tekton.dev/v1\nkind: PipelineRun", "tekton-pipeline"],
    ["apiVersion: v1\nkind: Pod", "kubernetes-object"],
    ["name: c\nimplementation:\n  container: {image: a}", "component"],
    ["hello: world", "no-pipeline"],
    ["just text", "no-pipeline"],
    ["", "no-pipeline"],
  ])("%j → %s", (text, rule) => {
    expect(refusals(parseKfp(text))[0]?.[0]).toBe(rule);
  });
});

describe("on anything", () => {
  const keys = [
    "pipelineInfo",
    "name",
    "root",
    "dag",
    "tasks",
    "components",
    "comp",
    "executorLabel",
    "inputs",
    "parameters",
    "deploymentSpec",
    "executors",
    "container",
    "image",
    "schemaVersion",
    "platforms",
    "outputs",
    "x",
  ];
  const tree = fc.letrec<{ node: JsonValue }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 7, withCrossShrink: true },
      fc.constantFrom<JsonValue>(null, "comp", "2.1.0", 1, true, []),
      fc.dictionary(fc.constantFrom(...keys), tie("node"), { maxKeys: 5 }),
      fc.array(tie("node"), { maxLength: 2 }),
    ),
  })).node;

  it("answers, never throws", () => {
    const mutated = fc
      .tuple(tree, tree, tree)
      .map(([a, b, c]) => ({ ...specOf({ a }), components: { comp: componentOf({}), x: b }, deploymentSpec: c }));
    fc.assert(
      fc.property(fc.array(fc.oneof(tree, mutated), { maxLength: 3 }), (documents) => {
        const outcome = parseKfpDocuments(documents as JsonValue[]);
        expect(outcome.ok || outcome.problems.length > 0).toBe(true);
        for (const problem of outcome.problems) expect(problem.place).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });
});

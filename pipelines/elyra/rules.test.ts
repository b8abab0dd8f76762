/** The rules of a `.pipeline`: each with its severity, its stage and its place; all found at once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../graph";
import { parseElyra } from "./index";
import type { JsonObject } from "./json";
import { document, graphOf, node, problemsOf, rulesOf } from "./sample-document";

/** One node with these parameters. */
const one = (parameters: JsonObject, properties: JsonObject = {}) =>
  document([node("a", { parameters })], { properties });

describe("the document", () => {
  it.for<[what: string, value: JsonValue, rule: string]>([
    ["is not an object", [], "not-a-pipeline"],
    ["has no schema version", { ...document([node("a")]), version: 3 }, "missing-schema-version"],
    ["has another schema version", { ...document([node("a")]), version: "2.0" }, "unsupported-schema-version"],
    ["names no primary pipeline", { ...document([node("a")]), primary_pipeline: null }, "missing-primary-pipeline"],
    [
      "names an absent primary pipeline",
      { ...document([node("a")]), primary_pipeline: "x" },
      "unknown-primary-pipeline",
    ],
    ["has no nodes", document([]), "empty-pipeline"],
    ["has a node that is no object", document([node("a"), 7]), "invalid-node"],
    ["has a node without id", document([{ ...node("a"), id: "" }]), "missing-node-id"],
    ["has a model node", document([node("a"), { ...node("b"), type: "model_node" }]), "unsupported-node-type"],
    ["has two nodes of one id", document([node("a"), node("a")]), "duplicate-node-id"],
    ["links to a node that is not there", document([node("a", { after: ["ghost"] })]), "unknown-link"],
    ["has a node without operation", document([{ ...node("a"), op: "" }]), "missing-operation"],
    ["has a node without settings", document([{ ...node("a"), app_data: {} }]), "missing-component-parameters"],
  ])("%s", ([, value, rule]) => {
    expect(rulesOf(value)).toContain(`error upload ${rule}`);
    expect(parseElyra(JSON.stringify(value)).ok).toBe(false);
  });

  it("takes 3.0 in any spelling and a pipeline that is not the first", () => {
    const value: JsonObject = { ...document([node("a")]), version: "3" };
    expect(
      graphOf({ ...value, pipelines: [{ id: "other", nodes: [] }, ...(value.pipelines as JsonValue[])] }).steps,
    ).toHaveLength(1);
  });

  it("reports everything at once, with node and place", () => {
    const nodes = [
      node("first", { parameters: { filename: "" } }),
      node("second", { after: ["ghost"], parameters: { env_vars: [{ value: "x" }] } }),
    ];
    const found = problemsOf(document(nodes)).filter((problem) => problem.severity === "error");
    expect(found.map((problem) => [problem.rule, problem.place, problem.step])).toEqual([
      ["unknown-link", "pipelines[0].nodes[1].inputs[0].links[0]", "second"],
      [
        "missing-filename",
        'node "first", filename (pipelines[0].nodes[0].app_data.component_parameters.filename)',
        "first",
      ],
      [
        "invalid-environment-variable",
        'node "second", env_vars (pipelines[0].nodes[1].app_data.component_parameters.env_vars[0])',
        "second",
      ],
    ]);
  });

  it("names a circle by its nodes, and by their ids where names repeat", () => {
    const nodes = [
      node("a", { label: "same", after: ["b"] }),
      node("b", { label: "same", after: ["a"] }),
      node("self", { after: ["self"] }),
    ];
    const messages = problemsOf(document(nodes)).filter((problem) => problem.rule === "circular-reference");
    expect(messages.map((problem) => problem.message.split(": ")[1]?.split(". ")[0])).toEqual([
      "same (b) → same (a) → same (b)",
      "self → self",
    ]);
  });
});

describe("a generic node", () => {
  it.for<[what: string, parameters: JsonObject, rules: readonly string[]]>([
    ["an absolute file", { filename: "/etc/a.py" }, ["error upload path-outside-bundle"]],
    ["an absolute dependency", { dependencies: ["C:/x.csv"] }, ["error upload path-outside-bundle"]],
    ["an absolute output", { outputs: ["/tmp/x.csv"] }, ["warning run output-outside-workspace"]],
    ["a notebook under a script's operation", { filename: "a.ipynb" }, ["warning run operation-file-mismatch"]],
    ["a file without extension", { filename: "a" }, ["warning run operation-file-mismatch"]],
    ["no image", { runtime_image: "" }, ["error container missing-image"]],
    ["the image None", { runtime_image: "None" }, ["error container missing-image"]],
    ["an image with spaces", { runtime_image: "a b" }, ["error container invalid-image"]],
    ["a bare image name", { runtime_image: "alpine" }, []],
    [
      "a variable with a space",
      { env_vars: [{ env_var: "A B", value: "1" }] },
      ["error upload invalid-environment-variable"],
    ],
    ["a variable without a value", { env_vars: ["A="] }, ["hint run empty-variable"]],
    ["variables that are no list", { env_vars: "A=1" }, ["error upload invalid-list"]],
    ["a variable that is a number", { env_vars: [5] }, ["error upload invalid-list"]],
    ["half a secret", { kubernetes_secrets: [{ env_var: "A", name: "s" }] }, ["error run invalid-secret"]],
    ["a secret Kubernetes refuses", { kubernetes_secrets: ["A=Bad_Name:k"] }, ["error container invalid-secret"]],
    ["half a volume", { mounted_volumes: [{ path: "/x" }] }, ["error container invalid-volume"]],
    [
      "an absolute sub-path",
      { mounted_volumes: [{ path: "/x", pvc_name: "c", sub_path: "/y" }] },
      ["error container invalid-volume"],
    ],
    ["half a core", { cpu: 0.5 }, ["error container invalid-resource"]],
    ["one and a half cores", { cpu: 1.5, gpu: 0, memory: "" }, []],
    ["one and a half cores as a text", { cpu: "1.5" }, ["error container invalid-resource"]],
    ["a limit below the request", { cpu: 2, cpu_limit: 1 }, ["error container limit-below-request"]],
    ["an unknown kind of GPU", { gpu: 1, gpu_vendor: "a b" }, ["error container invalid-resource"]],
    [
      "a long label value",
      { kubernetes_pod_labels: [{ key: "k", value: "v".repeat(64) }] },
      ["error container invalid-pod-setting"],
    ],
    [
      "an annotation without key",
      { kubernetes_pod_annotations: [{ key: "", value: "v" }] },
      ["error container invalid-pod-setting"],
    ],
    [
      "a toleration that is none",
      { kubernetes_tolerations: [{ operator: "Maybe" }] },
      ["error container invalid-toleration"],
    ],
    [
      "shared memory in M",
      { kubernetes_shared_mem_size: { size: 1, units: "M" } },
      ["error container invalid-shared-memory"],
    ],
    ["a semicolon in an output", { outputs: ["a;b"] }, ["error container semicolon-in-name"]],
    ["a parameter that is not defined", { pipeline_parameters: ["p"] }, ["error upload undefined-parameter"]],
  ])("%s", ([, parameters, rules]) => {
    expect(rulesOf(one(parameters))).toEqual(rules);
  });

  it("gets the defaults, and wins where both say something", () => {
    const defaults = {
      runtime_image: "default/image:1",
      env_vars: [
        { env_var: "A", value: "default" },
        { env_var: "B", value: "default" },
      ],
      kubernetes_secrets: [
        { env_var: "S", name: "s", key: "k" },
        { env_var: "B", name: "s", key: "b" },
      ],
      mounted_volumes: [
        { path: "mnt/x/", pvc_name: "one" },
        { path: "/mnt/y", pvc_name: "two" },
      ],
      kubernetes_pod_labels: [{ key: "l", value: "default" }],
    };
    const parameters = {
      runtime_image: null,
      env_vars: [{ env_var: "A", value: "own" }],
      mounted_volumes: [{ path: "/mnt/x", pvc_name: "own", sub_path: "p", read_only: true }],
      kubernetes_pod_labels: [{ key: "m", value: "own" }],
      cpu: 2,
    };
    expect(graphOf(one(parameters, { pipeline_defaults: defaults })).steps[0]?.body).toMatchObject({
      image: "default/image:1",
      env: [{ name: "A", value: "own" }],
      secrets: [
        { env: "S", secret: "s", key: "k" },
        { env: "B", secret: "s", key: "b" },
      ],
      volumes: [
        { path: "/mnt/y", claim: "two" },
        { path: "/mnt/x", claim: "own", subPath: "p", readOnly: true },
      ],
      resources: {
        cpu: 2,
        kubernetes_pod_labels: [
          { key: "l", value: "default" },
          { key: "m", value: "own" },
        ],
      },
    });
  });

  it("is named as its file without the extension, else by its label", () => {
    const nodes = [node("a", { label: "a.py" }), node("b", { label: "Load data" }), node("c", { label: "c" })];
    expect(graphOf(document(nodes)).steps.map((step) => step.name)).toEqual(["a", "Load data", "c"]);
  });

  it("gets a place below the others where it has none", () => {
    const lost = node("b");
    lost.app_data = { ...(lost.app_data as JsonObject), ui_data: { label: "b" } };
    expect(graphOf(document([node("a"), lost])).steps.map((step) => step.position)).toEqual([
      { x: 10, y: 20 },
      { x: 10, y: 130 },
    ]);
  });
});

describe("parameters", () => {
  const parameter = (name: string, type: string, value: JsonValue, more: JsonObject = {}): JsonObject => ({
    name,
    description: "",
    default_value: { type, value },
    required: false,
    ...more,
  });
  const read = (...parameters: JsonObject[]) =>
    one({ pipeline_parameters: ["p"] }, { pipeline_parameters: parameters });

  it("map their types; a value of its own wins over the default", () => {
    const names = ["s", "i", "f", "b", "t"];
    const value = one(
      { pipeline_parameters: names },
      {
        pipeline_parameters: [
          parameter("s", "String", "x", { description: "text" }),
          parameter("i", "Integer", 2, { value: 3 }),
          parameter("f", "Float", "0.5"),
          parameter("b", "Bool", "True"),
          parameter("t", "Integer", "", { required: true }),
        ],
      },
    );
    const graph = graphOf(value);
    expect(graph.parameters).toEqual([
      { name: "s", type: "string", required: false, default: "x", description: "text" },
      { name: "i", type: "integer", required: false, default: 3 },
      { name: "f", type: "number", required: false, default: 0.5 },
      { name: "b", type: "boolean", required: false, default: true },
      { name: "t", type: "integer", required: true },
    ]);
    expect(graph.steps[0]?.body).toMatchObject({ parameterEnv: names });
  });

  it("do not replace a variable or a secret of the same name", () => {
    const parameters = { pipeline_parameters: ["p", "q"], env_vars: [{ env_var: "p", value: "1" }] };
    const properties = { pipeline_parameters: [parameter("p", "String", "x"), parameter("q", "String", "y")] };
    expect(graphOf(one(parameters, properties)).steps[0]?.body).toMatchObject({ parameterEnv: ["q"] });
  });

  it.for<[what: string, parameters: JsonObject[], rules: readonly string[]]>([
    ["twice", [parameter("p", "String", "x"), parameter("p", "String", "y")], ["error upload duplicate-parameter"]],
    [
      "without a name",
      [parameter("p", "String", "x"), parameter(" ", "String", "x")],
      ["error upload missing-parameter-name"],
    ],
    ["unused", [parameter("p", "String", "x"), parameter("q", "String", "x")], ["warning run unused-parameter"]],
    [
      "named as a word of Python",
      [parameter("p", "String", "x"), parameter("class", "String", "")],
      ["warning run invalid-parameter-name"],
    ],
    [
      "named as no variable can be",
      [parameter("p", "String", "x"), parameter("a=b", "String", "")],
      ["error upload invalid-parameter-name"],
    ],
    [
      "of another type than its default",
      [parameter("p", "Integer", "many")],
      ["warning run invalid-parameter-default"],
    ],
    ["of an unknown type", [parameter("p", "Colour", "red")], ["warning run unknown-parameter-type"]],
  ])("%s", ([, parameters, rules]) => {
    expect(rulesOf(read(...parameters))).toEqual(rules);
  });
});

describe("steps together", () => {
  const writes = (id: string, after: readonly string[] = []) =>
    node(id, { after, parameters: { outputs: ["same.csv"] } });

  it("warns of two that may write one file at the same time", () => {
    expect(rulesOf(document([node("a"), writes("b", ["a"]), writes("c", ["a"])]))).toEqual([
      "warning run contested-output",
    ]);
    expect(rulesOf(document([writes("a"), node("b", { after: ["a"] }), writes("c", ["b"])]))).toEqual([]);
  });

  it("warns of a node that is linked to nothing, unless it is alone", () => {
    expect(rulesOf(document([node("a"), node("b", { after: ["a"] }), node("c")]))).toEqual([
      "warning run unconnected-node",
    ]);
    expect(rulesOf(document([node("a")]))).toEqual([]);
  });

  it("lists unknown fields and keeps custom inputs out of the list", () => {
    const odd = node("a", { parameters: { colour: "red" } });
    odd.extra = 1;
    expect(graphOf({ ...document([odd]), custom: true }).unknownFields).toEqual([
      "custom",
      "pipelines[0].nodes[0].extra",
      "pipelines[0].nodes[0].app_data.component_parameters.colour",
    ]);
  });
});

/** Documents of the right outline with anything at all in their leaves. */
const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
const wild = fc
  .record({
    ids: fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 4 }),
    links: fc.array(fc.tuple(fc.nat(3), fc.constantFrom("a", "b", "c", "d", "ghost"))),
    op: fc.constantFrom("execute-notebook-node", "execute-python-node", "x:0123456789ab", "odd"),
    version: fc.oneof(fc.constantFrom<JsonValue>(0, 1, 2, 3, 4, 5, 6, 7, 8, 7.5), anything),
    key: fc.constantFrom(
      "filename",
      "env_vars",
      "dependencies",
      "outputs",
      "mounted_volumes",
      "cpu",
      "kubernetes_shared_mem_size",
      "text",
    ),
    value: anything,
    type: fc.constantFrom("execution_node", "super_node", "binding", "pipeline_node"),
  })
  .map(({ ids, links, op, version, key, value, type }) => {
    const nodes = ids.map((id, index) => {
      const after = links.filter(([to]) => to === index).map(([, from]) => from);
      const made = node(id, { op, after, parameters: { [key]: value } });
      return index === 0 ? { ...made, type, subflow_ref: { pipeline_id_ref: "primary" } } : made;
    });
    return document(nodes, {
      version,
      properties: { pipeline_defaults: { [key]: value }, pipeline_parameters: value },
    });
  });

describe("any document", () => {
  it("is read without an exception, the same way twice", () => {
    fc.assert(
      fc.property(fc.oneof(wild, anything), (value) => {
        const text = JSON.stringify(value);
        expect(parseElyra(text)).toEqual(parseElyra(text));
      }),
      { numRuns: 400 },
    );
  });

  it("is read without an exception when cut or garbled", () => {
    const text = JSON.stringify(document([node("a"), node("b", { after: ["a"] })]));
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ unit: "binary" }), (at, junk) => {
        parseElyra(text.slice(0, at));
        parseElyra(text.slice(0, at) + junk + text.slice(at));
        parseElyra(junk);
      }),
    );
  });

  it("comes out in an order in which every step stands after what it waits for", () => {
    const chain = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(chain, fc.boolean(), (links, backwards) => {
        const nodes = links.map((from, index) =>
          node(`n${index}`, { after: from.filter((other) => other < index).map((other) => `n${other}`) }),
        );
        const steps = graphOf(document(backwards ? [...nodes].reverse() : nodes)).steps;
        const at = new Map(steps.map((step, index) => [step.path, index]));
        for (const [index, step] of steps.entries()) {
          for (const before of step.dependsOn) expect(at.get(before)).toBeLessThan(index);
        }
      }),
    );
  });

  it("takes a chain of 10,000 nodes and a halved surrogate in an id", () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) =>
      node(`n${index}`, { after: index === 0 ? [] : [`n${index - 1}`] }),
    );
    expect(graphOf(document(nodes.reverse())).steps[0]?.path).toBe("n0");
    expect(rulesOf(document([{ ...node("a"), id: "\ud800" }]))).toContain("error upload missing-node-id");
  });
});

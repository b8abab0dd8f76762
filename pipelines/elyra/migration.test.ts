/** Every step of the migration, and the results of Elyra's own that are not copied. */
import { describe, expect, it } from "vitest";
import type { FileBody, JsonValue, PipelineGraph } from "../graph";
import { document, graphOf, node, problemsOf, rulesOf } from "./sample-document";

function bodyOf(graph: PipelineGraph, index = 0): FileBody {
  const body = graph.steps[index]?.body;
  if (body?.body !== "file") throw new Error("no file step");
  return body;
}

function withList(property: string, items: JsonValue[], version = 7): FileBody {
  return bodyOf(graphOf(document([node("a", { parameters: { [property]: items } })], { version })));
}

describe("texts become objects, split at the first separator", () => {
  it.for<[text: string, name: string, value: string]>([
    ["A=1,2", "A", "1,2"],
    ['A={"k": 1, "z": 2}', "A", '{"k": 1, "z": 2}'],
    ["A=x y=z", "A", "x y=z"],
    ["MY-VAR=1", "MY-VAR", "1"],
    ["URL=https://h/p?a=b&c=d", "URL", "https://h/p?a=b&c=d"],
    [`Q=''"`, "Q", `''"`],
    ["SPACED= two words ", "SPACED", " two words "],
  ])("%s", ([text, name, value]) => {
    expect(withList("env_vars", [text]).env).toEqual([{ name, value }]);
    expect(withList("env_vars", [text], 8).env).toEqual([{ name, value }]);
  });

  it("volumes, secrets, annotations and tolerations", () => {
    expect(withList("mounted_volumes", ["/mnt/my-vol=claim"]).volumes).toEqual([
      { path: "/mnt/my-vol", claim: "claim" },
    ]);
    expect(withList("kubernetes_secrets", ["TOKEN=my-secret:api.key"]).secrets).toEqual([
      { env: "TOKEN", secret: "my-secret", key: "api.key" },
    ]);
    expect(withList("kubernetes_pod_annotations", ["a.b/c=v"]).resources).toEqual({
      kubernetes_pod_annotations: [{ key: "a.b/c", value: "v" }],
    });
    expect(withList("kubernetes_tolerations", ["T1=key:Equal:a:b:NoSchedule"]).resources).toEqual({
      kubernetes_tolerations: [{ key: "key", operator: "Equal", value: "a:b", effect: "NoSchedule" }],
    });
  });

  it("skips empty items and keeps objects, whatever the version says", () => {
    const items = ["", null, {}, { env_var: "OBJECT", value: "o" }, "TEXT=t", "TEXT=t"];
    for (const version of [3, 7, 8]) {
      const parameters = { env_vars: items };
      expect(bodyOf(graphOf(document([node("a", { parameters })], { version }))).env).toEqual([
        { name: "OBJECT", value: "o" },
        { name: "TEXT", value: "t" },
      ]);
    }
  });

  it("in the pipeline's defaults too, of every pipeline", () => {
    const properties = { pipeline_defaults: { env_vars: ["D=1"] } };
    expect(bodyOf(graphOf(document([node("a")], { version: 7, properties }))).env).toEqual([{ name: "D", value: "1" }]);
  });
});

describe("steps", () => {
  it("0 to 1 renames, 2 keeps base names, 4 nests", () => {
    const flat = {
      id: "n",
      type: "pipeline_node",
      op: "execute-thing",
      app_data: {
        artifact: "work/deep/report.ipynb",
        docker_image: "a/b:c",
        vars: ["A=1"],
        file_dependencies: ["x.csv"],
        recursive_dependencies: true,
        outputs: ["y.csv"],
        ui_data: { label: "Report", x_pos: 1, y_pos: 2 },
      },
    };
    const value = document([flat], { settings: { version: 0, title: "Old one", export: true, properties: {} } });
    const graph = graphOf(value);
    expect(graph.name).toBe("Old one");
    expect(graph.steps[0]).toMatchObject({ kind: "notebook", name: "Report", position: { x: 1, y: 2 } });
    expect(bodyOf(graph)).toMatchObject({
      file: "report.ipynb",
      image: "a/b:c",
      env: [{ name: "A", value: "1" }],
      dependencies: ["x.csv"],
      includeSubdirectories: true,
      outputs: ["y.csv"],
    });
    expect(graph.formatVersion).toBe("Elyra 8 (read as 0, migrated)");
    expect(graph.changes.join("\n")).toContain("relative to a folder the file does not tell");
  });

  it("a missing version is version 0", () => {
    const value = document([{ id: "n", type: "pipeline_node", app_data: { notebook: "n.ipynb" } }], {
      settings: { version: null },
    });
    expect(graphOf(value).formatVersion).toBe("Elyra 8 (read as 0, migrated)");
  });

  it("2 leaves the paths of later versions alone", () => {
    const parameters = { filename: "../lib/a.py" };
    expect(bodyOf(graphOf(document([node("a", { parameters })], { version: 4 }))).file).toBe("../lib/a.py");
  });

  it("4 to 6 renames operations, sets the runtime type and rebuilds the source", () => {
    const operator = node("a", { op: "bash-operator_BashOperator", parameters: { bash_command: "ls" } });
    const graph = graphOf(document([operator], { version: 4, settings: { runtime: "airflow" } }));
    expect(graph.changes).toContain("To version 6: runtime airflow is now the runtime type APACHE_AIRFLOW.");
    expect(graph.steps[0]?.body).toMatchObject({
      body: "foreign",
      what: "Airflow operator BashOperator",
      values: { bash_command: { widget: "string", value: "ls" } },
    });
    const component = node("a", { op: "component_Downloaddata", parameters: { url: "u", output_data: "" } });
    component.app_data = { ...(component.app_data as object), component_source: "/x/y/component.yaml" };
    const kfp = graphOf(document([component], { version: 5, settings: { runtime: "kfp" } }));
    expect(kfp.steps[0]?.body).toMatchObject({
      what: "custom component download_data.yaml",
      values: { url: { widget: "string", value: "u" }, output_data: "" },
    });
  });

  it("8 turns controls into widgets and references of two or three keys into input paths", () => {
    const first = node("p", { op: "local-file-catalog:0123456789ab" });
    const parameters = {
      text: { activeControl: "StringControl", StringControl: "t" },
      flag: { activeControl: "BooleanControl", BooleanControl: false },
      size: { activeControl: "NumberControl", NumberControl: 3 },
      two: { value: "p", option: "elyra_output_data" },
      three: { value: "p", option: "output_data", label: "P: data" },
      nested: { activeControl: "NestedEnumControl", NestedEnumControl: { value: "p", option: "data" } },
    };
    const second = node("q", { op: "local-file-catalog:0123456789ac", after: ["p"], parameters });
    const reference = { widget: "inputpath", value: { value: "p", option: "data" } };
    expect(graphOf(document([first, second], { version: 7 })).steps[1]?.body).toMatchObject({
      values: {
        text: { widget: "string", value: "t" },
        flag: { widget: "boolean", value: false },
        size: { widget: "number", value: 3 },
        two: reference,
        three: reference,
        nested: reference,
      },
    });
  });

  it("a fractional version takes the steps above it", () => {
    const graph = graphOf(document([node("a", { parameters: { env_vars: ["A=1"] } })], { version: 7.5 }));
    expect(bodyOf(graph).env).toEqual([{ name: "A", value: "1" }]);
    expect(graph.formatVersion).toBe("Elyra 8 (read as 7.5, migrated)");
  });

  it("version 8 is not changed", () => {
    expect(graphOf(document([node("a")])).changes).toEqual([]);
    expect(graphOf(document([node("a")])).formatVersion).toBe("Elyra 8");
  });

  it("adds properties to an old file, and refuses a version 8 without them", () => {
    expect(graphOf(document([node("a")], { version: 7, settings: { properties: {} } })).name).toBe("untitled");
    expect(rulesOf(document([node("a")], { settings: { properties: {} } }))).toContain(
      "error upload missing-properties",
    );
  });

  it.for<[version: JsonValue, rule: string]>([
    [9, "newer-version"],
    [8.1, "newer-version"],
    ["eight", "invalid-version"],
    [-1, "invalid-version"],
    [[], "invalid-version"],
  ])("refuses version %s", ([version, rule]) => {
    const problems = problemsOf(document([node("a")], { version }));
    expect(problems.map((problem) => problem.rule)).toEqual([rule]);
    expect(problems[0]?.place).toBe("pipelines[0].app_data.version");
  });
});

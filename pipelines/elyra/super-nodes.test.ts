/** Super nodes: what is inside waits for the true steps outside, at any depth. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./json";
import { document, graphOf, inputPort, node, problemsOf, rulesOf } from "./sample-document";

interface SuperOptions {
  readonly inputs?: JsonObject[];
  readonly outputs?: JsonObject[];
}

function superNode(id: string, subflow: string, { inputs = [], outputs = [] }: SuperOptions = {}): JsonObject {
  return {
    id,
    type: "super_node",
    subflow_ref: { pipeline_id_ref: subflow },
    app_data: { ui_data: { label: id } },
    inputs,
    outputs,
  };
}

function binding(id: string, after: readonly string[] = []): JsonObject {
  return { id, type: "binding", inputs: [inputPort("in", after)] };
}

const flow = (id: string, nodes: JsonObject[]): JsonObject => ({ id, nodes, app_data: {} });

function dependencies(value: JsonObject): { readonly [path: string]: readonly string[] } {
  return Object.fromEntries(graphOf(value).steps.map((step) => [step.path, step.dependsOn]));
}

describe("super nodes", () => {
  it("are groups; inner steps wait for outer ones by their port's name, and outer for inner", () => {
    const outer = [
      node("before"),
      superNode("S", "sub", {
        inputs: [inputPort("x_inPort", ["before"], "in")],
        outputs: [{ id: "y_outPort", subflow_node_ref: "out" }],
      }),
      node("after", { after: ["S:y_outPort"] }),
    ];
    const inner = [
      binding("in"),
      node("x", { after: ["in:output_x_inPort"] }),
      node("y", { after: ["x"] }),
      binding("out", ["y"]),
    ];
    const value = document(outer, { subflows: [flow("sub", inner)] });
    expect(dependencies(value)).toEqual({ before: [], S: [], "S/x": ["before"], "S/y": ["S/x"], after: ["S/y"] });
    const [, group, child] = graphOf(value).steps;
    expect(group).toMatchObject({ kind: "dag", parent: null, body: { body: "group" } });
    expect(child).toMatchObject({ path: "S/x", key: "x", parent: "S" });
  });

  it("nest: links cross several levels both ways", () => {
    const outer = [
      node("before"),
      superNode("S", "mid", {
        inputs: [inputPort("T_x_inPort", ["before"], "s-in")],
        outputs: [{ id: "T_x_outPort" }],
      }),
      node("after", { after: ["S:T_x_outPort"] }),
    ];
    const mid = [
      binding("s-in"),
      superNode("T", "low", { inputs: [inputPort("x_inPort", ["s-in"], "t-in")], outputs: [{ id: "x_outPort" }] }),
    ];
    const low = [binding("t-in"), node("x", { after: ["t-in"] })];
    expect(dependencies(document(outer, { subflows: [flow("mid", mid), flow("low", low)] }))).toEqual({
      before: [],
      S: [],
      "S/T": [],
      "S/T/x": ["before"],
      after: ["S/T/x"],
    });
  });

  it("fall back to the binding behind a port of another name, and to the group itself", () => {
    const outer = [
      superNode("S", "sub", { outputs: [{ id: "odd", subflow_node_ref: "out" }] }),
      node("by-binding", { after: ["S:odd"] }),
      node("by-group", { after: ["S:outPort"] }),
    ];
    const value = document(outer, { subflows: [flow("sub", [node("x"), binding("out", ["x"])])] });
    expect(dependencies(value)).toMatchObject({ "by-binding": ["S/x"], "by-group": ["S"] });
  });

  it("may use one sub-flow twice, with paths of their own", () => {
    const value = document([superNode("S 1", "sub"), superNode("S/2", "sub")], {
      subflows: [flow("sub", [node("x")])],
    });
    expect(Object.keys(dependencies(value))).toEqual(["S%201", "S%201/x", "S%2F2", "S%2F2/x"]);
  });

  it("keep the comments inside them", () => {
    const sub = flow("sub", [node("x")]);
    sub.app_data = {
      ui_data: {
        comments: [
          {
            id: "c",
            content: "inside",
            x_pos: 1,
            y_pos: 2,
            width: 3,
            height: 4,
            associated_id_refs: [{ node_ref: "x" }],
          },
        ],
      },
    };
    const graph = graphOf(document([superNode("S", "sub")], { subflows: [sub] }));
    expect(graph.comments).toEqual([{ id: "S/c", content: "inside", x: 1, y: 2, width: 3, height: 4, steps: ["S/x"] }]);
    expect(graph.steps[1]?.description).toBe("inside");
  });

  it("give custom components inside their producers outside", () => {
    const op = "local-file-catalog:0123456789ab";
    const parameters = { data: { widget: "inputpath", value: { value: "before", option: "output_data" } } };
    const outer = [
      node("before", { op }),
      superNode("S", "sub", { inputs: [inputPort("x_inPort", ["before"], "in")] }),
    ];
    const inner = [binding("in"), node("x", { op, after: ["in"], parameters })];
    const graph = graphOf(document(outer, { subflows: [flow("sub", inner)] }));
    expect(graph.steps[2]?.body).toMatchObject({ values: { data: { value: { value: "before", option: "data" } } } });
  });

  it("are refused where they contain themselves, lead nowhere or hide a circle", () => {
    const inSelf = document([superNode("S", "sub")], { subflows: [flow("sub", [node("x"), superNode("S", "sub")])] });
    expect(rulesOf(inSelf)).toContain("error upload circular-subflow");
    expect(rulesOf(document([node("a"), superNode("S", "nowhere")]))).toContain("error upload unknown-subflow");
    const circle = document([superNode("S", "sub", { inputs: [inputPort("x_inPort", ["S"], "in")] })], {
      subflows: [flow("sub", [binding("in"), node("x", { after: ["in"] })])],
    });
    expect(rulesOf(circle)).toContain("error upload circular-reference");
  });

  it("cannot be multiplied beyond measure", () => {
    const doubling = Array.from({ length: 40 }, (_, level) =>
      flow(
        `f${level}`,
        level === 39 ? [node("x")] : [superNode("a", `f${level + 1}`), superNode("b", `f${level + 1}`)],
      ),
    );
    // Processor time: how busy the machine is otherwise says nothing about the parser.
    const began = process.cpuUsage();
    const problems = problemsOf(document([superNode("S", "f0")], { subflows: doubling }));
    expect(problems.map((problem) => problem.rule)).toContain("too-many-nodes");
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});

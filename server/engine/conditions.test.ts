/** Conditions and the branches they choose, played by the engine on rows with a fake clock and runner. */
import { describe, expect, it } from "vitest";
import { runOutput } from "@/db/schema";
import type { JsonValue, Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { gives, parameter, played, reasonOf, runs, states, takes } from "./testing/constructs";

describe("a condition", () => {
  const when = (condition: string, value: JsonValue, rest: Partial<Step> = {}): Step =>
    aStep("c", {
      condition,
      interface: takes(parameter("x", typeof value === "number" ? "number" : "string", { required: false })),
      parameters: [{ name: "x", source: { from: "constant", value } }],
      ...rest,
    });

  it("that is false skips its step with the values it was asked about, and what depends on it is omitted", async () => {
    const stage = await played(
      aGraph([when("int(inputs.parameter_values['x']) > 3", 2), aStep("d", { dependsOn: ["c"] })]),
    );
    expect(states(stage)).toEqual({ c: "skipped", d: "omitted" });
    expect(reasonOf(stage, "c")).toEqual({
      code: "condition-false",
      message: "The condition int(inputs.parameter_values['x']) > 3 is false (x = 2).",
      subject: { condition: "int(inputs.parameter_values['x']) > 3", values: { x: 2 } },
    });
    expect(reasonOf(stage, "d")).toMatchObject({ code: "upstream-skipped", subject: "c" });
    expect(runs(stage)[0]?.state).toBe("succeeded");
  });

  it("over a value that is not there fails its step", async () => {
    const stage = await played(aGraph([when("inputs.parameter_values['y'] == 'a'", "a")]));
    expect(states(stage)).toEqual({ c: "failed" });
    expect(reasonOf(stage, "c")).toMatchObject({ code: "condition-error" });
  });

  it("chooses a branch, and the output is that of the branch that ran", async () => {
    const branch = (path: string, condition: string): Step[] => [
      aStep(`g/${path}`, {
        kind: "condition",
        condition,
        interface: { ...takes(parameter("x")), outputParameters: [{ name: "said", type: "string" }] },
        parameters: [{ name: "x", source: { from: "parent", input: "x" } }],
        body: {
          body: "group",
          outputParameters: [{ name: "said", sources: [{ step: `g/${path}/say`, output: "said" }] }],
          outputArtifacts: [],
        },
      }),
      aStep(`g/${path}/say`, { interface: gives("said") }),
    ];
    const group = aStep("g", {
      kind: "dag",
      interface: { ...takes(parameter("x")), outputParameters: [{ name: "said", type: "string" }] },
      parameters: [{ name: "x", source: { from: "constant", value: "no" } }],
      body: {
        body: "group",
        outputParameters: [
          {
            name: "said",
            sources: [
              { step: "g/yes", output: "said" },
              { step: "g/no", output: "said" },
            ],
          },
        ],
        outputArtifacts: [],
      },
    });
    const graph = aGraph(
      [
        group,
        ...branch("yes", "inputs.parameter_values['x'] == 'yes'"),
        ...branch("no", "!(inputs.parameter_values['x'] == 'yes')"),
      ],
      { outputs: { parameters: [{ name: "said", sources: [{ step: "g", output: "said" }] }], artifacts: [] } },
    );
    const stage = await played(graph, ({ taskPath }) => ({ collected: { parameters: { said: taskPath } } }));
    expect(states(stage)).toMatchObject({
      "g/yes": "skipped",
      "g/yes/say": "omitted",
      "g/no": "succeeded",
      g: "succeeded",
    });
    expect(stage.db.select().from(runOutput).all()).toMatchObject([{ name: "said", value: "g/no/say" }]);
  });
});

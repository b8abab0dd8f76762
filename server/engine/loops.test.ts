/** Loops, played by the engine on rows with a fake clock and runner. */
import { describe, expect, it } from "vitest";
import type { Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest } from "./attempts/contract";
import {
  aLoop,
  echo,
  loopOver,
  outputs,
  parameter,
  played,
  reasonOf,
  runs,
  states,
  takes,
  tasks,
} from "./testing/constructs";
import type { Fate } from "./testing/fake-runner";
import { givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

describe("a loop", () => {
  it("runs its body once per item and collects what the iterations left, in their order", async () => {
    const after = aStep("after", {
      dependsOn: ["l"],
      interface: takes(parameter("words", "list")),
      parameters: [{ name: "words", source: { from: "task", step: "l", output: "all" } }],
    });
    const stage = await played(aGraph([...aLoop("l", ["a", "b", "c"]), after]));
    expect(states(stage)).toMatchObject({
      l: "succeeded",
      "l/[0]": "succeeded",
      "l/[2]/echo": "succeeded",
      after: "succeeded",
    });
    expect(outputs(stage, "l")).toEqual({ all: ["a", "b", "c"] });
    expect(stage.runner.requests.at(-1)?.inputs.parameters).toEqual({ words: ["a", "b", "c"] });
    expect(tasks(stage).find((row) => row.path === "l")).toMatchObject({ kind: "loop", iterationCount: 3 });
    expect(tasks(stage).find((row) => row.path === "l/[1]")).toMatchObject({
      kind: "dag",
      iteration: 1,
      stepPath: "l",
    });
    expect(runs(stage)).toMatchObject([{ state: "succeeded", taskCounts: { succeeded: 4 } }]);
  });

  it("without items succeeds and leaves an empty list", async () => {
    const stage = await played(aGraph(aLoop("l", [])));
    expect(states(stage)).toEqual({ l: "succeeded" });
    expect(outputs(stage, "l")).toEqual({ all: [] });
  });

  it("fails when an iteration did, and runs the others all the same", async () => {
    const fate = (request: AttemptRequest) => ({
      ...echo(request),
      code: request.inputs.parameters.word === "b" ? 1 : 0,
    });
    const stage = await played(aGraph([...aLoop("l", ["a", "b", "c"]), aStep("after", { dependsOn: ["l"] })]), fate);
    expect(states(stage)).toMatchObject({ l: "failed", "l/[0]": "succeeded", "l/[1]": "failed", "l/[2]": "succeeded" });
    expect(states(stage).after).toBe("omitted");
    expect(runs(stage)[0]).toMatchObject({ state: "failed", reason: { subject: "l/[1]/echo" } });
  });

  it.each([1, 2, 3])("never has more than %i iterations at work when it says so", async (parallelism) => {
    const items = ["a", "b", "c", "d", "e", "f", "g"];
    const stage = await played(aGraph(aLoop("l", items, { loop: loopOver(items, { parallelism }) })), echo, 8);
    expect(stage.runner.peak).toBe(parallelism);
    expect(outputs(stage, "l")).toEqual({ all: items });
  });

  it("leaves nothing of an iteration open that has failed, however deep it lies", async () => {
    const group = (path: string, dependsOn: readonly string[] = []) => aStep(path, { kind: "dag", dependsOn });
    const body = { body: "group" as const, outputParameters: [], outputArtifacts: [] };
    const graph = aGraph([
      aStep("loop", { kind: "loop", loop: loopOver([1]), interface: takes(parameter("item")), body }),
      group("loop/first"),
      aStep("loop/first/fails"),
      group("loop/second", ["loop/first"]),
      group("loop/second/inner"),
      aStep("loop/second/inner/deep"),
    ]);
    const stage = await Stage.open({ fate: () => ({ lastsMs: 1, code: 1 }) });
    givenRun(stage.db, graph);
    await stage.play();
    expect(states(stage)).toMatchObject({
      "loop/[0]": "failed",
      "loop/[0]/second": "omitted",
      "loop/[0]/second/inner": "omitted",
      "loop/[0]/second/inner/deep": "omitted",
    });
    expect(runs(stage)[0]?.state).toBe("failed");
  });

  it("inside a loop gives nested lists and skipped iterations give nothing", async () => {
    const inner = (path: string): Step[] => {
      const [loop, body] = aLoop(path, ["x", "y"]);
      if (loop === undefined || body === undefined) throw new Error("a loop is two steps");
      const condition = "inputs.parameter_values['item'] != 'b'";
      const gate = aStep(path, {
        ...loop,
        parameters: [{ name: "outer", source: { from: "parent", input: "item" } }],
        interface: { ...loop.interface, parameters: [parameter("outer"), parameter("item")] },
      });
      const branch = aStep(`${path}/branch`, { kind: "condition", condition });
      return [
        gate,
        {
          ...branch,
          interface: takes(parameter("item")),
          parameters: [{ name: "item", source: { from: "parent", input: "outer" } }],
          body: {
            body: "group",
            outputParameters: [{ name: "said", sources: [{ step: `${path}/branch/echo`, output: "said" }] }],
            outputArtifacts: [],
          },
        },
        aStep(`${path}/branch/echo`, {
          interface: { ...takes(parameter("word")), outputParameters: [{ name: "said", type: "string" }] },
          parameters: [{ name: "word", source: { from: "parent", input: "item" } }],
        }),
      ];
    };
    const [gate, branch, leaf] = inner("outer/l");
    if (gate === undefined || branch === undefined || leaf === undefined) throw new Error("three steps");
    const withOutput: Step = {
      ...gate,
      body: {
        body: "group",
        outputParameters: [{ name: "all", sources: [{ step: "outer/l/branch", output: "said" }] }],
        outputArtifacts: [],
      },
    };
    const [outer] = aLoop("outer", ["a", "b", "c"]);
    if (outer === undefined) throw new Error("a loop");
    const around: Step = {
      ...outer,
      body: {
        body: "group",
        outputParameters: [{ name: "all", sources: [{ step: "outer/l", output: "all" }] }],
        outputArtifacts: [],
      },
    };
    const stage = await played(aGraph([around, withOutput, branch, leaf]));
    expect(outputs(stage, "outer")).toEqual({ all: [["a", "a"], [], ["c", "c"]] });
    expect(states(stage)).toMatchObject({
      "outer/[1]/l/[0]/branch": "skipped",
      "outer/[1]/l/[0]/branch/echo": "omitted",
      "outer/[2]/l/[1]/branch/echo": "succeeded",
    });
    expect(runs(stage)[0]?.state).toBe("succeeded");
  });

  it("of a single step makes one task per item", async () => {
    const each = aStep("each", {
      loop: loopOver([1, 2]),
      interface: { ...takes(parameter("item", "integer")), outputParameters: [{ name: "said", type: "integer" }] },
    });
    const fate = ({ inputs }: AttemptRequest): Fate => ({
      collected: { parameters: { said: inputs.parameters.item ?? null } },
    });
    const stage = await played(aGraph([each]), fate);
    expect(states(stage)).toEqual({ each: "succeeded", "each/[0]": "succeeded", "each/[1]": "succeeded" });
    expect(outputs(stage, "each")).toEqual({ said: [1, 2] });
    expect(runs(stage)[0]?.taskCounts).toEqual({ succeeded: 2 });
  });

  it("over something that is no list fails and says so", async () => {
    const [loop, body] = aLoop("l", []);
    if (loop === undefined || body === undefined) throw new Error("a loop is two steps");
    const over: Step = {
      ...loop,
      loop: { ...loopOver([]), items: { input: "items" } },
      interface: { ...loop.interface, parameters: [parameter("items"), parameter("item")] },
      parameters: [{ name: "items", source: { from: "constant", value: "no list" } }],
    };
    const stage = await played(aGraph([over, body]));
    expect(states(stage)).toEqual({ l: "failed" });
    expect(reasonOf(stage, "l")).toMatchObject({ code: "bad-input", subject: "items" });
  });

  it("keeps no more than a window of iterations in mind", async () => {
    const items = Array.from({ length: 600 }, (_, at) => String(at));
    const stage = await played(aGraph(aLoop("l", items)), echo, 4);
    expect(outputs(stage, "l")).toEqual({ all: items });
    expect(runs(stage)[0]).toMatchObject({ state: "succeeded", taskCounts: { succeeded: 600 } });
  });

  it("goes on after a crash at any moment with the iterations it had", async () => {
    for (let at = 1; at < 140; at += 3) {
      const stage = await Stage.open({ fate: echo, cuts: [{ at, isAfter: at % 2 === 0 }] });
      const items = ["a", "b", "c"];
      givenRun(stage.db, aGraph(aLoop("l", items, { loop: loopOver(items, { parallelism: 2 }) })));
      await stage.play();
      expect(outputs(stage, "l"), `cut at ${at}`).toEqual({ all: items });
      expect(tasks(stage)).toHaveLength(7);
    }
  });
});

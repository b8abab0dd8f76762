import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoopSpec, PipelineGraph } from "@/pipelines/graph";
import type { ReasonCode } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import { indexGraph } from "./graph-index";
import { type EndedTask, tasksToReopen } from "./reopen";
import { aGraph, aStep } from "./testing/graphs";
import { expectedEnds, gambles } from "./testing/random-graphs";

/** Tasks from `path → state`, parents before children; `omitted:code` gives the reason. */
function ended(states: { readonly [path: string]: string }): EndedTask[] {
  const keys = new Map<string, number>();
  return Object.entries(states).map(([path, text], at) => {
    const [state = "", code] = text.split(":");
    const segments = path.split("/");
    keys.set(path, at + 1);
    const iteration = /^\[(\d+)\]$/.exec(segments.at(-1) ?? "")?.[1];
    return {
      key: at + 1,
      path,
      stepPath: segments.filter((segment) => !segment.startsWith("[")).join("/"),
      parentKey: keys.get(segments.slice(0, -1).join("/")) ?? null,
      iteration: iteration === undefined ? null : Number(iteration),
      state: state as TaskState,
      reason: code === undefined ? null : { code: code as ReasonCode, message: "", subject: null },
    };
  });
}

function reopened(graph: PipelineGraph, states: { readonly [path: string]: string }) {
  const tasks = ended(states);
  const made = tasksToReopen(tasks, indexGraph(graph));
  const paths = (keys: Iterable<number>) => {
    const wanted = new Set(keys);
    return tasks.filter((task) => wanted.has(task.key)).map((task) => task.path);
  };
  return { tasks: paths(made.tasks.keys()), whole: paths(made.whole), needed: paths(made.needed) };
}

const CHAIN = aGraph([aStep("a"), aStep("b", { dependsOn: ["a"] }), aStep("c", { dependsOn: ["b"] })]);
const loop: LoopSpec = { over: "parameter", items: { raw: [1, 2, 3] }, itemInput: "i", parallelism: 0 };

describe("a retry", () => {
  it("keeps what succeeded and tells whose results are read again", () => {
    expect(reopened(CHAIN, { a: "succeeded", b: "failed", c: "omitted:upstream-failed" })).toEqual({
      tasks: ["b", "c"],
      whole: ["c"],
      needed: ["a"],
    });
    expect(reopened(CHAIN, { a: "canceled", b: "canceled", c: "canceled" }).tasks).toEqual(["a", "b", "c"]);
    expect(reopened(CHAIN, { a: "succeeded", b: "succeeded", c: "cached" }).tasks).toEqual([]);
  });

  it("leaves alone what a condition left out, unless that waits for something that failed", () => {
    const graph = aGraph([
      aStep("if", { kind: "condition" }),
      aStep("if/a"),
      aStep("after", { dependsOn: ["if"] }),
      aStep("both", { dependsOn: ["if", "bad"] }),
      aStep("bad"),
    ]);
    const states = {
      if: "skipped:condition-false",
      "if/a": "omitted:upstream-skipped",
      after: "omitted:upstream-skipped",
      bad: "failed",
      both: "omitted:upstream-skipped",
    };
    expect(reopened(graph, states).tasks).toEqual(["bad", "both"]);
  });

  it("runs an exit task again after a group that failed, whatever became of the exit task", () => {
    const graph = aGraph([
      aStep("x", { kind: "exit-handler" }),
      aStep("x/a"),
      aStep("x/b"),
      aStep("exit", { kind: "dag", dependsOn: ["x"], trigger: "completed" }),
      aStep("exit/mail"),
    ]);
    const states = { x: "failed", "x/a": "succeeded", "x/b": "failed", exit: "succeeded", "exit/mail": "succeeded" };
    expect(reopened(graph, states)).toEqual({
      tasks: ["x", "x/b", "exit", "exit/mail"],
      whole: ["exit", "exit/mail"],
      needed: [],
    });
  });

  it("runs of a loop the failed iterations only, with the loops around them", () => {
    const graph = aGraph([
      aStep("l", { kind: "loop", loop }),
      aStep("l/a"),
      aStep("l/m", { loop, dependsOn: ["l/a"] }),
      aStep("after", { dependsOn: ["l"] }),
    ]);
    const states = {
      l: "failed",
      "l/[0]": "succeeded",
      "l/[0]/a": "succeeded",
      "l/[0]/m": "succeeded",
      "l/[0]/m/[0]": "succeeded",
      "l/[1]": "failed",
      "l/[1]/a": "succeeded",
      "l/[1]/m": "failed",
      "l/[1]/m/[0]": "succeeded",
      "l/[1]/m/[1]": "failed",
      after: "omitted:upstream-failed",
    };
    expect(reopened(graph, states)).toEqual({
      tasks: ["l", "l/[1]", "l/[1]/m", "l/[1]/m/[1]", "after"],
      whole: ["after"],
      needed: ["l/[1]/a"],
    });
  });

  it("begins a loop anew that waited for something which failed", () => {
    const graph = aGraph([aStep("a"), aStep("l", { loop, dependsOn: ["a"], trigger: "completed" })]);
    const states = { a: "failed", l: "succeeded", "l/[0]": "succeeded" };
    expect(reopened(graph, states)).toEqual({ tasks: ["a", "l", "l/[0]"], whole: ["l", "l/[0]"], needed: [] });
  });

  it("with better luck comes to the end that the run would have come to at once", () => {
    fc.assert(
      fc.property(gambles(), (gamble) => {
        const { graph } = gamble;
        const ends = expectedEnds(gamble);
        const lucky = expectedEnds({ ...gamble, unlucky: new Set() });
        const keys = new Map(graph.steps.map((step, at) => [step.path, at + 1]));
        const tasks = graph.steps.map(
          (step): EndedTask => ({
            key: keys.get(step.path) ?? 0,
            path: step.path,
            stepPath: step.path,
            parentKey: step.parent === null ? null : (keys.get(step.parent) ?? null),
            iteration: null,
            state: ends.get(step.path) ?? "omitted",
            reason: null,
          }),
        );
        const made = tasksToReopen(tasks, indexGraph(graph));
        const isReopened = (path: string) => made.tasks.has(keys.get(path) ?? 0);
        for (const step of graph.steps) {
          if (isReopened(step.path)) {
            if (step.parent !== null) expect(isReopened(step.parent)).toBe(true);
            continue;
          }
          expect(ends.get(step.path)).toBe(lucky.get(step.path));
          expect(step.dependsOn.filter(isReopened), step.path).toEqual([]);
        }
        const after = tasks.map((task) => (made.tasks.has(task.key) ? { ...task, state: "succeeded" as const } : task));
        expect(tasksToReopen(after, indexGraph(graph)).tasks.size).toBe(0);
      }),
    );
  });
});

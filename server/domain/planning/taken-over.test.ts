import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaskState } from "@/server/domain/states";
import { indexGraph } from "./graph-index";
import { type EarlierTask, hasResult, stepsFrom } from "./taken-over";
import { aGraph, aStep } from "./testing/graphs";
import { expectedEnds, gambles } from "./testing/random-graphs";

const plan = (
  steps: Parameters<typeof aGraph>[0],
  from: string,
  ends: { readonly [path: string]: TaskState | EarlierTask | undefined } = {},
  format: "kfp" | "elyra" = "kfp",
) => {
  const made = stepsFrom(indexGraph(aGraph(steps, {}, format)), from, (path) => {
    const end = path in ends ? ends[path] : "succeeded";
    return typeof end === "string" ? { state: end, reason: null } : end;
  });
  return {
    start: made.start,
    again: [...made.again.keys()].sort(),
    takenOver: [...made.takenOver].sort(),
    needed: [...made.needed].sort(),
    unusable: [...made.unusable],
  };
};

const DIAMOND = [
  aStep("a"),
  aStep("b", { dependsOn: ["a"] }),
  aStep("c", { dependsOn: ["a"] }),
  aStep("d", { dependsOn: ["b", "c"] }),
];

describe("a run from a step", () => {
  it("runs it and what depends on it, and takes the rest over", () => {
    expect(plan(DIAMOND, "b")).toEqual({
      start: "b",
      again: ["b", "d"],
      takenOver: ["a", "c"],
      needed: ["a", "c"],
      unusable: [],
    });
  });

  it("runs beside it what has no result, and says which of its ancestors have none", () => {
    expect(plan(DIAMOND, "b", { c: "failed" })).toMatchObject({ again: ["b", "c", "d"], takenOver: ["a"] });
    expect(plan(DIAMOND, "b", { c: undefined })).toMatchObject({ again: ["b", "c", "d"], takenOver: ["a"] });
    expect(plan(DIAMOND, "d", { a: "canceled" })).toMatchObject({ again: ["d"], unusable: ["a"] });
  });

  it("begins with the outermost loop around the step", () => {
    const loop = { over: "parameter" as const, items: { raw: [1, 2] }, itemInput: "i", parallelism: 0 };
    const steps = [
      aStep("first"),
      aStep("l", { kind: "loop", loop, dependsOn: ["first"] }),
      aStep("l/a"),
      aStep("l/m", { kind: "loop", loop }),
      aStep("l/m/b"),
      aStep("last", { dependsOn: ["l"] }),
    ];
    expect(plan(steps, "l/m/b")).toMatchObject({
      start: "l",
      again: ["l", "l/a", "l/m", "l/m/b", "last"],
      takenOver: ["first"],
    });
  });

  it("takes over the parts of a group beside the step, and a group that is waited for as one", () => {
    const steps = [
      aStep("g", { kind: "dag" }),
      aStep("g/a"),
      aStep("h", { kind: "dag", dependsOn: ["g"] }),
      aStep("h/a"),
      aStep("h/b", { dependsOn: ["h/a"] }),
      aStep("last", { dependsOn: ["h"] }),
    ];
    expect(plan(steps, "h/b")).toEqual({
      start: "h/b",
      again: ["h", "h/b", "last"],
      takenOver: ["g", "h/a"],
      needed: ["g", "h/a"],
      unusable: [],
    });
  });

  it("looks through the groups drawn around Elyra's steps", () => {
    const steps = [
      aStep("s", { kind: "dag" }),
      aStep("s/a"),
      aStep("s/b", { dependsOn: ["s/a"] }),
      aStep("t", { kind: "dag" }),
      aStep("t/c", { dependsOn: ["s/b"] }),
    ];
    expect(plan(steps, "s/b", {}, "elyra")).toMatchObject({ again: ["s", "s/b", "t", "t/c"], takenOver: ["s/a"] });
    expect(plan(steps, "t", {}, "elyra")).toMatchObject({ again: ["t", "t/c"], takenOver: ["s/a", "s/b"] });
    expect(plan(steps, "t", { "s/a": "failed", "s/b": "omitted" }, "elyra").unusable).toEqual(["s/a", "s/b"]);
  });

  it("takes over that a condition left something out, but not that a failure did", () => {
    const because = (code: "upstream-skipped" | "upstream-failed"): EarlierTask => ({
      state: "omitted",
      reason: { code, message: "", subject: null },
    });
    expect(plan(DIAMOND, "d", { b: "skipped", c: because("upstream-skipped") }).takenOver).toEqual(["a", "b", "c"]);
    expect(plan(DIAMOND, "d", { c: because("upstream-failed") }).unusable).toEqual(["c"]);
  });

  it("leaves no step undecided and takes nothing over that waits for a step which runs again", () => {
    fc.assert(
      fc.property(gambles(), fc.nat(), (gamble, pick) => {
        const { graph } = gamble;
        const index = indexGraph(graph);
        const ends = expectedEnds(gamble);
        const earlier = (path: string): EarlierTask => ({ state: ends.get(path) ?? "omitted", reason: null });
        const target = graph.steps[pick % graph.steps.length]?.path ?? "";
        const made = stepsFrom(index, target, earlier);
        expect(made.again.has(target)).toBe(true);
        const groupsOf = (path: string): string[] => {
          const parent = index.steps.get(path)?.parent ?? null;
          return parent === null ? [] : [parent, ...groupsOf(parent)];
        };
        for (const step of graph.steps) {
          const isFrame = graph.format === "elyra" && step.kind === "dag";
          const self = [step.path, ...groupsOf(step.path)];
          const isTaken = self.some((path) => made.takenOver.has(path));
          const isUnusable = self.some((path) => made.unusable.includes(path));
          const decided = Number(made.again.has(step.path)) + Number(isTaken) + Number(isUnusable);
          if (isFrame) expect(decided).toBeLessThanOrEqual(1);
          else expect(decided, step.path).toBe(1);
          if (!made.takenOver.has(step.path)) continue;
          expect(hasResult(earlier(step.path))).toBe(true);
          expect(step.dependsOn.filter((path) => made.again.has(path))).toEqual([]);
        }
        for (const [path, { step }] of made.again) if (path !== step) expect(made.again.has(step)).toBe(true);
        for (const path of made.needed) expect(made.takenOver.has(path)).toBe(true);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphUpTo, stepsUpTo } from "./extent";
import { indexGraph } from "./graph-index";
import { aGraph, aStep } from "./testing/graphs";
import { gambles } from "./testing/random-graphs";

const upTo = (steps: Parameters<typeof aGraph>[0], step: string, format: "kfp" | "elyra" = "kfp") =>
  [...stepsUpTo(indexGraph(aGraph(steps, {}, format)), step)].sort();

describe("the steps up to a step", () => {
  it("are what it waits for, and nothing beside or after it", () => {
    const steps = [
      aStep("a"),
      aStep("b", { dependsOn: ["a"] }),
      aStep("side", { dependsOn: ["a"] }),
      aStep("after", { dependsOn: ["b"] }),
    ];
    expect(upTo(steps, "b")).toEqual(["a", "b"]);
  });

  it("hold a group whole when it is asked for or waited for, and only the way to a step inside one", () => {
    const steps = [
      aStep("first"),
      aStep("g", { kind: "dag", dependsOn: ["first"] }),
      aStep("g/a"),
      aStep("g/b", { dependsOn: ["g/a"] }),
      aStep("g/c"),
      aStep("last", { dependsOn: ["g"] }),
    ];
    expect(upTo(steps, "g/b")).toEqual(["first", "g", "g/a", "g/b"]);
    expect(upTo(steps, "g")).toEqual(["first", "g", "g/a", "g/b", "g/c"]);
    expect(upTo(steps, "last")).toEqual(["first", "g", "g/a", "g/b", "g/c", "last"]);
  });

  it("cross the groups drawn around Elyra's steps", () => {
    const steps = [
      aStep("s", { kind: "dag" }),
      aStep("s/a"),
      aStep("s/other"),
      aStep("t", { kind: "dag" }),
      aStep("t/b", { dependsOn: ["s/a"] }),
      aStep("t/other"),
    ];
    expect(upTo(steps, "t/b", "elyra")).toEqual(["s", "s/a", "t", "t/b"]);
  });

  it("are closed, however the graph looks, and as a graph are all there is up to that step", () => {
    fc.assert(
      fc.property(gambles(), fc.nat(), ({ graph }, pick) => {
        const target = graph.steps[pick % graph.steps.length]?.path ?? "";
        const index = indexGraph(graph);
        const kept = stepsUpTo(index, target);
        expect(kept).toContain(target);
        for (const step of graph.steps) {
          if (step.path.startsWith(`${target}/`)) expect(kept).toContain(step.path);
          if (!kept.has(step.path)) continue;
          for (const needed of [...step.dependsOn, ...(step.parent === null ? [] : [step.parent])]) {
            expect(kept).toContain(needed);
          }
        }
        const part = graphUpTo(index, target);
        expect(part.steps.map((step) => step.path)).toEqual(
          graph.steps.map((step) => step.path).filter((path) => kept.has(path)),
        );
        expect(stepsUpTo(indexGraph(part), target)).toEqual(kept);
      }),
    );
  });

  it("give only the outputs that they make", () => {
    const output = (...steps: string[]) => [{ name: "o", sources: steps.map((step) => ({ step, output: "o" })) }];
    const steps = [
      aStep("g", { kind: "dag", body: { body: "group", outputParameters: output("g/a", "g/b"), outputArtifacts: [] } }),
      aStep("g/a"),
      aStep("g/b"),
    ];
    const index = indexGraph(aGraph(steps, { outputs: { parameters: output("g"), artifacts: output("gone") } }));
    const part = graphUpTo(index, "g/b");
    expect(part.steps[0]?.body).toMatchObject({ outputParameters: output("g/b") });
    expect(part.outputs).toEqual({ parameters: output("g"), artifacts: [] });
  });
});

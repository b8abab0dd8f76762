import { expect, it } from "vitest";
import { indexGraph } from "./graph-index";
import { planRun } from "./make-plan";
import { ancestorsOf, leavesBefore } from "./neighbours";
import type { TaskRow } from "./run-plan";
import { aChain, aGraph, aStep } from "./testing/graphs";

const over = (stepPath: string, key: number, finishedAtMs: number): TaskRow => ({
  key,
  path: stepPath,
  stepPath,
  parentKey: null,
  iteration: null,
  iterationCount: null,
  state: "succeeded",
  reason: null,
  attempt: 1,
  retryBase: 0,
  retrySinceMs: null,
  startedAtMs: 0,
  finishedAtMs,
});

it("the leaves before a task come in the order of their ends, whatever the order of the graph", () => {
  const graph = aGraph([
    aStep("a"),
    aStep("b", { dependsOn: ["a"] }),
    aStep("c", { dependsOn: ["a"] }),
    aStep("last", { dependsOn: ["c", "b"] }),
    aStep("other"),
  ]);
  const rows = [over("a", 1, 10), over("b", 2, 40), over("c", 3, 30), over("last", 4, 50), over("other", 5, 5)];
  const plan = planRun(indexGraph(graph), rows, null);
  const last = plan.byPath.get("last");
  expect(last && leavesBefore(plan, last).map(({ path }) => path)).toEqual(["a", "c", "b"]);
});

it("what comes before the end of a very long chain is found without recursion", () => {
  const length = 50_000;
  expect(ancestorsOf(indexGraph(aChain(length)), [`s${length - 1}`]).size).toBe(length - 1);
});

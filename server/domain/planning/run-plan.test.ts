import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTaskOver, type TaskState } from "@/server/domain/states";
import { type Decision, finalState, nextDecision } from "./decisions";
import { indexGraph } from "./graph-index";
import { planRun } from "./make-plan";
import { applyMove, endPlan } from "./plan-moves";
import type { PlannedTask, RunPlan, TaskRow } from "./run-plan";
import { aGraph, aStep } from "./testing/graphs";
import { expectedEnds, type Gamble, gambles } from "./testing/random-graphs";

function freshRows({ graph }: Pick<Gamble, "graph">): TaskRow[] {
  const keys = new Map(graph.steps.map((step, at) => [step.path, at + 1]));
  return graph.steps.map((step, at) => ({
    key: at + 1,
    path: step.path,
    stepPath: step.path,
    parentKey: step.parent === null ? null : (keys.get(step.parent) ?? null),
    iteration: null,
    iterationCount: null,
    state: "pending" as const,
    reason: null,
    attempt: 0,
    retryBase: 0,
    retrySinceMs: null,
    startedAtMs: null,
    finishedAtMs: null,
  }));
}

const planned = (gamble: Gamble): RunPlan => planRun(indexGraph(gamble.graph), freshRows(gamble), null);

/** The rows as they would be stored now. */
const rowsOf = (plan: RunPlan): TaskRow[] =>
  [...plan.byKey.values()].map((task) => ({
    key: task.key,
    path: task.path,
    stepPath: task.step.path,
    parentKey: task.parent?.key ?? null,
    state: task.state,
    reason: task.reason,
    iteration: task.iteration,
    iterationCount: task.iterationCount,
    attempt: task.attempt,
    retryBase: 0,
    retrySinceMs: null,
    startedAtMs: task.hasBegun ? 1 : null,
    finishedAtMs: task.key,
  }));

/** Carries out a decision as the engine would, without inputs that could be missing. */
function carryOut(plan: RunPlan, decision: Decision, onQueue: (task: PlannedTask) => void): void {
  const { task } = decision;
  if (decision.do === "queue") {
    applyMove(plan, task, "queued", null);
    onQueue(task);
  } else if (decision.do === "open") applyMove(plan, task, "running", null);
  else if (decision.do === "stop") applyMove(plan, task, "canceling", null);
  else if (decision.do !== "iterate") applyMove(plan, task, decision.to, decision.reason);
}

/** Plays a run: `luck` chooses which running task ends next and `after` looks at the plan after every quiet moment. */
function play(gamble: Gamble, plan: RunPlan, slots: number, luck: () => number, after: (plan: RunPlan) => RunPlan) {
  const ended: string[] = [];
  let now = plan;
  for (;;) {
    for (let decision = nextDecision(now); decision !== null; decision = nextDecision(now)) {
      carryOut(now, decision, (task) => {
        for (const path of task.step.dependsOn) {
          expect(isTaskOver(now.byPath.get(path)?.state ?? "pending"), `${path} before ${task.path}`).toBe(true);
        }
      });
    }
    now = after(now);
    const all = [...now.byKey.values()].filter((task) => task.role === "leaf");
    const free = slots - all.filter((task) => task.state === "running" || task.state === "canceling").length;
    for (const task of all.filter((one) => one.state === "queued").slice(0, free)) {
      task.attempt += 1;
      applyMove(now, task, "running", null);
    }
    const live = all.filter((task) => task.state === "running" || task.state === "canceling");
    expect(live.length).toBeLessThanOrEqual(slots);
    const next = live[luck() % Math.max(live.length, 1)];
    if (next === undefined) {
      if (nextDecision(now) === null) return { plan: now, ended };
      throw new Error("a decision was left over");
    }
    ended.push(next.path);
    const isFailing = gamble.unlucky.has(next.path);
    const reason = { code: "exit-code" as const, message: "It ended with exit code 1.", subject: 1 };
    const to: TaskState = next.state === "canceling" ? "canceled" : isFailing ? "failed" : "succeeded";
    applyMove(now, next, to, isFailing ? reason : null);
  }
}

const lucks = fc.array(fc.nat(100), { minLength: 40, maxLength: 40 }).map((numbers) => {
  let at = 0;
  return () => numbers[at++ % numbers.length] ?? 0;
});
const states = (plan: RunPlan) => Object.fromEntries([...plan.byKey.values()].map((task) => [task.path, task.state]));

describe("a plan", () => {
  it("settles every random graph under random luck as its steps must", () => {
    fc.assert(
      fc.property(gambles(), lucks, fc.integer({ min: 1, max: 4 }), (gamble, luck, slots) => {
        const { plan } = play(gamble, planned(gamble), slots, luck, (same) => same);
        expect(states(plan)).toEqual(Object.fromEntries(expectedEnds(gamble)));
        expect(finalState(plan)).toBe(Object.values(states(plan)).includes("failed") ? "failed" : "succeeded");
        const leaves = [...plan.byKey.values()].filter((task) => task.role === "leaf");
        expect(Object.values(plan.counts).reduce((sum, count) => sum + (count ?? 0), 0)).toBe(leaves.length);
      }),
      { numRuns: 500 },
    );
  });

  it("made again from its rows at any quiet moment decides nothing new and ends the same", () => {
    fc.assert(
      fc.property(gambles(), lucks, (gamble, luck) => {
        const rebuild = (plan: RunPlan): RunPlan => {
          const again = planRun(plan.index, rowsOf(plan), plan.ending);
          expect(nextDecision(again)).toBeNull();
          expect(again.open).toBe(plan.open);
          expect(again.counts).toEqual(plan.counts);
          return again;
        };
        const { plan } = play(gamble, planned(gamble), 2, luck, rebuild);
        expect(states(plan)).toEqual(Object.fromEntries(expectedEnds(gamble)));
      }),
      { numRuns: 300 },
    );
  });

  it("canceled at any moment starts nothing more and ends with nothing open", () => {
    fc.assert(
      fc.property(gambles(), lucks, fc.nat(12), (gamble, luck, when) => {
        let moment = 0;
        const cancel = (plan: RunPlan): RunPlan => {
          moment += 1;
          if (moment !== when + 1) return plan;
          endPlan(plan, { kind: "canceled", isHard: false });
          const begun = new Set([...plan.byKey.values()].filter((task) => task.attempt > 0).map((task) => task.path));
          for (let decision = nextDecision(plan); decision !== null; decision = nextDecision(plan)) {
            carryOut(plan, decision, (task) => expect(begun).toContain(task.path));
          }
          return plan;
        };
        const { plan } = play(gamble, planned(gamble), 2, luck, cancel);
        expect(plan.open).toBe(0);
        expect(finalState(plan)).toBe(
          plan.ending !== null
            ? "canceled"
            : [...expectedEnds(gamble).values()].includes("failed")
              ? "failed"
              : "succeeded",
        );
      }),
      { numRuns: 300 },
    );
  });

  it("names the first cause along a chain of omissions", () => {
    const graph = aGraph([aStep("a"), aStep("b", { dependsOn: ["a"] }), aStep("c", { dependsOn: ["b"] })]);
    const { plan } = play(
      { graph, unlucky: new Set(["a"]) },
      planned({ graph, unlucky: new Set() }),
      1,
      () => 0,
      (p) => p,
    );
    expect(plan.byPath.get("c")?.reason).toMatchObject({ code: "upstream-failed", subject: "a" });
  });

  it("opens a frame whose child had started before the rows were read", () => {
    const graph = aGraph([aStep("frame", { kind: "dag" }), aStep("frame/a")], {}, "elyra");
    const [frame, child] = freshRows({ graph });
    if (frame === undefined || child === undefined) throw new Error("two steps make two rows");
    const plan = planRun(indexGraph(graph), [frame, { ...child, state: "running", attempt: 1 }], null);
    expect(nextDecision(plan)).toMatchObject({ do: "move", to: "running", task: { path: "frame" } });
  });

  it("refuses a move that the table of states does not know", () => {
    const plan = planned({ graph: aGraph([aStep("a")]), unlucky: new Set() });
    const task = plan.byPath.get("a");
    expect(() => task && applyMove(plan, task, "succeeded", null)).toThrow("cannot go from pending to succeeded");
  });
});

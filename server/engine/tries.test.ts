/** Tries and time limits, played by the engine on rows with a fake clock and runner. */
import { describe, expect, it } from "vitest";
import { attempt } from "@/db/schema";
import type { Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest } from "./attempts/contract";
import { played, reasonOf, runs, states, tasks } from "./testing/constructs";
import type { Fate } from "./testing/fake-runner";
import { givenCancel, givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

describe("tries", () => {
  const retried = (rest: Partial<NonNullable<Step["retry"]>> = {}) =>
    aGraph([
      aStep("a", { retry: { maxRetries: 3, backoffMs: 1_000, backoffFactor: 2, backoffMaxMs: 3_600_000, ...rest } }),
    ]);
  const failingUntil =
    (number: number) =>
    (request: AttemptRequest): Fate => ({ code: request.number < number ? 1 : 0, lastsMs: 10 });
  const attempts = (stage: Stage) => stage.db.select().from(attempt).all();

  it("go on with growing delays until one succeeds", async () => {
    const stage = await played(retried(), failingUntil(4));
    expect(states(stage)).toEqual({ a: "succeeded" });
    const starts = attempts(stage).map((row) => row.createdAt.getTime());
    expect(starts.slice(1).map((at, index) => at - (starts[index] ?? 0))).toEqual([1_010, 2_010, 4_010]);
  });

  it("are used up, and the last failure is that of the step", async () => {
    const stage = await played(retried({ maxRetries: 1 }), failingUntil(99));
    expect(attempts(stage)).toHaveLength(2);
    expect(reasonOf(stage, "a")).toMatchObject({ code: "exit-code" });
    expect(runs(stage)[0]?.state).toBe("failed");
  });

  it("end when the total time is over", async () => {
    const stage = await played(retried({ maxRetries: 9, backoffMaxMs: 5_000 }), failingUntil(99));
    expect(attempts(stage)).toHaveLength(3);
  });

  it("wait across a restart, and a terminated run waits for none", async () => {
    const stage = await Stage.open({ fate: failingUntil(2) });
    const key = givenRun(stage.db, retried());
    await stage.settle();
    stage.nowMs += 10;
    await stage.settle();
    expect(tasks(stage)[0]).toMatchObject({ state: "queued", reason: { code: "waiting-for-retry" } });
    await stage.restart();
    await stage.settle();
    expect(attempts(stage)).toHaveLength(1);
    await stage.play();
    expect(attempts(stage)).toHaveLength(2);
    const other = await Stage.open({ fate: failingUntil(9) });
    const second = givenRun(other.db, retried());
    await other.settle();
    other.nowMs += 10;
    await other.settle();
    givenCancel(other.db, second);
    await other.settle();
    expect(runs(other)[0]?.state).toBe("canceled");
    expect(key).toBeGreaterThan(0);
  });
});

describe("a time limit", () => {
  it("ends a step, whose tries go on", async () => {
    const graph = aGraph([
      aStep("a", { timeoutMs: 50, retry: { maxRetries: 1, backoffMs: 0, backoffFactor: 2, backoffMaxMs: 3_600_000 } }),
    ]);
    const stage = await played(graph, ({ number }) => ({ lastsMs: number === 1 ? 1_000 : 10, stopsInMs: 5 }));
    expect(states(stage)).toEqual({ a: "succeeded" });
    expect(stage.db.select().from(attempt).all()).toMatchObject([
      { state: "failed", reason: { code: "timeout", subject: 50 } },
      { state: "succeeded" },
    ]);
  });

  it("of the run ends it as failed", async () => {
    const stage = await played(aGraph([aStep("a"), aStep("b", { dependsOn: ["a"] })], { timeoutMs: 500 }), () => ({
      lastsMs: 400,
      stopsInMs: 5,
    }));
    expect(states(stage)).toEqual({ a: "succeeded", b: "canceled" });
    expect(runs(stage)[0]).toMatchObject({ state: "failed", reason: { code: "timeout", subject: 500 } });
  });
});

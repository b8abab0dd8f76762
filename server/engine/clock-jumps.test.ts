/** The machine's clock is set while steps run: what took so long takes so long, whatever the clock showed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attempt } from "@/db/schema";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { reasonOf, runs, states, tasks } from "./testing/constructs";
import { givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

const HOUR = 3_600_000;
const JUMPS = [HOUR, -HOUR, 25 * HOUR, -25 * HOUR];
const chain = aGraph([aStep("a"), aStep("b", { dependsOn: ["a"] })]);

interface Moments {
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}
const took = ({ startedAt, finishedAt }: Moments): number =>
  (finishedAt?.getTime() ?? Number.NaN) - (startedAt?.getTime() ?? Number.NaN);
const waitedOf = ({ createdAt, startedAt }: { readonly createdAt: Date; readonly startedAt: Date | null }): number =>
  (startedAt?.getTime() ?? Number.NaN) - createdAt.getTime();
const attempts = (stage: Stage) => stage.db.select().from(attempt).all();

describe.each(JUMPS)("a jump by %i ms", (byMs) => {
  it("leaves the durations of the run, its steps and their attempts as they are, finished ones too", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 10_000 }) });
    givenRun(stage.db, chain);
    await stage.play(14_000);
    stage.nowMs += 4_000;
    const waited = runs(stage).map(waitedOf);
    stage.aheadMs += byMs;
    await stage.play();
    expect(runs(stage).map(waitedOf)).toEqual(waited);
    expect(states(stage)).toEqual({ a: "succeeded", b: "succeeded" });
    expect(tasks(stage).map(took)).toEqual([10_000, 10_000]);
    expect(attempts(stage).map(took)).toEqual([10_000, 10_000]);
    expect(runs(stage).map(took)).toEqual([20_000]);
    expect(tasks(stage)[0]?.startedAt).toEqual(runs(stage)[0]?.startedAt);
    expect(runs(stage)[0]?.finishedAt?.getTime()).toBe(stage.nowMs + byMs);
  });

  it("is seen by the next engine, once, when it came while there was none", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 10_000 }) });
    givenRun(stage.db, chain);
    await stage.settle();
    stage.nowMs += 3_000;
    stage.aheadMs += byMs;
    for (let at = 0; at < 3; at += 1) {
      await stage.restart();
      await stage.settle();
    }
    await stage.play();
    expect(tasks(stage).map(took)).toEqual([10_000, 10_000]);
    expect(runs(stage).map(took)).toEqual([20_000]);
  });

  it("neither ends a step before its time limit nor lets it go on beyond it", async () => {
    const limited = aGraph([aStep("a", { timeoutMs: 20_000 }), aStep("b", { timeoutMs: 20_000 })]);
    const stage = await Stage.open({
      fate: ({ step }) => ({ lastsMs: step.path === "a" ? 19_000 : 99_000 }),
    });
    givenRun(stage.db, limited);
    await stage.settle();
    stage.nowMs += 5_000;
    stage.aheadMs += byMs;
    await stage.play();
    expect(states(stage)).toEqual({ a: "succeeded", b: "failed" });
    expect(reasonOf(stage, "b")).toMatchObject({ code: "timeout" });
    expect(tasks(stage).map(took)).toEqual([19_000, 20_000]);
  });

  it("neither hastens nor delays another try", async () => {
    const retry = { maxRetries: 1, backoffMs: 60_000, backoffFactor: 2, backoffMaxMs: HOUR };
    const stage = await Stage.open({ fate: ({ number }) => ({ code: number === 1 ? 1 : 0 }) });
    givenRun(stage.db, aGraph([aStep("a", { retry })]));
    await stage.settle();
    stage.aheadMs += byMs;
    await stage.play();
    expect(states(stage)).toEqual({ a: "succeeded" });
    expect(runs(stage).map(took)).toEqual([60_000]);
  });
});

it("any jumps at any time, with restarts: nothing takes another time than it took", async () => {
  const events = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 9_000 }),
      byMs: fc.integer({ min: -50 * HOUR, max: 50 * HOUR }),
      isRestarted: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (jumps) => {
      const stage = await Stage.open({ fate: () => ({ lastsMs: 10_000 }) });
      givenRun(stage.db, chain);
      await stage.settle();
      for (const { afterMs, byMs, isRestarted } of jumps) {
        await stage.play(afterMs);
        stage.aheadMs += Math.abs(byMs) < 2_000 ? 0 : byMs;
        if (isRestarted) await stage.restart();
        await stage.settle();
      }
      await stage.play();
      for (const one of [...tasks(stage), ...attempts(stage)]) expect(took(one)).toBe(10_000);
      expect(runs(stage).map(took)).toEqual([20_000]);
      stage.db.$client.close();
    }),
    { numRuns: 40 },
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attempt, run, task } from "@/db/schema";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { expectedEnds, gambles } from "@/server/domain/planning/testing/random-graphs";
import { isAttemptOver, isTaskOver } from "@/server/domain/states";
import type { CutPoint } from "./testing/crash";
import { givenCancel, givenRun } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { Stage } from "./testing/stage";

const cut: fc.Arbitrary<CutPoint> = fc.record({ at: fc.integer({ min: 1, max: 40 }), isAfter: fc.boolean() });

/** What must hold of a database after everything has settled, whatever happened on the way. */
function checkInvariants(stage: Stage): void {
  const attempts = stage.db.select().from(attempt).all();
  const tasks = stage.db.select().from(task).all();
  expect(stage.runner.alive).toEqual([]);
  expect(new Set(stage.runner.begun).size, "no attempt began twice").toBe(stage.runner.begun.length);
  expect(stage.runner.peak).toBeLessThanOrEqual(stage.slots);
  expect(attempts.filter((row) => !isAttemptOver(row.state))).toEqual([]);
  expect(tasks.filter((row) => !isTaskOver(row.state))).toEqual([]);
  expect(illegalChanges(stage.db)).toEqual([]);
  for (const row of tasks) {
    const begun = attempts.filter((one) => one.taskKey === row.key && stage.runner.begun.includes(one.key));
    expect(begun.length, `${row.path} ran at most once`).toBeLessThanOrEqual(1);
    const done = attempts.filter((one) => one.taskKey === row.key && one.state === "succeeded");
    expect(done.length).toBe(row.state === "succeeded" && row.kind !== "dag" ? 1 : 0);
  }
}

describe("an engine that is killed between any two writes or acts", () => {
  it("loses and doubles nothing at any single point of a small run", async () => {
    const graph = aGraph([
      aStep("a"),
      aStep("g", { kind: "dag", dependsOn: ["a"] }),
      aStep("g/b"),
      aStep("c", { dependsOn: ["g"] }),
    ]);
    let hasDied = true;
    for (let at = 1; hasDied; at += 1) {
      hasDied = false;
      for (const isAfter of [false, true]) {
        const stage = await Stage.open({ cuts: [{ at, isAfter }], fate: () => ({ lastsMs: 5 }) });
        watchStates(stage.db);
        givenRun(stage.db, graph);
        await stage.play();
        hasDied ||= stage.deaths > 0;
        expect(stage.db.select().from(run).get()).toMatchObject({ state: "succeeded", taskCounts: { succeeded: 3 } });
        checkInvariants(stage);
        stage.db.$client.close();
      }
    }
  });

  it("is followed by one that comes to the same end", async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(gambles(14), fc.array(cut, { maxLength: 5 }), fc.nat(3), async (gamble, cuts, lastsMs) => {
        const fate = ({ taskPath }: { taskPath: string }) => ({ lastsMs, code: gamble.unlucky.has(taskPath) ? 1 : 0 });
        const stage = await Stage.open({ cuts, fate });
        watchStates(stage.db);
        givenRun(stage.db, gamble.graph);
        await stage.play();
        deaths += stage.deaths;
        const ends = new Map(
          stage.db
            .select()
            .from(task)
            .all()
            .map((row) => [row.path, row.state]),
        );
        expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(expectedEnds(gamble)));
        const hasFailed = [...ends.values()].includes("failed");
        expect(stage.db.select().from(run).get()?.state).toBe(hasFailed ? "failed" : "succeeded");
        checkInvariants(stage);
        stage.db.$client.close();
      }),
      { numRuns: 100 },
    );
    expect(deaths).toBeGreaterThan(30);
  });

  it("is followed by one that ends what was canceled at any moment", async () => {
    await fc.assert(
      fc.asyncProperty(
        gambles(14),
        fc.array(cut, { maxLength: 4 }),
        fc.nat(40),
        fc.boolean(),
        async (gamble, cuts, cancelAfterMs, isTwice) => {
          const fate = ({ taskPath, taskKey }: { taskPath: string; taskKey: number }) => ({
            lastsMs: 3 + (taskKey % 7),
            code: gamble.unlucky.has(taskPath) ? 1 : 0,
            stopsInMs: taskKey % 5,
          });
          const stage = await Stage.open({ cuts, fate });
          watchStates(stage.db);
          const key = givenRun(stage.db, gamble.graph);
          if (cancelAfterMs > 0) await stage.play(cancelAfterMs);
          const before = stage.db.select().from(run).get()?.state;
          const begun = stage.runner.begun.length;
          givenCancel(stage.db, key);
          await stage.play(1);
          if (isTwice) givenCancel(stage.db, key);
          await stage.play();
          const isOver = before === "succeeded" || before === "failed";
          expect(stage.db.select().from(run).get()?.state).toBe(isOver ? before : "canceled");
          expect(stage.runner.begun.length, "nothing began after the cancel").toBe(begun);
          checkInvariants(stage);
          stage.db.$client.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});

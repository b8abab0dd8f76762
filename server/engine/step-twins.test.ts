import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { metric, run, setting, task } from "@/db/schema";
import type { PipelineGraph, Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { expectedEnds, gambles } from "@/server/domain/planning/testing/random-graphs";
import type { AttemptRequest } from "./attempts/contract";
import { open, removeHomes, statesOf, taskOf, trainAndTest, trains, withLr } from "./testing/cached-runs";
import type { CutPoint } from "./testing/crash";
import type { Fate } from "./testing/fake-runner";
import { givenCancel, givenRun, givenVersion } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";

afterEach(removeHomes);

const twin = (rest: Partial<Step> = {}) => aGraph([aStep("twin", { cache: { enabled: true }, ...rest })]);

describe("two identical steps at once", () => {
  const slow: Fate = { lastsMs: 100 };

  it("run once: the second waits, says for whom, and takes the result", async () => {
    const stage = await open({ fate: () => slow });
    const version = givenVersion(stage.db, twin());
    const [first, second] = [givenRun(stage.db, version), givenRun(stage.db, version)];
    await stage.play(50);
    expect(taskOf(stage, second, "twin")).toMatchObject({
      state: "pending",
      reason: { code: "waiting-for-twin", subject: { task: taskOf(stage, first, "twin").key, step: "twin" } },
    });
    await stage.play();
    expect(stage.runner.begun).toHaveLength(1);
    expect([statesOf(stage, first), statesOf(stage, second)]).toEqual([{ twin: "succeeded" }, { twin: "cached" }]);
  });

  it("run once within one run, too", async () => {
    const stage = await open({ fate: () => slow, slots: 4 });
    const body = aStep("x").body;
    const steps = ["a", "b", "c"].map((path) => aStep(path, { cache: { enabled: true }, body }));
    const key = givenRun(stage.db, aGraph(steps));
    await stage.play();
    expect(stage.runner.begun).toHaveLength(1);
    expect(Object.values(statesOf(stage, key)).sort()).toEqual(["cached", "cached", "succeeded"]);
  });

  it("both run where the installation says so", async () => {
    const stage = await open({ fate: () => slow });
    const row = { name: "run-identical-steps-once", value: false, updatedAt: new Date(0) };
    stage.db.insert(setting).values(row).run();
    const version = givenVersion(stage.db, twin());
    givenRun(stage.db, version);
    givenRun(stage.db, version);
    await stage.play();
    expect(stage.runner.begun).toHaveLength(2);
  });

  it("do not wait for one that is queued behind others: of less priority, or under another profile", async () => {
    const stage = await open({ fate: () => slow, slots: 1 });
    const version = givenVersion(stage.db, twin());
    givenRun(stage.db, aGraph([aStep("busy")]));
    const low = givenRun(stage.db, version);
    await stage.play(10);
    expect(statesOf(stage, low)).toEqual({ twin: "queued" });
    const high = givenRun(stage.db, version, { priority: 5 });
    await stage.play(10);
    expect(statesOf(stage, high)).toEqual({ twin: "queued" });
    await stage.play();
    expect(stage.runner.begun).toHaveLength(3);
  });

  it("hand on when the first fails: one of those who wait runs, the others wait for it", async () => {
    let tries = 0;
    const fate = (): Fate => {
      tries += 1;
      return { lastsMs: 100, code: tries === 1 ? 1 : 0 };
    };
    const stage = await open({ fate, slots: 4 });
    const version = givenVersion(stage.db, twin());
    const keys = [0, 1, 2].map(() => givenRun(stage.db, version));
    await stage.play();
    expect(tries).toBe(2);
    expect(keys.map((key) => statesOf(stage, key).twin)).toEqual(["failed", "succeeded", "cached"]);
  });

  it("go on without the first when its run is canceled, or the one that waits is", async () => {
    const stage = await open({ fate: () => slow });
    const version = givenVersion(stage.db, twin());
    const keys = [0, 1, 2].map(() => givenRun(stage.db, version));
    await stage.play(50);
    givenCancel(stage.db, keys[0] ?? 0);
    givenCancel(stage.db, keys[2] ?? 0);
    await stage.play();
    expect(keys.map((key) => statesOf(stage, key).twin)).toEqual(["canceled", "succeeded", "canceled"]);
  });

  it("go on when the first waits to try again", async () => {
    const retry = { maxRetries: 3, backoffMs: 600_000, backoffFactor: 2, backoffMaxMs: 3_600_000 };
    let tries = 0;
    const fate = (): Fate => {
      tries += 1;
      return { lastsMs: 100, code: tries === 1 ? 1 : 0 };
    };
    const stage = await open({ fate });
    const version = givenVersion(stage.db, twin({ retry }));
    const [first, second] = [givenRun(stage.db, version), givenRun(stage.db, version)];
    await stage.play(250);
    expect(statesOf(stage, first)).toEqual({ twin: "queued" });
    expect(statesOf(stage, second)).toEqual({ twin: "succeeded" });
  });

  it("go on when the first belongs to a run that is given up", async () => {
    const stage = await open({ fate: () => slow });
    const version = givenVersion(stage.db, twin());
    const [first, second] = [givenRun(stage.db, version), givenRun(stage.db, version)];
    await stage.play(50);
    // Its row says something else than memory, so the run cannot go on.
    stage.db.update(task).set({ state: "skipped" }).where(eq(task.runKey, first)).run();
    await stage.play();
    expect(stage.db.select().from(run).where(eq(run.key, first)).get()).toMatchObject({ reason: { code: "internal" } });
    expect(statesOf(stage, second)).toEqual({ twin: "succeeded" });
  });

  it("still wait after a restart", async () => {
    const stage = await open({ fate: () => slow });
    const version = givenVersion(stage.db, twin());
    const [, second] = [givenRun(stage.db, version), givenRun(stage.db, version)];
    await stage.play(50);
    await stage.restart();
    await stage.settle();
    expect(taskOf(stage, second, "twin").reason?.code).toBe("waiting-for-twin");
    await stage.play();
    expect(stage.runner.begun).toHaveLength(1);
    expect(statesOf(stage, second)).toEqual({ twin: "cached" });
  });
});

describe("an engine that is killed while results are reused", () => {
  it("loses and doubles nothing at any single point", async () => {
    let hasDied = true;
    for (let at = 1; hasDied; at += 1) {
      const stage = await open({ cuts: [{ at, isAfter: at % 2 === 0 }], fate: trains });
      watchStates(stage.db);
      const version = givenVersion(stage.db, trainAndTest);
      const keys = [0, 1].map(() => withLr(stage, version, 0.1));
      await stage.play();
      hasDied = stage.deaths > 0;
      for (const path of ["train", "test"])
        expect(keys.map((key) => statesOf(stage, key)[path]).sort()).toEqual(["cached", "succeeded"]);
      expect(illegalChanges(stage.db)).toEqual([]);
      expect(stage.db.select().from(metric).all()).toHaveLength(2);
      stage.db.$client.close();
    }
  });

  it("comes to the same ends as without a cache, whatever waits for whom", async () => {
    const cut: fc.Arbitrary<CutPoint> = fc.record({ at: fc.integer({ min: 1, max: 60 }), isAfter: fc.boolean() });
    /** Few different commands, so that steps of one run and of two are twins. */
    const cachedSteps = (graph: PipelineGraph, unlucky: ReadonlySet<string>): PipelineGraph => ({
      ...graph,
      steps: graph.steps.map((step, at) =>
        step.body.body === "container"
          ? {
              ...step,
              cache: { enabled: at % 4 !== 0 },
              body: { ...step.body, command: [unlucky.has(step.path) ? "false" : `run ${at % 3}`] },
            }
          : step,
      ),
    });
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(gambles(12), fc.array(cut, { maxLength: 3 }), fc.nat(3), async (gamble, cuts, lastsMs) => {
        const fate = ({ step }: AttemptRequest): Fate => ({ lastsMs, code: gamble.unlucky.has(step.path) ? 1 : 0 });
        const stage = await open({ cuts, fate });
        watchStates(stage.db);
        const version = givenVersion(stage.db, cachedSteps(gamble.graph, gamble.unlucky));
        const keys = [0, 1, 2].map(() => givenRun(stage.db, version));
        await stage.play();
        const expected = Object.fromEntries(expectedEnds(gamble));
        for (const key of keys) {
          const ends = Object.entries(statesOf(stage, key));
          hits += ends.filter(([, state]) => state === "cached").length;
          const plain = ends.map(([path, state]) => [path, state === "cached" ? "succeeded" : state]);
          expect(Object.fromEntries(plain)).toEqual(expected);
        }
        expect(illegalChanges(stage.db)).toEqual([]);
        stage.db.$client.close();
      }),
      { numRuns: 40 },
    );
    expect(hits).toBeGreaterThan(30);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifact, attempt, event, run, runNotice, runOutput, task, taskValue } from "@/db/schema";
import type { PipelineGraph } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { expectedEnds, gambles } from "@/server/domain/planning/testing/random-graphs";
import { isAttemptOver, isTaskOver } from "@/server/domain/states";
import type { AttemptRequest } from "./attempts/contract";
import type { CutPoint } from "./testing/crash";
import { givenCancel, givenRetry, givenRun } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { Stage } from "./testing/stage";

const stateOf = (stage: Stage) => stage.db.select().from(run).get()?.state;
const rows = (stage: Stage) => stage.db.select().from(task).all();
const attemptsByPath = (stage: Stage) => Object.fromEntries(rows(stage).map((row) => [row.path, row.attempt]));
const statesByPath = (stage: Stage) => Object.fromEntries(rows(stage).map((row) => [row.path, row.state]));

/** How often the process of each step ran: an attempt that an engine claimed and did not live to begin is none. */
function triesByPath(stage: Stage): { [path: string]: number } {
  const tries: { [path: string]: number } = {};
  for (const { taskPath } of stage.runner.requests) tries[taskPath] = (tries[taskPath] ?? 0) + 1;
  return tries;
}

/** Fails these paths as often as said, then lets them succeed. */
function failing(times: { readonly [path: string]: number }) {
  const left = new Map(Object.entries(times));
  return ({ taskPath }: AttemptRequest) => {
    const more = left.get(taskPath) ?? 0;
    left.set(taskPath, more - 1);
    return { lastsMs: 5, code: more > 0 ? 1 : 0 };
  };
}

async function played(graph: PipelineGraph, times: { readonly [path: string]: number }) {
  const stage = await Stage.open({ fate: failing(times) });
  watchStates(stage.db);
  const key = givenRun(stage.db, graph);
  await stage.play();
  return { stage, key };
}

async function retried({ stage, key }: Awaited<ReturnType<typeof played>>) {
  givenRetry(stage.db, key);
  await stage.play();
  return stage;
}

const FORK = aGraph([
  aStep("a"),
  aStep("b", { dependsOn: ["a"] }),
  aStep("side", { dependsOn: ["a"] }),
  aStep("c", { dependsOn: ["b"] }),
]);

describe("a retry of a run", () => {
  it("runs again what failed and what waited for it, and keeps the rest and all attempts", async () => {
    const first = await played(FORK, { b: 1 });
    expect(stateOf(first.stage)).toBe("failed");
    const stage = await retried(first);
    expect(stage.db.select().from(run).get()).toMatchObject({
      state: "succeeded",
      reason: null,
      retryRequestedAt: null,
      taskCounts: { succeeded: 4 },
    });
    expect(stage.db.$client.prepare("select state, count from run_count where count <> 0").raw().all()).toEqual([
      ["succeeded", 1],
    ]);
    expect(attemptsByPath(stage)).toEqual({ a: 1, b: 2, side: 1, c: 1 });
    expect(stage.db.select().from(attempt).all()).toHaveLength(5);
    expect(illegalChanges(stage.db)).not.toEqual([]);
    expect(illegalChanges(stage.db, { isRetried: true })).toEqual([]);
    const states = stage.db.select().from(event).all();
    expect(states.flatMap(({ data }) => (data as { state?: string }).state ?? [])).toEqual([
      "running",
      "failed",
      "running",
      "succeeded",
    ]);
  });

  it("can be asked for again and again", async () => {
    const first = await played(FORK, { b: 2 });
    const again = await retried(first);
    expect(stateOf(again)).toBe("failed");
    const stage = await retried(first);
    expect(stateOf(stage)).toBe("succeeded");
    expect(attemptsByPath(stage)).toEqual({ a: 1, b: 3, side: 1, c: 1 });
  });

  it("takes a terminated run up where it was ended", async () => {
    const stage = await Stage.open({ fate: ({ taskPath }) => ({ lastsMs: taskPath === "b" ? 50 : 5 }) });
    const key = givenRun(stage.db, FORK);
    await stage.play(20);
    givenCancel(stage.db, key);
    await stage.play();
    expect(stateOf(stage)).toBe("canceled");
    givenRetry(stage.db, key);
    await stage.play();
    expect(stage.db.select().from(run).get()).toMatchObject({ state: "succeeded", cancelRequestedAt: null });
    expect(attemptsByPath(stage)).toMatchObject({ a: 1, b: 2, c: 1 });
  });

  it("runs exit tasks too that a hard stop had left out", async () => {
    const handler = aGraph([
      aStep("x", { kind: "exit-handler" }),
      aStep("x/a"),
      aStep("exit", { dependsOn: ["x"], trigger: "completed" }),
    ]);
    const stage = await Stage.open({ fate: () => ({ lastsMs: 50, stopsInMs: 5 }) });
    const key = givenRun(stage.db, handler);
    await stage.play(20);
    givenCancel(stage.db, key);
    await stage.play(20);
    expect(statesByPath(stage).exit).toBe("running");
    stage.db.$client.exec("update run set is_cancel_hard = 1, is_noticed = 0");
    await stage.play();
    expect(statesByPath(stage)).toEqual({ x: "canceled", "x/a": "canceled", exit: "canceled" });
    givenRetry(stage.db, key);
    await stage.play();
    expect(statesByPath(stage)).toEqual({ x: "succeeded", "x/a": "succeeded", exit: "succeeded" });
    expect(stage.db.select().from(run).get()).toMatchObject({ state: "succeeded", isCancelHard: false });
  });

  it("begins a run that was canceled before it began", async () => {
    const stage = await Stage.open();
    const key = givenRun(stage.db, FORK);
    givenCancel(stage.db, key);
    await stage.play();
    expect(stateOf(stage)).toBe("canceled");
    givenRetry(stage.db, key);
    await stage.play();
    expect(statesByPath(stage)).toEqual({ a: "succeeded", b: "succeeded", side: "succeeded", c: "succeeded" });
  });

  it("runs the failed iterations of a loop again, and collects all of them", async () => {
    const output = {
      parameters: [],
      artifacts: [],
      outputParameters: [{ name: "o", type: "integer" as const }],
      outputArtifacts: [],
    };
    const graph = aGraph([
      aStep("l", {
        kind: "loop",
        loop: { over: "parameter", items: { raw: [1, 2, 3] }, itemInput: "i", parallelism: 1 },
        interface: output,
        body: {
          body: "group",
          outputParameters: [{ name: "o", sources: [{ step: "l/a", output: "o" }] }],
          outputArtifacts: [],
        },
      }),
      aStep("l/a", { interface: output }),
      aStep("after", { dependsOn: ["l"] }),
    ]);
    const fate = failing({ "l/[1]/a": 1 });
    const stage = await Stage.open({
      fate: (request) => ({
        ...fate(request),
        collected: { parameters: { o: Number(/\[(\d)\]/.exec(request.taskPath)?.[1] ?? 9) } },
      }),
    });
    const key = givenRun(stage.db, graph);
    await stage.play();
    expect(stateOf(stage)).toBe("failed");
    givenRetry(stage.db, key);
    await stage.play();
    expect(stateOf(stage)).toBe("succeeded");
    expect(attemptsByPath(stage)).toMatchObject({ "l/[0]/a": 1, "l/[1]/a": 2, "l/[2]/a": 1, after: 1 });
    const loopKey = rows(stage).find(({ path }) => path === "l")?.key ?? 0;
    const collected = stage.db.select().from(taskValue).all();
    expect(collected.find(({ taskKey, direction }) => taskKey === loopKey && direction === "output")?.value).toEqual([
      0, 1, 2,
    ]);
  });

  it("leaves out the iterations that a loop begun anew has no items for, and makes those that are new", async () => {
    const items = (list: number[]) => ({ items: list });
    const graph = (trigger: "completed") =>
      aGraph([
        aStep("make", {
          interface: {
            parameters: [],
            artifacts: [],
            outputParameters: [{ name: "items", type: "list" }],
            outputArtifacts: [],
          },
        }),
        aStep("l", {
          loop: { over: "parameter", items: { input: "items" }, itemInput: "i", parallelism: 0 },
          dependsOn: ["make"],
          trigger,
          interface: {
            parameters: [{ name: "items", type: "list", required: false, default: [1, 2, 3] }],
            artifacts: [],
            outputParameters: [],
            outputArtifacts: [],
          },
          parameters: [{ name: "items", source: { from: "task", step: "make", output: "items" } }],
        }),
      ]);
    for (const [list, expected] of [
      [[7], ["succeeded", "omitted", "omitted"]],
      [
        [7, 8, 9, 10],
        ["succeeded", "succeeded", "succeeded", "succeeded"],
      ],
    ] as const) {
      const fate = failing({ make: 1 });
      const stage = await Stage.open({
        fate: (request) => ({ ...fate(request), collected: { parameters: items([...list]) } }),
      });
      const key = givenRun(stage.db, graph("completed"));
      await stage.play();
      expect(stateOf(stage)).toBe("failed");
      givenRetry(stage.db, key);
      await stage.play();
      expect(stateOf(stage)).toBe("succeeded");
      const iterations = rows(stage).filter(({ iteration }) => iteration !== null);
      expect(iterations.map(({ state }) => state)).toEqual(expected);
    }
  });

  it("takes outputs back that are to be made again, and keeps the artifacts as history", async () => {
    const graph = aGraph([aStep("a"), aStep("exit", { dependsOn: ["a"], trigger: "completed" })], {
      outputs: { parameters: [{ name: "n", sources: [{ step: "exit", output: "n" }] }], artifacts: [] },
    });
    const fate = failing({ a: 1 });
    const made = {
      output: "f",
      position: 0,
      name: "f",
      type: "t",
      path: null,
      uri: "x",
      size: 1,
      digest: null,
      isDirectory: false,
      metadata: {},
    };
    const stage = await Stage.open({
      fate: (request) => ({
        ...fate(request),
        ...(request.taskPath === "exit" && {
          collected: {
            parameters: { n: request.number },
            artifacts: [made],
            metrics: [{ name: "m", value: request.number, format: "raw" as const }],
          },
        }),
      }),
    });
    const key = givenRun(stage.db, graph);
    await stage.play();
    givenRetry(stage.db, key);
    await stage.settle();
    expect(stage.db.select().from(runOutput).all()).toEqual([]);
    expect(stage.db.select().from(taskValue).all()).toEqual([]);
    await stage.play();
    expect(stage.db.select().from(runOutput).all()).toMatchObject([{ name: "n", value: 2 }]);
    expect(stage.db.select().from(artifact).all()).toHaveLength(2);
    expect(stage.db.$client.prepare("select value from metric").pluck().all()).toEqual([2]);
  });

  it("counts the tries of a step anew", async () => {
    const retry = { maxRetries: 1, backoffMs: 0, backoffFactor: 2, backoffMaxMs: 0 };
    const first = await played(aGraph([aStep("a", { retry })]), { a: 3 });
    expect(attemptsByPath(first.stage)).toEqual({ a: 2 });
    const stage = await retried(first);
    expect(stateOf(stage)).toBe("succeeded");
    expect(attemptsByPath(stage)).toEqual({ a: 4 });
  });

  it("that cannot be followed leaves the run as it is and says so", async () => {
    const first = await played(FORK, {});
    const stage = await retried(first);
    expect(stage.db.select().from(run).get()).toMatchObject({ state: "succeeded", retryRequestedAt: null });
    expect(stage.db.select().from(runNotice).all()).toMatchObject([{ code: "retry-refused" }]);
  });

  it("of a run whose version cannot be read does not stop the engine", async () => {
    const { stage, key } = await played(FORK, { b: 1 });
    stage.db.$client.exec(`update version_spec set graph = '{"steps": 3}'`);
    await stage.restart();
    givenRetry(stage.db, key);
    const other = givenRun(stage.db, aGraph([aStep("x")]));
    await stage.play();
    expect(stage.db.select().from(runNotice).all()).toMatchObject([{ code: "retry-refused" }]);
    const runs = stage.db.select().from(run).all();
    expect(runs.map((row) => [row.key === other, row.state])).toEqual([
      [false, "failed"],
      [true, "succeeded"],
    ]);
  });
});

const cut: fc.Arbitrary<CutPoint> = fc.record({ at: fc.integer({ min: 1, max: 40 }), isAfter: fc.boolean() });

/** What must hold after everything has settled: every try was one process, and no task succeeded twice in a round. */
function checkSettled(stage: Stage): void {
  const attempts = stage.db.select().from(attempt).all();
  expect(stage.runner.alive).toEqual([]);
  expect(new Set(stage.runner.begun).size, "no attempt began twice").toBe(stage.runner.begun.length);
  expect(attempts.filter((row) => !isAttemptOver(row.state))).toEqual([]);
  expect(rows(stage).filter((row) => !isTaskOver(row.state))).toEqual([]);
  expect(illegalChanges(stage.db, { isRetried: true })).toEqual([]);
}

describe("an engine that is killed in the middle of a retry", () => {
  it("loses and doubles nothing at any single point", async () => {
    const graph = aGraph([
      aStep("a"),
      aStep("g", { kind: "exit-handler", dependsOn: ["a"] }),
      aStep("g/b"),
      aStep("g/ok"),
      aStep("exit", { dependsOn: ["g"], trigger: "completed" }),
      aStep("c", { dependsOn: ["g"] }),
    ]);
    let hasDied = true;
    for (let at = 1; hasDied; at += 1) {
      hasDied = false;
      for (const isAfter of [false, true]) {
        // The first engine plays the run to its failure; the second one is killed while it retries.
        const stage = await Stage.open({
          cuts: [
            { at: 1_000_000, isAfter: false },
            { at, isAfter },
          ],
          fate: failing({ "g/b": 1 }),
        });
        watchStates(stage.db);
        const key = givenRun(stage.db, graph);
        await stage.play();
        expect(stateOf(stage)).toBe("failed");
        await stage.restart();
        givenRetry(stage.db, key);
        await stage.play();
        hasDied ||= stage.deaths > 0;
        expect(stage.db.select().from(run).get()).toMatchObject({ state: "succeeded", taskCounts: { succeeded: 5 } });
        expect(triesByPath(stage)).toEqual({ a: 1, "g/b": 2, "g/ok": 1, exit: 2, c: 1 });
        checkSettled(stage);
        stage.db.$client.close();
      }
    }
  });

  it("is followed by one that comes to the end of a lucky run, with the successes kept", async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(gambles(14), fc.array(cut, { maxLength: 5 }), async (gamble, cuts) => {
        const isBad = { now: true };
        const fate = ({ taskPath }: AttemptRequest) => ({
          lastsMs: 2,
          code: isBad.now && gamble.unlucky.has(taskPath) ? 1 : 0,
        });
        const stage = await Stage.open({ cuts, fate });
        watchStates(stage.db);
        const key = givenRun(stage.db, gamble.graph);
        await stage.play();
        if (stateOf(stage) !== "failed") return;
        const kept = rows(stage).filter((row) => row.state === "succeeded" && row.kind !== "dag");
        const before = triesByPath(stage);
        isBad.now = false;
        givenRetry(stage.db, key);
        await stage.play();
        deaths += stage.deaths;
        expect(stateOf(stage)).toBe("succeeded");
        expect(statesByPath(stage)).toEqual(Object.fromEntries(expectedEnds({ ...gamble, unlucky: new Set() })));
        // Only what waits for all ends, whatever they are, may have to run again though it succeeded.
        const isPlain = gamble.graph.steps.every((one) => one.trigger === "succeeded");
        const now = triesByPath(stage);
        if (isPlain) for (const { path } of kept) expect(now[path], path).toBe(before[path]);
        checkSettled(stage);
        stage.db.$client.close();
      }),
      { numRuns: 100 },
    );
    expect(deaths).toBeGreaterThan(10);
  });
});

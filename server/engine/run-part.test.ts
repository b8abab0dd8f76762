import { describe, expect, it } from "vitest";
import { run, task, taskValue } from "@/db/schema";
import type { PipelineGraph, Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest } from "./attempts/contract";
import type { CutPoint } from "./testing/crash";
import { givenRetry, givenRun, givenVersion } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { Stage } from "./testing/stage";

/** A step that hands on the number of its tries, and takes that of the step before it. */
function passes(path: string, from: string | null, rest: Partial<Step> = {}): Step {
  const spec = { name: "n", type: "integer" as const };
  return aStep(path, {
    dependsOn: from === null ? [] : [from],
    interface: {
      parameters: from === null ? [] : [{ ...spec, required: true }],
      artifacts: [],
      outputParameters: [spec],
      outputArtifacts: [],
    },
    parameters: from === null ? [] : [{ name: "n", source: { from: "task", step: from, output: "n" } }],
    ...rest,
  });
}

const CHAIN = aGraph([passes("a", null), passes("b", "a"), passes("c", "b"), aStep("side")], {
  outputs: { parameters: [{ name: "n", sources: [{ step: "c", output: "n" }] }], artifacts: [] },
});

async function stageOf(bad: readonly string[] = [], cuts: readonly CutPoint[] = []) {
  const unlucky = new Set(bad);
  const fate = ({ taskPath, number, run: { key } }: AttemptRequest) => ({
    lastsMs: 3,
    code: unlucky.has(taskPath) ? 1 : 0,
    collected: { parameters: { n: 10 * key + number } },
  });
  const stage = await Stage.open({ fate, cuts });
  watchStates(stage.db);
  return { stage, unlucky };
}

const runRow = (stage: Stage, key: number) =>
  stage.db
    .select()
    .from(run)
    .all()
    .find((row) => row.key === key);
const tasksOf = (stage: Stage, key: number) =>
  stage.db
    .select()
    .from(task)
    .all()
    .filter((row) => row.runKey === key);
const endsOf = (stage: Stage, key: number) =>
  Object.fromEntries(tasksOf(stage, key).map((row) => [row.path, row.state]));
const begun = (stage: Stage, key: number) =>
  stage.runner.requests.filter((request) => request.run.key === key).map(({ taskPath }) => taskPath);

describe("a run up to a step", () => {
  it("has no tasks beyond it, and ends with it", async () => {
    const { stage } = await stageOf();
    const key = givenRun(stage.db, CHAIN, { extent: { kind: "up-to", step: "b" } });
    await stage.play();
    expect(endsOf(stage, key)).toEqual({ a: "succeeded", b: "succeeded" });
    expect(runRow(stage, key)).toMatchObject({ state: "succeeded", taskCounts: { succeeded: 2 } });
  });

  it("goes into a loop only as far as the step, and can be retried", async () => {
    const loop = { over: "parameter" as const, items: { raw: [1, 2] }, itemInput: "i", parallelism: 0 };
    const graph = aGraph([
      aStep("l", { kind: "loop", loop, body: { body: "group", outputParameters: [], outputArtifacts: [] } }),
      aStep("l/a"),
      aStep("l/b", { dependsOn: ["l/a"] }),
      aStep("after", { dependsOn: ["l"] }),
    ]);
    const { stage, unlucky } = await stageOf(["l/[1]/a"]);
    const key = givenRun(stage.db, graph, { extent: { kind: "up-to", step: "l/a" } });
    await stage.play();
    expect(Object.keys(endsOf(stage, key))).toEqual(["l", "l/[0]", "l/[0]/a", "l/[1]", "l/[1]/a"]);
    unlucky.clear();
    givenRetry(stage.db, key);
    await stage.play();
    expect(runRow(stage, key)?.state).toBe("succeeded");
    expect(begun(stage, key)).toEqual(["l/[0]/a", "l/[1]/a", "l/[1]/a"]);
  });
});

/** Plays a run, then one from a step of it on. */
async function continued(
  graph: PipelineGraph,
  step: string,
  bad: readonly string[] = [],
  cuts: readonly CutPoint[] = [],
) {
  const { stage, unlucky } = await stageOf(bad, [{ at: 1_000_000, isAfter: false }, ...cuts]);
  const versionKey = givenVersion(stage.db, graph);
  const first = givenRun(stage.db, versionKey);
  await stage.play();
  unlucky.clear();
  if (cuts.length > 0) await stage.restart();
  const runId = runRow(stage, first)?.id ?? "";
  const second = givenRun(stage.db, versionKey, { extent: { kind: "from", step, runId } });
  await stage.play();
  return { stage, first, second };
}

describe("a run from a step of another one", () => {
  it("takes over what stands before and beside it, with its outputs", async () => {
    const { stage, first, second } = await continued(CHAIN, "b", ["b"]);
    expect(endsOf(stage, second)).toEqual({ a: "cached", b: "succeeded", c: "succeeded", side: "cached" });
    expect(begun(stage, second)).toEqual(["b", "c"]);
    const [a] = tasksOf(stage, second);
    expect(a).toMatchObject({
      reason: { code: "taken-over" },
      sourceTaskKey: tasksOf(stage, first)[0]?.key,
      attempt: 0,
    });
    const request = stage.runner.requests.find(({ run: of, taskPath }) => of.key === second && taskPath === "b");
    expect(request?.inputs.parameters).toEqual({ n: 10 * first + 1 });
    expect(request?.run.continues).toEqual({ runKey: first });
    expect(runRow(stage, second)).toMatchObject({ state: "succeeded", taskCounts: { cached: 2, succeeded: 2 } });
    expect(illegalChanges(stage.db)).toEqual([]);
  });

  it("begins inside a group: the rest of the group and a group before it are taken over", async () => {
    const group = (path: string, of: string, from: string | null) =>
      passes(path, from, {
        kind: "dag",
        body: {
          body: "group",
          outputParameters: [{ name: "n", sources: [{ step: of, output: "n" }] }],
          outputArtifacts: [],
        },
      });
    const graph = aGraph([
      group("g", "g/x", null),
      passes("g/x", null),
      group("h", "h/b", "g"),
      passes("h/a", null, {
        parameters: [{ name: "n", source: { from: "parent", input: "n" } }],
        interface: passes("h/a", "g").interface,
      }),
      passes("h/b", "h/a"),
      passes("last", "h"),
    ]);
    const { stage, first, second } = await continued(graph, "h/b");
    expect(endsOf(stage, second)).toEqual({
      g: "cached",
      h: "succeeded",
      "h/a": "cached",
      "h/b": "succeeded",
      last: "succeeded",
    });
    expect(begun(stage, second)).toEqual(["h/b", "last"]);
    const hKey = tasksOf(stage, second).find(({ path }) => path === "h")?.key;
    const inputs = stage.db.select().from(taskValue).all();
    expect(inputs.find(({ taskKey, direction }) => taskKey === hKey && direction === "input")?.value).toBe(
      10 * first + 1,
    );
  });

  it("leaves skipped what a condition had skipped", async () => {
    const graph = aGraph([
      aStep("no", { condition: "1 == 2" }),
      aStep("after", { dependsOn: ["no"] }),
      aStep("a"),
      aStep("b", { dependsOn: ["a"] }),
    ]);
    const { stage, second } = await continued(graph, "b");
    expect(endsOf(stage, second)).toEqual({ no: "skipped", after: "omitted", a: "cached", b: "succeeded" });
  });

  it("can itself be retried and continued", async () => {
    const { stage, unlucky } = await stageOf(["b"]);
    const versionKey = givenVersion(stage.db, CHAIN);
    const first = givenRun(stage.db, versionKey);
    await stage.play();
    const from = (key: number, step: string) =>
      givenRun(stage.db, versionKey, { extent: { kind: "from", step, runId: runRow(stage, key)?.id ?? "" } });
    const second = from(first, "b");
    await stage.play();
    unlucky.clear();
    givenRetry(stage.db, second);
    await stage.play();
    expect(begun(stage, second)).toEqual(["b", "b", "c"]);
    const third = from(second, "c");
    await stage.play();
    expect(endsOf(stage, third)).toEqual({ a: "cached", b: "cached", c: "succeeded", side: "cached" });
    const request = stage.runner.requests.find(({ run: of }) => of.key === third);
    expect(request?.inputs.parameters).toEqual({ n: 10 * second + 2 });
    expect(illegalChanges(stage.db, { isRetried: true })).toEqual([]);
  });

  it("fails with the reason when the results went away before it began", async () => {
    const { stage } = await stageOf();
    const versionKey = givenVersion(stage.db, CHAIN);
    const first = givenRun(stage.db, versionKey);
    await stage.play();
    const runId = runRow(stage, first)?.id ?? "";
    stage.db.$client.exec("update task set state = 'failed' where path = 'a'");
    const second = givenRun(stage.db, versionKey, { extent: { kind: "from", step: "b", runId } });
    await stage.play();
    expect(runRow(stage, second)).toMatchObject({ state: "failed", reason: { code: "internal" } });
    expect(runRow(stage, second)?.reason?.message).toContain("step a has no result in run");
  });

  it("loses and doubles nothing when the engine is killed at any point of it", async () => {
    for (let at = 1, hasDied = true; hasDied; at += 1) {
      hasDied = false;
      for (const isAfter of [false, true]) {
        const { stage, second } = await continued(CHAIN, "c", [], [{ at, isAfter }]);
        hasDied ||= stage.deaths > 0;
        expect(endsOf(stage, second)).toEqual({ a: "cached", b: "cached", c: "succeeded", side: "cached" });
        expect(begun(stage, second)).toEqual(["c"]);
        expect(illegalChanges(stage.db)).toEqual([]);
        stage.db.$client.close();
      }
    }
  });
});

describe("a run that stops on its first failure", () => {
  it("starts nothing more, stops what runs, and goes on where it stopped when it is retried", async () => {
    const unlucky = new Set(["bad"]);
    const stage = await Stage.open({
      slots: 2,
      fate: ({ taskPath }) => ({ lastsMs: taskPath === "long" ? 50 : 5, code: unlucky.has(taskPath) ? 1 : 0 }),
    });
    watchStates(stage.db);
    const graph = aGraph([aStep("bad"), aStep("long"), aStep("later"), aStep("after", { dependsOn: ["long"] })]);
    const key = givenRun(stage.db, graph, { stopsOnFailure: true });
    await stage.play();
    expect(endsOf(stage, key)).toEqual({ bad: "failed", long: "canceled", later: "canceled", after: "canceled" });
    expect(runRow(stage, key)?.state).toBe("failed");
    unlucky.clear();
    givenRetry(stage.db, key);
    await stage.play();
    expect(runRow(stage, key)?.state).toBe("succeeded");
    expect(illegalChanges(stage.db, { isRetried: true })).toEqual([]);
  });
});

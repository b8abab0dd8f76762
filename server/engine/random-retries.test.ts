/** Random pipelines retried and continued under the engine: they come to the ends of a lucky run, successes are kept. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { run, task } from "@/db/schema";
import { indexGraph } from "@/server/domain/planning/graph-index";
import { stepsFrom } from "@/server/domain/planning/taken-over";
import type { AttemptRequest } from "./attempts/contract";
import { givenCancel, givenRetry, givenRun, givenVersion } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { expectedTasks, graphOf, type Node, nodeAt, pipelines } from "./testing/random-pipelines";
import { Stage, type StageOptions } from "./testing/stage";

/** Two hundred pipelines take a while on a busy machine. */
const SLOW = 120_000;

const lucky = (nodes: readonly Node[]): Node[] =>
  nodes.map((node) => ({ ...node, failures: 0, children: lucky(node.children) }));

const waitsForAll = (nodes: readonly Node[]): boolean =>
  nodes.some((node) => node.waitsForAll || waitsForAll(node.children));

const rowsOf = (stage: Stage, key: number) =>
  stage.db
    .select()
    .from(task)
    .all()
    .filter((row) => row.runKey === key);

const stateOf = (stage: Stage, key: number) =>
  stage.db
    .select()
    .from(run)
    .all()
    .find((row) => row.key === key)?.state ?? "pending";

/** Plays a run of these nodes with its bad luck; `turnsLucky` ends that for every try to come. */
async function play(nodes: readonly Node[], options: Pick<StageOptions, "cuts"> & { terminateAtMs?: number | null }) {
  let isLucky = false;
  const stage = await Stage.open({
    cuts: options.cuts ?? [],
    fate: ({ taskPath, taskKey, number }: AttemptRequest) => ({
      lastsMs: (taskKey * 7 + number) % 11,
      stopsInMs: taskKey % 3,
      code: !isLucky && number <= nodeAt(nodes, taskPath).failures ? 1 : 0,
    }),
  });
  watchStates(stage.db);
  const versionKey = givenVersion(stage.db, graphOf(nodes));
  const key = givenRun(stage.db, versionKey);
  if (options.terminateAtMs != null) {
    await stage.play(options.terminateAtMs);
    if (["pending", "running"].includes(stateOf(stage, key))) givenCancel(stage.db, key);
  }
  await stage.play();
  return {
    stage,
    key,
    versionKey,
    turnLucky: () => {
      isLucky = true;
    },
  };
}

const cuts = fc.array(fc.record({ at: fc.integer({ min: 1, max: 250 }), isAfter: fc.boolean() }), { maxLength: 2 });

describe("a random pipeline", () => {
  it("that failed or was terminated comes, retried with better luck, to the end of a lucky run", {
    timeout: SLOW,
  }, async () => {
    let retries = 0;
    await fc.assert(
      fc.asyncProperty(pipelines, fc.option(fc.nat(40)), cuts, async (nodes, terminateAtMs, cuts) => {
        const { stage, key, turnLucky } = await play(nodes, { cuts, terminateAtMs });
        if (!["failed", "canceled"].includes(stateOf(stage, key))) return;
        retries += 1;
        const kept = rowsOf(stage, key).filter((row) => row.state === "succeeded");
        const begun = stage.runner.requests.length;
        turnLucky();
        givenRetry(stage.db, key);
        await stage.play();
        const got = Object.fromEntries(rowsOf(stage, key).map((row) => [row.path, row.state]));
        const expected = [...expectedTasks(lucky(nodes))].map(([path, { state }]) => [path, state]);
        expect(got).toEqual(Object.fromEntries(expected));
        expect(stateOf(stage, key)).toBe("succeeded");
        if (!waitsForAll(nodes)) {
          const again = stage.runner.requests.slice(begun).map((request) => request.taskKey);
          expect(kept.filter((row) => again.includes(row.key)).map((row) => row.path)).toEqual([]);
        }
        expect(new Set(stage.runner.begun).size).toBe(stage.runner.begun.length);
        expect(illegalChanges(stage.db, { isRetried: true })).toEqual([]);
        stage.db.$client.close();
      }),
      { numRuns: 200 },
    );
    expect(retries).toBeGreaterThan(30);
  });

  it("continued from any step comes to the end of a lucky run and runs nothing that it has taken over", {
    timeout: SLOW,
  }, async () => {
    let continued = 0;
    await fc.assert(
      fc.asyncProperty(pipelines, fc.nat(), fc.option(fc.nat(40)), async (nodes, pick, terminateAtMs) => {
        const { stage, key, versionKey, turnLucky } = await play(nodes, { terminateAtMs });
        const graph = graphOf(nodes);
        const step = graph.steps[pick % graph.steps.length]?.path ?? "";
        const source = rowsOf(stage, key);
        const plan = stepsFrom(indexGraph(graph), step, (path) => source.find((row) => row.path === path));
        if (plan.unusable.length > 0) return;
        continued += 1;
        turnLucky();
        const runId = `${stage.db.$client.prepare("select id from run where key = ?").pluck().get(key)}`;
        const second = givenRun(stage.db, versionKey, { extent: { kind: "from", step, runId } });
        const begun = stage.runner.requests.length;
        await stage.play();
        const expected = expectedTasks(lucky(nodes));
        const rows = rowsOf(stage, second);
        for (const row of rows) {
          const isTaken = plan.takenOver.has(row.path);
          expect(row.state === "cached", row.path).toBe(isTaken && !["skipped", "omitted"].includes(row.state));
          expect(row.state === "cached" ? "succeeded" : row.state, row.path).toBe(expected.get(row.path)?.state);
        }
        const paths = new Set(rows.map((row) => row.path));
        const isInTaken = (path: string) => [...plan.takenOver].some((taken) => path.startsWith(`${taken}/`));
        expect([...expected.keys()].filter((path) => !paths.has(path) && !isInTaken(path))).toEqual([]);
        const again = stage.runner.requests.slice(begun).map(({ taskPath }) => taskPath);
        expect(again.filter((path) => plan.takenOver.has(path) || isInTaken(path))).toEqual([]);
        expect(illegalChanges(stage.db)).toEqual([]);
        stage.db.$client.close();
      }),
      { numRuns: 200 },
    );
    expect(continued).toBeGreaterThan(60);
  });
});

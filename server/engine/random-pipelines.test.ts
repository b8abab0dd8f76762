/** Random pipelines under the engine against the plain oracle: states, tries, order, limits, and nothing after an end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { run, task } from "@/db/schema";
import type { AttemptRequest } from "./attempts/contract";
import type { Fate } from "./testing/fake-runner";
import { givenCancel, givenRun } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { expectedTasks, graphOf, type Node, nodeAt, pipelines } from "./testing/random-pipelines";
import { Stage, type StageOptions } from "./testing/stage";

const OVER = new Set(["succeeded", "failed", "skipped", "omitted", "canceled", "cached"]);

/** Paths of what has to be over before the task at `path` may begin: what it and the groups around it wait for. */
function mustBeOver(nodes: readonly Node[], path: string): string[] {
  const keys = path.split("/");
  return keys.flatMap((key, at) => {
    if (key.startsWith("[")) return [];
    const scope = keys.slice(0, at);
    return nodeAt(nodes, keys.slice(0, at + 1).join("/")).after.map((sibling) => [...scope, sibling].join("/"));
  });
}

/** Looks at the rows whenever a try begins; what it finds wrong is told at the end, since the engine catches errors. */
class Watch {
  readonly wrong: string[] = [];
  stage: Stage | null = null;
  /** Tries of each task that really began: one whose engine died before has a number, but was no try. */
  readonly #tries = new Map<number, number>();
  readonly #nodes: readonly Node[];
  readonly #seed: number;

  constructor(nodes: readonly Node[], seed: number) {
    this.#nodes = nodes;
    this.#seed = seed;
  }

  readonly fate = (request: AttemptRequest): Fate => {
    const node = nodeAt(this.#nodes, request.taskPath);
    const rows = this.stage?.db.select().from(task).all() ?? [];
    const states = new Map(rows.map((row) => [row.path, row.state]));
    for (const path of mustBeOver(this.#nodes, request.taskPath)) {
      const state = states.get(path);
      if (state === undefined || !OVER.has(state))
        this.wrong.push(`${request.taskPath} began while ${path} was ${state}`);
    }
    const twins = this.stage?.runner.alive.filter((one) => one.taskKey === request.taskKey) ?? [];
    if (twins.length > 0) this.wrong.push(`${request.taskPath} was begun twice at once`);
    for (const row of rows) {
      const { loop } = graphStep(this.#nodes, row.path);
      if (row.iterationCount === null || loop === 0) continue;
      const active = rows.filter((one) => one.parentKey === row.key && !OVER.has(one.state) && one.state !== "pending");
      if (active.length > loop)
        this.wrong.push(`${active.length} iterations of ${row.path} at once, its limit is ${loop}`);
    }
    const luck = (request.taskKey * 7_919 + request.number * 104_729 + this.#seed) % 13;
    const tries = (this.#tries.get(request.taskKey) ?? 0) + 1;
    this.#tries.set(request.taskKey, tries);
    return { code: tries <= node.failures ? 1 : 0, lastsMs: luck, stopsInMs: luck };
  };
}

const graphStep = (nodes: readonly Node[], path: string) => ({ loop: nodeAt(nodes, path).parallelism });

async function play(nodes: readonly Node[], seed: number, options: Pick<StageOptions, "slots" | "cuts">) {
  const watch = new Watch(nodes, seed);
  const stage = await Stage.open({ ...options, fate: watch.fate });
  watch.stage = stage;
  watchStates(stage.db);
  const key = givenRun(stage.db, graphOf(nodes));
  return { stage, watch, key };
}

function expectAsPredicted(stage: Stage, nodes: readonly Node[]): void {
  const expected = expectedTasks(nodes);
  const rows = stage.db.select().from(task).all();
  const got = Object.fromEntries(rows.map((row) => [row.path, { state: row.state, tries: row.attempt }]));
  expect(got).toEqual(Object.fromEntries(expected));
  const hasFailed = [...expected.values()].some(({ state }) => state === "failed");
  const counts: { [state: string]: number } = {};
  for (const row of rows) {
    if (!["dag", "loop", "condition"].includes(row.kind)) counts[row.state] = (counts[row.state] ?? 0) + 1;
  }
  expect(stage.db.select().from(run).get()).toMatchObject({
    state: hasFailed ? "failed" : "succeeded",
    taskCounts: counts,
  });
}

describe("a random pipeline", () => {
  const seeds = fc.nat(1_000);
  const slots = fc.integer({ min: 1, max: 4 });

  it("ends as the oracle says, in order, within its limits", async () => {
    await fc.assert(
      fc.asyncProperty(pipelines, seeds, slots, async (nodes, seed, slots) => {
        const { stage, watch } = await play(nodes, seed, { slots });
        await stage.play();
        expect(watch.wrong).toEqual([]);
        expectAsPredicted(stage, nodes);
        expect(stage.runner.peak).toBeLessThanOrEqual(slots);
        expect(illegalChanges(stage.db)).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  it("ends the same when the engine dies on the way", async () => {
    const cut = fc.record({ at: fc.integer({ min: 1, max: 300 }), isAfter: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(pipelines, seeds, fc.array(cut, { minLength: 1, maxLength: 3 }), async (nodes, seed, cuts) => {
        const { stage, watch } = await play(nodes, seed, { slots: 2, cuts });
        await stage.play();
        expect(watch.wrong).toEqual([]);
        const rows = stage.db.select().from(task).all();
        const states = Object.fromEntries(rows.map((row) => [row.path, row.state]));
        const expected = [...expectedTasks(nodes)].map(([path, { state }]) => [path, state]);
        expect(states).toEqual(Object.fromEntries(expected));
        expect(illegalChanges(stage.db)).toEqual([]);
        expect(new Set(stage.runner.begun).size).toBe(stage.runner.begun.length);
      }),
      { numRuns: 150 },
    );
  });

  it("that is terminated at any moment has nothing open afterwards and starts nothing but exit tasks", async () => {
    await fc.assert(
      fc.asyncProperty(pipelines, seeds, fc.nat(60), fc.boolean(), async (nodes, seed, when, diesThen) => {
        const { stage, key } = await play(nodes, seed, { slots: 2 });
        await stage.settle();
        await stage.play(when);
        const before = stage.runner.begun.length;
        const isOver = OVER.has(stage.db.select().from(run).get()?.state ?? "");
        if (!isOver) givenCancel(stage.db, key);
        if (diesThen) await stage.restart();
        await stage.play();
        expect(stage.runner.begun.length).toBe(before);
        expect(stage.runner.alive).toEqual([]);
        const rows = stage.db.select().from(task).all();
        expect(rows.filter((row) => !OVER.has(row.state)).map((row) => row.path)).toEqual([]);
        if (!isOver) expect(stage.db.select().from(run).get()?.state).toBe("canceled");
        expect(illegalChanges(stage.db)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

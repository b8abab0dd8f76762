/** F2: an engine that dies at every write or act of a run with a loop, tries, a condition and an exit task. */
import { describe, expect, it } from "vitest";
import { attempt, run, task } from "@/db/schema";
import type { Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { isAttemptOver, isTaskOver } from "@/server/domain/states";
import type { AttemptRequest } from "./attempts/contract";
import { givenCancel, givenRun } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { Stage } from "./testing/stage";

const group = { body: "group", outputParameters: [], outputArtifacts: [] } as const;
const item = { name: "item", type: "integer", required: true } as const;
const inputs = (...parameters: Step["interface"]["parameters"]): Step["interface"] => ({
  parameters,
  artifacts: [],
  outputParameters: [],
  outputArtifacts: [],
});

const graph = aGraph([
  aStep("handler", { kind: "exit-handler", body: group }),
  aStep("handler/l", {
    kind: "loop",
    body: group,
    interface: inputs(item),
    loop: { over: "parameter", items: { raw: [0, 1] }, itemInput: "item", parallelism: 1 },
  }),
  aStep("handler/l/try", {
    interface: inputs(item),
    parameters: [{ name: "item", source: { from: "parent", input: "item" } }],
    retry: { maxRetries: 1, backoffMs: 20, backoffFactor: 2, backoffMaxMs: 3_600_000 },
  }),
  aStep("handler/l/odd", {
    condition: "inputs.parameter_values['item'] == 1",
    dependsOn: ["handler/l/try"],
    interface: inputs(item),
    parameters: [{ name: "item", source: { from: "parent", input: "item" } }],
  }),
  aStep("clean", {
    dependsOn: ["handler"],
    trigger: "completed",
    interface: inputs({ name: "status", type: "struct", required: true }),
    parameters: [{ name: "status", source: { from: "final-status", step: "handler" } }],
  }),
]);

const EXPECTED = {
  handler: "succeeded",
  "handler/l": "succeeded",
  "handler/l/[0]": "succeeded",
  "handler/l/[0]/try": "succeeded",
  "handler/l/[0]/odd": "skipped",
  "handler/l/[1]": "succeeded",
  "handler/l/[1]/try": "succeeded",
  "handler/l/[1]/odd": "succeeded",
  clean: "succeeded",
};

/** The first iteration fails the first time it truly runs. */
function unluckyOnce() {
  let hasFailed = false;
  return ({ taskPath }: AttemptRequest) => {
    const fails = taskPath === "handler/l/[0]/try" && !hasFailed;
    if (fails) hasFailed = true;
    return { lastsMs: 5, stopsInMs: 3, code: fails ? 1 : 0 };
  };
}

function check(stage: Stage): void {
  const attempts = stage.db.select().from(attempt).all();
  expect(stage.runner.alive).toEqual([]);
  expect(new Set(stage.runner.begun).size, "no attempt began twice").toBe(stage.runner.begun.length);
  expect(attempts.filter((row) => !isAttemptOver(row.state))).toEqual([]);
  expect(
    stage.db
      .select()
      .from(task)
      .all()
      .filter((row) => !isTaskOver(row.state)),
  ).toEqual([]);
  expect(illegalChanges(stage.db)).toEqual([]);
}

/** Plays the run once for every point at which an engine can die, before and after it, until one is beyond the end. */
async function atEveryPoint(play: (stage: Stage) => Promise<void>, look: (stage: Stage) => void): Promise<number> {
  let points = 0;
  for (let hasDied = true; hasDied; points += 1) {
    hasDied = false;
    for (const isAfter of [false, true]) {
      const stage = await Stage.open({ fate: unluckyOnce(), cuts: [{ at: points + 1, isAfter }] });
      watchStates(stage.db);
      await play(stage);
      hasDied ||= stage.deaths > 0;
      look(stage);
      check(stage);
      stage.db.$client.close();
    }
  }
  return points;
}

const states = (stage: Stage) =>
  Object.fromEntries(
    stage.db
      .select()
      .from(task)
      .all()
      .map((row) => [row.path, row.state]),
  );

describe("an engine that dies at any point of a run with every construct", () => {
  it("is followed by one that comes to the same end with the same tries", async () => {
    const points = await atEveryPoint(
      async (stage) => {
        givenRun(stage.db, graph);
        await stage.play();
      },
      (stage) => {
        expect(states(stage)).toEqual(EXPECTED);
        expect(stage.db.select().from(run).get()?.state).toBe("succeeded");
        const failed = stage.db
          .select()
          .from(attempt)
          .all()
          .filter((row) => row.state === "failed");
        expect(failed.length, "one try failed").toBe(1);
      },
    );
    expect(points).toBeGreaterThan(60);
  });

  it("is followed by one that ends what was canceled, and cleans up once", async () => {
    for (const cancelAtMs of [0, 3, 12, 40]) {
      await atEveryPoint(
        async (stage) => {
          const key = givenRun(stage.db, graph);
          if (cancelAtMs > 0) await stage.play(cancelAtMs);
          givenCancel(stage.db, key);
          await stage.play();
        },
        (stage) => {
          const { state, reason } = stage.db.select().from(run).get() ?? {};
          expect({ state, code: reason?.code }, reason?.message).toEqual({
            state: "canceled",
            code: "canceled-by-user",
          });
          const cleaned = stage.runner.requests.filter((request) => request.taskPath === "clean");
          expect(cleaned.length).toBe(cancelAtMs === 0 ? 0 : 1);
        },
      );
    }
  });
});

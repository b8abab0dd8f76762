import { describe, expect, it } from "vitest";
import { task } from "@/db/schema";
import { aChain, aFanOut, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

const runRow = (stage: Stage, key: number) =>
  stage.db.query.run.findFirst({ where: (run, { eq }) => eq(run.key, key) }).sync();
const tasks = (stage: Stage) => stage.db.select().from(task).all();

describe("a run", () => {
  it("goes from pending to succeeded with one container step", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 10 }) });
    const key = givenRun(stage.db, aGraph([aStep("train")]));
    await stage.play();
    expect(runRow(stage, key)).toMatchObject({ state: "succeeded", taskCounts: { succeeded: 1 }, isNoticed: true });
    expect(tasks(stage)).toMatchObject([{ path: "train", state: "succeeded", attempt: 1 }]);
  });

  it("runs a chain and a fan-out", async () => {
    const stage = await Stage.open();
    givenRun(stage.db, aChain(20));
    givenRun(stage.db, aFanOut(600));
    await stage.play();
    expect(new Set(tasks(stage).map((row) => row.state))).toEqual(new Set(["succeeded"]));
    expect(stage.runner.peak).toBe(2);
  });
});

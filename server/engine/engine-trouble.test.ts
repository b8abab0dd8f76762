import { describe, expect, it } from "vitest";
import { attempt, run, task } from "@/db/schema";
import { aChain, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { StartRefusal } from "./attempts/contract";
import { givenCancel, givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

const runs = (stage: Stage) => stage.db.select().from(run).all();
const tasks = (stage: Stage) => stage.db.select().from(task).all();
const attempts = (stage: Stage) => stage.db.select().from(attempt).all();
const states = (stage: Stage) => Object.fromEntries(tasks(stage).map((row) => [row.path, row.state]));

describe("a step that cannot start", () => {
  it("fails with the reason it was refused for", async () => {
    const reason = { code: "command-not-found" as const, message: "No command `tarin`.", subject: "tarin" };
    const stage = await Stage.open({ fate: () => ({ refuse: new StartRefusal(reason) }) });
    givenRun(stage.db, aGraph([aStep("a")]));
    await stage.play();
    expect(tasks(stage)).toMatchObject([{ state: "failed", reason }]);
    expect(attempts(stage)).toMatchObject([{ state: "failed", reason, startedAt: null }]);
  });

  it("for want of disk space waits, tried by one step at a time, and goes on when there is room", async () => {
    let isFull = true;
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const stage = await Stage.open({ fate: () => (isFull ? { refuse: full } : {}) });
    givenRun(stage.db, aGraph([aStep("a"), aStep("b")]));
    await stage.settle();
    expect(tasks(stage)).toMatchObject([
      { state: "queued", reason: { code: "waiting-for-disk" } },
      { state: "queued", reason: { code: "waiting-for-disk" } },
    ]);
    const tried = attempts(stage).length;
    stage.nowMs += 600;
    await stage.settle();
    expect(attempts(stage).length).toBe(tried + 1);
    isFull = false;
    stage.nowMs += 1_100;
    await stage.play();
    expect(runs(stage)[0]?.state).toBe("succeeded");
  });
});

describe("canceling", () => {
  it("ends a pending run at once", async () => {
    const stage = await Stage.open({ slots: 1, fate: () => ({ lastsMs: 10 }) });
    givenRun(stage.db, aGraph([aStep("a")]));
    const second = givenRun(stage.db, aGraph([aStep("b")]));
    await stage.settle();
    givenCancel(stage.db, second);
    await stage.settle();
    expect(runs(stage)[1]).toMatchObject({
      state: "canceled",
      reason: { code: "canceled-by-user", message: "Terminated by ada." },
      startedAt: null,
    });
    expect(states(stage).b).toBe("canceled");
  });

  it("stops what runs and ends when it has stopped", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 60_000, stopsInMs: 50 }) });
    const key = givenRun(stage.db, aChain(2));
    await stage.settle();
    givenCancel(stage.db, key);
    await stage.settle();
    expect(runs(stage)[0]?.state).toBe("canceling");
    expect(states(stage)).toEqual({ s0: "canceling", s1: "canceled" });
    expect(attempts(stage)[0]?.stoppedAt?.getTime()).toBe(stage.nowMs);
    givenCancel(stage.db, key);
    await stage.play();
    expect(runs(stage)[0]?.state).toBe("canceled");
    expect(states(stage)).toEqual({ s0: "canceled", s1: "canceled" });
    expect(attempts(stage)).toMatchObject([{ state: "canceled" }]);
    expect(stage.runner.stopped).toEqual([1]);
  });

  it("asked for while no engine runs is found by the next one, also if it had begun to stop", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 60_000, stopsInMs: 100 }) });
    const key = givenRun(stage.db, aGraph([aStep("a")]));
    await stage.settle();
    givenCancel(stage.db, key);
    await stage.restart();
    await stage.settle();
    expect(states(stage)).toEqual({ a: "canceling" });
    await stage.restart();
    await stage.play();
    expect(runs(stage)[0]?.state).toBe("canceled");
    expect(stage.runner.stopped).toEqual([1, 1]);
  });

  it("of a run that is over changes nothing", async () => {
    const stage = await Stage.open();
    const key = givenRun(stage.db, aGraph([aStep("a")]));
    await stage.play();
    givenCancel(stage.db, key);
    await stage.settle();
    expect(runs(stage)[0]).toMatchObject({ state: "succeeded", isNoticed: true });
  });
});

describe("taking over", () => {
  it("leaves steps running when it closes and hears of their end afterwards", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 50 }) });
    givenRun(stage.db, aGraph([aStep("a")]));
    await stage.settle();
    stage.engine.close();
    expect(stage.runner.alive.length).toBe(1);
    await stage.restart();
    await stage.play();
    expect(runs(stage)[0]?.state).toBe("succeeded");
    expect(attempts(stage).length).toBe(1);
  });

  it.each(["reboot", "lost"] as const)("fails a step whose process is gone: %s", async (because) => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 50 }) });
    givenRun(stage.db, aChain(2));
    await stage.settle();
    stage.runner.gone = because;
    await stage.restart();
    await stage.play();
    expect(attempts(stage)).toMatchObject([{ state: "lost", reason: { code: because } }]);
    expect(tasks(stage)).toMatchObject([{ state: "failed", reason: { code: because } }, { state: "omitted" }]);
    expect(runs(stage)[0]?.state).toBe("failed");
  });

  it("stops a process whose run is over and keeps its slot until it is gone", async () => {
    const stage = await Stage.open({ slots: 1, fate: () => ({ lastsMs: 5_000 }) });
    givenRun(stage.db, aGraph([aStep("a")]));
    await stage.settle();
    stage.db.update(run).set({ state: "failed" }).run();
    await stage.restart();
    expect(stage.runner.stopped).toEqual([1]);
    await stage.play();
    expect(attempts(stage)).toMatchObject([{ state: "canceled" }]);
    expect(stage.runner.alive).toEqual([]);
  });
});

describe("a damaged row", () => {
  it.each(["null", "{}", '{"format":"kfp","steps":[{"path":"x"}]}', "not JSON"])(
    "ends its run and no other: %s",
    async (graph) => {
      const stage = await Stage.open();
      const bad = givenRun(stage.db, aGraph([aStep("a")]));
      stage.db.$client.prepare("update version_spec set graph = ?").run(graph);
      givenRun(stage.db, aGraph([aStep("b")]));
      await stage.play();
      expect(runs(stage).find((row) => row.key === bad)).toMatchObject({
        state: "failed",
        reason: { code: "internal" },
      });
      expect(states(stage)).toEqual({ b: "succeeded" });
    },
  );

  it("found at the end of a step ends the run and stops what else it runs", async () => {
    const stage = await Stage.open({ fate: ({ taskPath }) => ({ lastsMs: taskPath === "a" ? 5 : 5_000 }) });
    givenRun(stage.db, aGraph([aStep("a"), aStep("b"), aStep("c", { dependsOn: ["a"] })]));
    await stage.settle();
    stage.db.$client.exec("update task set state = 'skipped' where path = 'c'");
    await stage.play();
    expect(runs(stage)[0]).toMatchObject({ state: "failed", reason: { code: "internal" } });
    expect(stage.runner.alive).toEqual([]);
    expect(attempts(stage).map((row) => row.state)).toEqual(["canceled", "canceled"]);
  });
});

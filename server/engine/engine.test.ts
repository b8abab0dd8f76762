import { describe, expect, it } from "vitest";
import { attempt, event, heartbeat, run, runNotice, task } from "@/db/schema";
import type { Step } from "@/pipelines/graph";
import { aChain, aFanOut, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { givenRun, givenVersion } from "./testing/given-run";
import { watchStates } from "./testing/invariants";
import { Stage } from "./testing/stage";

const runs = (stage: Stage) => stage.db.select().from(run).all();
const tasks = (stage: Stage) => stage.db.select().from(task).all();
const attempts = (stage: Stage) => stage.db.select().from(attempt).all();
const states = (stage: Stage) => Object.fromEntries(tasks(stage).map((row) => [row.path, row.state]));
const failing = (...paths: string[]) => ({
  fate: ({ taskPath }: { taskPath: string }) => ({ code: paths.includes(taskPath) ? 3 : 0, lastsMs: 10 }),
});

describe("a run", () => {
  it("goes from pending to succeeded with one container step", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 10 }) });
    givenRun(stage.db, aGraph([aStep("train")]));
    await stage.settle();
    expect(runs(stage)).toMatchObject([{ state: "running", taskCounts: { running: 1 }, isNoticed: true }]);
    expect(attempts(stage)).toMatchObject([{ state: "starting", handle: null }]);
    stage.nowMs += 5;
    await stage.settle();
    expect(attempts(stage)).toMatchObject([{ number: 1, state: "running", handle: { pid: 1 }, pid: 1 }]);
    await stage.play();
    expect(runs(stage)).toMatchObject([{ state: "succeeded", taskCounts: { succeeded: 1 }, reason: null }]);
    expect(tasks(stage)).toMatchObject([{ path: "train", state: "succeeded", attempt: 1, reason: null }]);
    expect(attempts(stage)).toMatchObject([{ state: "succeeded", exitCode: 0 }]);
    expect(runs(stage)[0]?.finishedAt?.getTime()).toBe(stage.nowMs);
  });

  it("records the start of a quick step together with its end", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 2 }) });
    watchStates(stage.db);
    givenRun(stage.db, aChain(3));
    await stage.play();
    const changes = stage.db.$client.prepare("select distinct was, becomes from state_change where entity = 'attempt'");
    expect(changes.all()).toEqual([{ was: "starting", becomes: "succeeded" }]);
    expect(attempts(stage)[0]).toMatchObject({ pid: 1, handle: { pid: 1 } });
  });

  it("of a pipeline without steps succeeds", async () => {
    const stage = await Stage.open();
    givenRun(stage.db, aGraph([]));
    await stage.settle();
    expect(runs(stage)).toMatchObject([{ state: "succeeded", taskCounts: {} }]);
  });

  it("fails with the words of the step that failed first; what depends on it is omitted and the rest goes on", async () => {
    const stage = await Stage.open(failing("b"));
    givenRun(
      stage.db,
      aGraph([aStep("a"), aStep("b"), aStep("c", { dependsOn: ["b"] }), aStep("d", { dependsOn: ["a"] })]),
    );
    await stage.play();
    expect(states(stage)).toEqual({ a: "succeeded", b: "failed", c: "omitted", d: "succeeded" });
    expect(runs(stage)).toMatchObject([
      {
        state: "failed",
        reason: { code: "step-failed", message: 'Step "b" failed: It ended with exit code 3.', subject: "b" },
        taskCounts: { succeeded: 2, failed: 1, omitted: 1 },
      },
    ]);
    expect(tasks(stage)[2]?.reason).toEqual({ code: "upstream-failed", message: 'Step "b" failed.', subject: "b" });
  });

  it("keeps remarks about outputs as notices", async () => {
    const stage = await Stage.open({ fate: () => ({ collected: { warnings: ["No file for output x."] } }) });
    givenRun(stage.db, aGraph([aStep("a")]));
    await stage.play();
    expect(stage.db.select().from(runNotice).all()).toMatchObject([{ message: "No file for output x.", step: "a" }]);
  });

  it("writes at most one event per commit, with the tasks that moved", async () => {
    const stage = await Stage.open({ slots: 1 });
    givenRun(stage.db, aChain(2));
    await stage.play();
    const data = stage.db.select().from(event).all();
    expect(data.map((row) => [row.kind, row.data])).toEqual([
      [
        "state",
        {
          state: "running",
          tasks: [
            { id: 1, state: "running" },
            { id: 2, state: "pending" },
          ],
        },
      ],
      [
        "tasks",
        {
          tasks: [
            { id: 1, state: "succeeded" },
            { id: 2, state: "running" },
          ],
        },
      ],
      ["state", { state: "succeeded", tasks: [{ id: 2, state: "succeeded" }] }],
    ]);
  });
});

describe("groups", () => {
  const nested: readonly Step[] = [
    aStep("g", { kind: "dag" }),
    aStep("g/a"),
    aStep("g/h", { kind: "dag", dependsOn: ["g/a"] }),
    aStep("g/h/b"),
    aStep("last", { dependsOn: ["g"] }),
  ];

  it("of Kubeflow run once reached and settle with their children", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 10 }) });
    givenRun(stage.db, aGraph(nested));
    await stage.settle();
    expect(states(stage)).toEqual({
      g: "running",
      "g/a": "running",
      "g/h": "pending",
      "g/h/b": "pending",
      last: "pending",
    });
    await stage.play();
    expect(new Set(Object.values(states(stage)))).toEqual(new Set(["succeeded"]));
    expect(runs(stage)[0]?.taskCounts).toEqual({ succeeded: 3 });
  });

  it("fail with the leaf inside that failed, and hold back what depends on them", async () => {
    const stage = await Stage.open(failing("g/h/b"));
    givenRun(stage.db, aGraph(nested));
    await stage.play();
    expect(states(stage)).toMatchObject({ g: "failed", "g/h": "failed", "g/h/b": "failed", last: "omitted" });
    expect(tasks(stage)[0]?.reason).toMatchObject({ code: "step-failed", subject: "g/h/b" });
    expect(runs(stage)[0]?.reason).toMatchObject({ subject: "g/h/b" });
  });

  it("of Elyra start with their first child, whatever lies around them", async () => {
    const stage = await Stage.open({ slots: 1, fate: () => ({ lastsMs: 10 }) });
    const steps = [
      aStep("x"),
      aStep("g", { kind: "dag" }),
      aStep("g/a", { dependsOn: ["x"] }),
      aStep("y", { dependsOn: ["g/a"] }),
    ];
    givenRun(stage.db, aGraph(steps, {}, "elyra"));
    await stage.settle();
    expect(states(stage)).toEqual({ x: "running", g: "pending", "g/a": "pending", y: "pending" });
    await stage.play(10);
    expect(states(stage)).toEqual({ x: "succeeded", g: "running", "g/a": "running", y: "pending" });
    await stage.play();
    expect(new Set(Object.values(states(stage)))).toEqual(new Set(["succeeded"]));
  });
});

describe("the queue", () => {
  it("never exceeds the slots and goes by priority, then by the longest wait", async () => {
    const stage = await Stage.open({ slots: 2, fate: () => ({ lastsMs: 10 }) });
    const version = givenVersion(stage.db, aGraph([aStep("a"), aStep("b")]));
    givenRun(stage.db, version);
    await stage.settle();
    givenRun(stage.db, version);
    givenRun(stage.db, version, { priority: 5 });
    await stage.settle();
    expect(tasks(stage)[2]).toMatchObject({ state: "queued", reason: { code: "waiting-for-slot" } });
    await stage.play();
    expect(stage.runner.requests.map((request) => request.run.key)).toEqual([1, 1, 3, 3, 2, 2]);
    expect(stage.runner.peak).toBe(2);
  });

  it("costs the same few statements for every step of a chain", async () => {
    const statements = async (length: number): Promise<number> => {
      const stage = await Stage.open();
      givenRun(stage.db, aChain(length));
      await stage.play();
      return stage.statements;
    };
    const perStep = ((await statements(60)) - (await statements(10))) / 50;
    expect(perStep).toBe(11);
  });

  it("costs as many statements per step in a wide fan-out as in a narrow one", async () => {
    const perStep = async (width: number): Promise<number> => {
      const stage = await Stage.open({ slots: 2 });
      givenRun(stage.db, aFanOut(width));
      await stage.play();
      expect(runs(stage)[0]?.state).toBe("succeeded");
      return stage.statements / (width + 2);
    };
    const narrow = await perStep(100);
    const wide = await perStep(1_500);
    expect(wide).toBeLessThanOrEqual(narrow * 1.05);
    expect(wide).toBeLessThan(14);
  });
});

describe("upkeep", () => {
  it("beats every two seconds and sweeps old events in small parts", async () => {
    const stage = await Stage.open();
    stage.engine.turn();
    stage.nowMs += 2_000;
    stage.engine.turn();
    expect(stage.db.select().from(heartbeat).all()).toMatchObject([
      { name: "engine", slots: 2, at: new Date(stage.nowMs) },
    ]);
    stage.nowMs += 8 * 24 * 3_600_000;
    const insert = stage.db.$client.prepare(
      "insert into event (at, topic, kind, data) values (?, 'run', 'tasks', '{}')",
    );
    for (let at = 0; at < 600; at += 1) insert.run(at);
    insert.run(stage.nowMs);
    expect(stage.engine.sweepEvents()).toBe(true);
    expect(stage.engine.sweepEvents()).toBe(false);
    expect(stage.db.select().from(event).all().length).toBe(1);
  });
});

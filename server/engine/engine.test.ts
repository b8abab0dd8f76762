import { describe, expect, it } from "vitest";
import { attempt, event, heartbeat, run, runNotice, task } from "@/db/schema";
import type { PipelineGraph, Step } from "@/pipelines/graph";
import { aChain, aFanOut, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { StartRefusal } from "./attempts/contract";
import { givenCancel, givenRun, givenVersion } from "./testing/given-run";
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
    expect(attempts(stage)).toMatchObject([{ number: 1, state: "running", handle: { pid: 1 }, pid: 1 }]);
    await stage.play();
    expect(runs(stage)).toMatchObject([{ state: "succeeded", taskCounts: { succeeded: 1 }, reason: null }]);
    expect(tasks(stage)).toMatchObject([{ path: "train", state: "succeeded", attempt: 1, reason: null }]);
    expect(attempts(stage)).toMatchObject([{ state: "succeeded", exitCode: 0 }]);
    expect(runs(stage)[0]?.finishedAt?.getTime()).toBe(stage.nowMs);
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

describe("values", () => {
  const iface = (parameters: string[], outputs: string[], artifacts: string[] = []): Step["interface"] => ({
    parameters: parameters.map((name) => ({ name, type: "string", required: true })),
    artifacts: artifacts.map((name) => ({ name, type: "system.Dataset" })),
    outputParameters: outputs.map((name) => ({ name, type: "string" })),
    outputArtifacts: [],
  });
  const graph: PipelineGraph = aGraph(
    [
      aStep("make", { interface: iface([], ["rows"]) }),
      aStep("g", {
        kind: "dag",
        dependsOn: ["make"],
        interface: iface(["n"], ["best"], ["data"]),
        parameters: [{ name: "n", source: { from: "task", step: "make", output: "rows" } }],
        artifacts: [{ name: "data", source: { from: "task", step: "make", output: "table" } }],
        body: {
          body: "group",
          outputParameters: [{ name: "best", sources: [{ step: "g/train", output: "score" }] }],
          outputArtifacts: [{ name: "model", sources: [{ step: "g/train", output: "model" }] }],
        },
      }),
      aStep("g/train", {
        interface: iface(["n", "who"], ["score"], ["in"]),
        parameters: [
          { name: "n", source: { from: "parent", input: "n" } },
          { name: "who", source: { from: "constant", value: 7 } },
        ],
        artifacts: [{ name: "in", source: { from: "parent", input: "data" } }],
      }),
    ],
    {
      outputs: {
        parameters: [{ name: "score", sources: [{ step: "g", output: "best" }] }],
        artifacts: [{ name: "result", sources: [{ step: "g", output: "model" }] }],
      },
    },
  );
  const artifact = (output: string) => ({
    output,
    position: 0,
    name: output,
    type: "system.Dataset",
    path: `/data/runs/1/1/1/out/${output}`,
    uri: `/data/runs/1/1/1/out/${output}`,
    size: 3,
    digest: "d",
    isDirectory: false,
    metadata: { rows: 3 },
  });

  it("pass from step to step, into groups, out of them and out of the run", async () => {
    const stage = await Stage.open({
      fate: ({ taskPath }) => ({
        collected:
          taskPath === "make"
            ? { parameters: { rows: 12 }, artifacts: [artifact("table")] }
            : {
                parameters: { score: "0.9" },
                artifacts: [artifact("model")],
                metrics: [{ name: "auc", value: 0.9, format: "raw" }],
              },
      }),
    });
    givenRun(stage.db, graph);
    await stage.play();
    expect(states(stage)).toEqual({ make: "succeeded", g: "succeeded", "g/train": "succeeded" });
    const request = stage.runner.requests.at(-1);
    expect(request?.inputs).toEqual({
      parameters: { n: "12", who: "7" },
      artifacts: {
        in: [
          {
            key: 1,
            name: "table",
            type: "system.Dataset",
            uri: "/data/runs/1/1/1/out/table",
            path: "/data/runs/1/1/1/out/table",
            metadata: { rows: 3 },
          },
        ],
      },
    });
    const all = (sql: string) => stage.db.$client.prepare(sql).all();
    expect(all("select path from artifact order by key")).toEqual([
      { path: "runs/1/1/1/out/table" },
      { path: "runs/1/1/1/out/model" },
    ]);
    expect(all("select name, value from run_output")).toEqual([{ name: "score", value: '"0.9"' }]);
    expect(all("select name, artifact_key as key from run_artifact")).toEqual([{ name: "result", key: 2 }]);
    expect(all("select name, value, task_key as task from metric")).toEqual([{ name: "auc", value: 0.9, task: 3 }]);
  });

  it("that are missing fail the step with the input and its source named", async () => {
    const stage = await Stage.open();
    givenRun(stage.db, graph);
    await stage.play();
    expect(states(stage)).toEqual({ make: "succeeded", g: "failed", "g/train": "omitted" });
    expect(tasks(stage)[1]?.reason).toMatchObject({ code: "missing-input", subject: "g.n" });
    expect(runs(stage)[0]).toMatchObject({ state: "failed", reason: { code: "step-failed", subject: "g" } });
  });

  it("of the run reach its steps", async () => {
    const stage = await Stage.open();
    const step = aStep("a", {
      interface: iface(["who"], []),
      parameters: [{ name: "who", source: { from: "parent", input: "name" } }],
    });
    givenRun(stage.db, aGraph([step]), { parameters: { name: "ada" } });
    await stage.play();
    expect(stage.runner.requests[0]?.inputs.parameters).toEqual({ who: "ada" });
    expect(stage.runner.requests[0]?.run.parameters).toEqual({ name: "ada" });
  });
});

describe("the queue", () => {
  it("never exceeds the slots and goes by priority, then by age", async () => {
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

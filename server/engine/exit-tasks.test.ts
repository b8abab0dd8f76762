/** Exit tasks and runs that end early, played by the engine on rows with a fake clock and runner. */
import { describe, expect, it } from "vitest";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { parameter, played, reasonOf, runs, states, takes } from "./testing/constructs";
import { givenCancel, givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

describe("an exit task", () => {
  const graph = aGraph([
    aStep("handler", { kind: "exit-handler", body: { body: "group", outputParameters: [], outputArtifacts: [] } }),
    aStep("handler/work"),
    aStep("handler/more", { dependsOn: ["handler/work"] }),
    aStep("clean", {
      dependsOn: ["handler"],
      trigger: "completed",
      interface: takes(parameter("status", "struct")),
      parameters: [{ name: "status", source: { from: "final-status", step: "handler" } }],
    }),
  ]);

  it("runs after success and after failure, and is told how it ended", async () => {
    const ended = async (code: number) => {
      const stage = await played(graph, ({ taskPath }) => ({ code: taskPath === "handler/work" ? code : 0 }));
      expect(states(stage).clean).toBe("succeeded");
      expect(runs(stage)[0]?.state).toBe(code === 0 ? "succeeded" : "failed");
      return stage.runner.requests.at(-1)?.inputs.parameters.status;
    };
    expect(await ended(0)).toMatchObject({ state: "COMPLETE", pipelineTaskName: "handler" });
    expect(await ended(2)).toMatchObject({
      state: "FAILED",
      error: { message: expect.stringContaining("exit code 2") },
    });
  });

  it("runs when the run is terminated, with the state CANCELED, and nothing else does", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 100, stopsInMs: 5 }) });
    const key = givenRun(stage.db, graph);
    await stage.settle();
    givenCancel(stage.db, key);
    await stage.play();
    expect(states(stage)).toEqual({
      handler: "canceled",
      "handler/work": "canceled",
      "handler/more": "canceled",
      clean: "succeeded",
    });
    expect(stage.runner.requests.at(-1)?.inputs.parameters.status).toMatchObject({ state: "CANCELED" });
    expect(runs(stage)[0]?.state).toBe("canceled");
  });

  it("does not run when nothing it waits for has begun, or on a hard stop", async () => {
    const pending = await Stage.open();
    givenCancel(pending.db, givenRun(pending.db, graph));
    await pending.play();
    expect(pending.runner.begun).toEqual([]);
    const stage = await Stage.open({ fate: () => ({ lastsMs: 100, stopsInMs: 5 }) });
    const key = givenRun(stage.db, graph);
    await stage.settle();
    stage.db.$client.exec("update run set is_cancel_hard = 1");
    givenCancel(stage.db, key);
    await stage.play();
    expect(states(stage).clean).toBe("canceled");
  });

  it("is ended after a minute in a run that was terminated", async () => {
    const stage = await Stage.open({ fate: () => ({ lastsMs: 10_000_000, stopsInMs: 5 }) });
    const key = givenRun(stage.db, graph);
    await stage.settle();
    givenCancel(stage.db, key);
    await stage.play(10_000_000);
    expect(reasonOf(stage, "clean")).toMatchObject({ code: "timeout", subject: 60_000 });
    expect(runs(stage)[0]?.state).toBe("canceled");
  });
});

it("a run that stops on the first failure starts nothing more and ends what runs", async () => {
  const stage = await Stage.open({
    fate: ({ taskPath }) => ({ code: taskPath === "a" ? 1 : 0, lastsMs: taskPath === "a" ? 5 : 500 }),
  });
  givenRun(stage.db, aGraph([aStep("a"), aStep("b"), aStep("c", { dependsOn: ["b"] })]));
  stage.db.$client.exec("update run set stops_on_failure = 1");
  await stage.play();
  expect(states(stage)).toEqual({ a: "failed", b: "canceled", c: "canceled" });
  expect(runs(stage)[0]).toMatchObject({ state: "failed", reason: { code: "step-failed", subject: "a" } });
});

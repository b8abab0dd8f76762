import { describe, expect, it } from "vitest";
import { run, task } from "@/db/schema";
import type { PipelineGraph, Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { givenRun } from "./testing/given-run";
import { Stage } from "./testing/stage";

const runs = (stage: Stage) => stage.db.select().from(run).all();
const tasks = (stage: Stage) => stage.db.select().from(task).all();
const states = (stage: Stage) => Object.fromEntries(tasks(stage).map((row) => [row.path, row.state]));

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
            size: 3,
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

  it("include what every attempt took, failed ones too", async () => {
    const usage = { cpuMs: 40, peakBytes: 1_000_000, bytesIn: 0, bytesOut: 3 };
    const stage = await Stage.open({ fate: ({ taskPath }) => ({ code: taskPath === "a" ? 0 : 1, usage }) });
    givenRun(stage.db, aGraph([aStep("a"), aStep("b")]));
    await stage.play();
    const took = "cpu_ms as cpuMs, peak_bytes as peakBytes, bytes_in as bytesIn, bytes_out as bytesOut";
    expect(stage.db.$client.prepare(`select ${took} from attempt`).all()).toEqual([usage, usage]);
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

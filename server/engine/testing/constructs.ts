/** What tests of loops, conditions, exit tasks and tries share: small steps, and what became of a run's rows. */
import { expect } from "vitest";
import { run, task, taskValue } from "@/db/schema";
import type { JsonValue, LoopSpec, ParameterSpec, PipelineGraph, Step } from "@/pipelines/graph";
import { aStep } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest } from "../attempts/contract";
import type { Fate } from "./fake-runner";
import { givenRun } from "./given-run";
import { illegalChanges, watchStates } from "./invariants";
import { Stage } from "./stage";

export const runs = (stage: Stage) => stage.db.select().from(run).all();
export const tasks = (stage: Stage) => stage.db.select().from(task).all();
export const states = (stage: Stage) => Object.fromEntries(tasks(stage).map((row) => [row.path, row.state]));
export const reasonOf = (stage: Stage, path: string) => tasks(stage).find((row) => row.path === path)?.reason;
export const outputs = (stage: Stage, path: string) => {
  const key = tasks(stage).find((row) => row.path === path)?.key;
  const rows = stage.db.select().from(taskValue).all();
  return Object.fromEntries(
    rows.filter((row) => row.taskKey === key && row.direction === "output").map((row) => [row.name, row.value]),
  );
};

export const parameter = (name: string, type: ParameterSpec["type"] = "string", rest: Partial<ParameterSpec> = {}) => ({
  name,
  type,
  required: true,
  ...rest,
});
export const takes = (...parameters: ParameterSpec[]) => ({
  parameters,
  artifacts: [],
  outputParameters: [],
  outputArtifacts: [],
});
export const gives = (...names: string[]) => ({
  parameters: [],
  artifacts: [],
  outputParameters: names.map((name) => ({ name, type: "string" as const })),
  outputArtifacts: [],
});
export const loopOver = (raw: readonly JsonValue[], rest: Partial<LoopSpec> = {}): LoopSpec => ({
  over: "parameter",
  items: { raw },
  itemInput: "item",
  parallelism: 0,
  ...rest,
});

/** A loop over `items` with one step that echoes its item, whose outputs the loop collects. */
export function aLoop(path: string, items: readonly JsonValue[], rest: Partial<Step> = {}): Step[] {
  return [
    aStep(path, {
      kind: "loop",
      loop: loopOver(items),
      interface: {
        parameters: [parameter("item")],
        artifacts: [],
        outputParameters: [{ name: "all", type: "list" }],
        outputArtifacts: [],
      },
      body: {
        body: "group",
        outputParameters: [{ name: "all", sources: [{ step: `${path}/echo`, output: "said" }] }],
        outputArtifacts: [],
      },
      ...rest,
    }),
    aStep(`${path}/echo`, {
      interface: { ...takes(parameter("word")), outputParameters: [{ name: "said", type: "string" }] },
      parameters: [{ name: "word", source: { from: "parent", input: "item" } }],
    }),
  ];
}

export const echo = ({ inputs }: AttemptRequest): Fate => ({
  lastsMs: 5,
  collected: { parameters: { said: inputs.parameters.word ?? null } },
});

/** The graph run to its end, every state watched. */
export async function played(graph: PipelineGraph, fate: (request: AttemptRequest) => Fate = echo, slots = 2) {
  const stage = await Stage.open({ fate, slots });
  watchStates(stage.db);
  givenRun(stage.db, graph);
  await stage.play();
  expect(illegalChanges(stage.db)).toEqual([]);
  return stage;
}

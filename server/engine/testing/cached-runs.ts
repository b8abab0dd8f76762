/** Pipelines whose steps are cached, played on a stage with a real data directory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { task, taskCache } from "@/db/schema";
import type { JsonValue, PipelineGraph } from "@/pipelines/graph";
import { digestOf } from "@/server/domain/cache/cache-key";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest } from "../attempts/contract";
import type { Fate } from "./fake-runner";
import { givenRun, givenVersion } from "./given-run";
import { Stage, type StageOptions } from "./stage";

/** Data directories made so far; the newest is where steps leave their artifacts. */
export const homes: string[] = [];

/** Removes the data directories of a test. */
export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
}

function aHome(): string {
  const home = mkdtempSync(join(tmpdir(), "penstock-reuse-"));
  homes.push(home);
  return home;
}

export const open = (options: StageOptions = {}) => Stage.open({ home: aHome(), ...options });
export const statesOf = (stage: Stage, runKey: number) =>
  Object.fromEntries(
    stage.db
      .select()
      .from(task)
      .where(eq(task.runKey, runKey))
      .all()
      .map((row) => [row.path, row.state]),
  );
export const taskOf = (stage: Stage, runKey: number, path: string) => {
  const found = stage.db
    .select()
    .from(task)
    .where(eq(task.runKey, runKey))
    .all()
    .find((row) => row.path === path);
  if (found === undefined) throw new Error(`no task ${path}`);
  return found;
};
export const cacheOf = (stage: Stage, runKey: number, path: string) =>
  stage.db
    .select()
    .from(taskCache)
    .where(eq(taskCache.taskKey, taskOf(stage, runKey, path).key))
    .get();

/** `train` makes a model out of `lr`; `test` scores the model. */
export const trainAndTest: PipelineGraph = aGraph([
  aStep("train", {
    cache: { enabled: true },
    interface: {
      parameters: [{ name: "lr", type: "number", required: true }],
      artifacts: [],
      outputParameters: [{ name: "loss", type: "number" }],
      outputArtifacts: [{ name: "model", type: "system.Model" }],
    },
    parameters: [{ name: "lr", source: { from: "parent", input: "lr" } }],
  }),
  aStep("test", {
    cache: { enabled: true },
    dependsOn: ["train"],
    interface: {
      parameters: [],
      artifacts: [{ name: "model", type: "system.Model" }],
      outputParameters: [],
      outputArtifacts: [],
    },
    artifacts: [{ name: "model", source: { from: "task", step: "train", output: "model" } }],
  }),
]);

/** What `train` leaves: a model whose bytes are `bytes`, real in the data directory. */
export function trained({ taskKey }: AttemptRequest, bytes: string): Fate {
  const home = homes.at(-1) ?? "";
  const folder = join(home, "runs", String(taskKey));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "model");
  writeFileSync(path, bytes);
  return {
    lastsMs: 5,
    collected: {
      parameters: { loss: 0.5 },
      artifacts: [
        {
          output: "model",
          position: 0,
          name: "model",
          type: "system.Model",
          path,
          uri: path,
          size: bytes.length,
          digest: digestOf(bytes),
          isDirectory: false,
          metadata: {},
        },
      ],
      metrics: [{ name: "loss", value: 0.5, format: "raw" }],
    },
  };
}

export const trains = (request: AttemptRequest): Fate =>
  request.step.path === "train" ? trained(request, "weights") : { lastsMs: 5 };

export const withLr = (stage: Stage, version: number, lr: JsonValue) =>
  givenRun(stage.db, version, { parameters: { lr } });

export async function ranOnce(fate: (request: AttemptRequest) => Fate = trains) {
  const stage = await open({ fate });
  const version = givenVersion(stage.db, trainAndTest);
  const first = withLr(stage, version, 0.1);
  await stage.play();
  return { stage, version, first };
}

import { rmSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { artifact, blob, metric, run, taskArtifact, taskCache, taskValue, versionFile } from "@/db/schema";
import type { FileBody } from "@/pipelines/graph";
import { digestOf } from "@/server/domain/cache/cache-key";
import { aFileBody, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import type { FileMode } from "@/server/domain/views/runs";
import type { AttemptRequest } from "./attempts/contract";
import {
  cacheOf,
  homes,
  open,
  ranOnce,
  removeHomes,
  statesOf,
  taskOf,
  trained,
  trains,
  withLr,
} from "./testing/cached-runs";
import { givenRun, givenVersion } from "./testing/given-run";
import type { Stage } from "./testing/stage";

afterEach(removeHomes);

describe("a step that has run before with the same inputs", () => {
  it("is cached: it refers to what the earlier one left and names its run", async () => {
    const { stage, version, first } = await ranOnce();
    const begun = stage.runner.begun.length;
    const second = withLr(stage, version, 0.1);
    await stage.play();
    expect(stage.runner.begun.length).toBe(begun);
    expect(statesOf(stage, second)).toEqual({ train: "cached", test: "cached" });
    expect(stage.db.select().from(run).where(eq(run.key, second)).get()).toMatchObject({
      state: "succeeded",
      taskCounts: { cached: 2 },
    });
    const source = taskOf(stage, first, "train");
    const hit = taskOf(stage, second, "train");
    expect(hit).toMatchObject({
      sourceTaskKey: source.key,
      reason: { code: "cache-hit", subject: { task: source.key } },
    });
    const values = stage.db.select().from(taskValue).where(eq(taskValue.taskKey, hit.key)).all();
    expect(values).toContainEqual({ taskKey: hit.key, direction: "output", name: "loss", value: 0.5 });
    expect(stage.db.select().from(artifact).all()).toHaveLength(1);
    expect(stage.db.select().from(taskArtifact).where(eq(taskArtifact.taskKey, hit.key)).all()).toHaveLength(1);
    expect(stage.db.select().from(metric).where(eq(metric.runKey, second)).all()).toMatchObject([
      { name: "loss", value: 0.5, taskKey: hit.key },
    ]);
    expect(cacheOf(stage, second, "train")).toMatchObject({ outcome: "hit", isUsable: false });
  });

  it("runs when an input changed, and says which; what follows goes by the bytes", async () => {
    const { stage, version } = await ranOnce();
    const second = withLr(stage, version, 0.2);
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ train: "succeeded", test: "cached" });
    expect(cacheOf(stage, second, "train")).toMatchObject({ outcome: "miss", changed: ["input lr"], isUsable: true });
  });

  it("runs in a run that ignores the cache, and is reused by later ones", async () => {
    const { stage, version, first } = await ranOnce();
    const second = withLr(stage, version, 0.1);
    stage.db.update(run).set({ cache: "ignore" }).where(eq(run.key, second)).run();
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ train: "succeeded", test: "succeeded" });
    expect(cacheOf(stage, second, "train")).toMatchObject({ outcome: "off", isUsable: true });
    const third = withLr(stage, version, 0.1);
    await stage.play();
    expect(taskOf(stage, third, "train").sourceTaskKey).toBe(taskOf(stage, second, "train").key);
    expect(taskOf(stage, third, "train").sourceTaskKey).not.toBe(taskOf(stage, first, "train").key);
  });

  it("runs without a trace where the run or the pipeline switches it off", async () => {
    const { stage, version } = await ranOnce();
    const second = withLr(stage, version, 0.1);
    stage.db
      .update(run)
      .set({ cacheOff: ["train"] })
      .where(eq(run.key, second))
      .run();
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ train: "succeeded", test: "cached" });
    expect(cacheOf(stage, second, "train")).toBeUndefined();
  });

  it("runs again after a failure, whose result is never used", async () => {
    let code = 1;
    const { stage, version, first } = await ranOnce((request) => ({ ...trains(request), code }));
    expect(cacheOf(stage, first, "train")).toMatchObject({ isUsable: false });
    code = 0;
    const second = withLr(stage, version, 0.1);
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ train: "succeeded", test: "succeeded" });
    expect(cacheOf(stage, second, "train")).toMatchObject({ outcome: "miss", changed: [] });
  });

  it("runs when the artifact is gone or another, and never offers that result again", async () => {
    const { stage, version, first } = await ranOnce();
    const path = stage.db.select().from(artifact).get()?.path ?? "";
    rmSync(join(homes[0] ?? "", path));
    const second = withLr(stage, version, 0.1);
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ train: "succeeded", test: "cached" });
    expect(cacheOf(stage, second, "train")).toMatchObject({ outcome: "miss", changed: ["gone model"] });
    expect(cacheOf(stage, first, "train")).toMatchObject({ isUsable: false });
  });

  it("takes nothing from a run that was deleted, nor what was forgotten", async () => {
    const { stage, version, first } = await ranOnce();
    stage.db
      .update(run)
      .set({ deletedAt: new Date(1) })
      .where(eq(run.key, first))
      .run();
    const second = withLr(stage, version, 0.1);
    await stage.play();
    expect(statesOf(stage, second).train).toBe("succeeded");
    stage.db
      .update(taskCache)
      .set({ forgottenAt: new Date(1) })
      .run();
    const third = withLr(stage, version, 0.1);
    await stage.play();
    expect(statesOf(stage, third)).toEqual({ train: "succeeded", test: "succeeded" });
  });

  it("runs where the run begins with it, and what follows goes by the bytes", async () => {
    const { stage, version, first } = await ranOnce();
    const second = withLr(stage, version, 0.1);
    const { id } = stage.db.select().from(run).where(eq(run.key, first)).get() ?? { id: "" };
    const extent = { kind: "from" as const, step: "train", runId: id };
    stage.db.update(run).set({ extent }).where(eq(run.key, second)).run();
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ train: "succeeded", test: "cached" });
    expect(cacheOf(stage, second, "train")).toMatchObject({ outcome: "off", isUsable: true });
  });

  it("costs nothing while caching is off", async () => {
    const count = async (enabled: boolean) => {
      const stage = await open();
      const before = stage.statements;
      givenRun(stage.db, aGraph([aStep("a", { cache: { enabled } })]));
      await stage.play();
      return stage.statements - before;
    };
    const [off, on] = [await count(false), await count(true)];
    expect(on - off).toBeLessThanOrEqual(4);
    const stage = await open();
    givenRun(stage.db, aGraph([aStep("a")]));
    await stage.play();
    expect(stage.db.select().from(taskCache).all()).toEqual([]);
  });
});

describe("a file step", () => {
  const file = (path: string, rest: Partial<FileBody> = {}) =>
    aStep(path, { kind: "notebook", body: aFileBody({ runner: "notebook", file: `${path}.ipynb`, ...rest }) });
  const graph = aGraph(
    [file("prep", { outputs: ["*.csv"], parameterEnv: ["rows"] }), { ...file("use"), dependsOn: ["prep"] }],
    {},
    "elyra",
  );
  /** Leaves a table, and a notebook that is another one each time. */
  const leaves = (bytes: () => string) => (request: AttemptRequest) => {
    const { collected } = trained(request, bytes());
    const [one] = collected?.artifacts ?? [];
    if (one === undefined || request.step.path !== "prep") return {};
    const table = { ...one, output: "*.csv", name: "data.csv", type: "system.Artifact" };
    const notebook = { ...table, output: "executed notebook", name: "prep.ipynb", digest: digestOf(request.taskKey) };
    return { collected: { artifacts: [table, notebook] } };
  };

  function givenFiles(stage: Stage, version: number, files: { readonly [path: string]: string }): number {
    for (const [path, content] of Object.entries(files)) {
      const digest = digestOf(content);
      stage.db
        .insert(blob)
        .values({ digest, size: 1, createdAt: new Date(0) })
        .onConflictDoNothing()
        .run();
      stage.db.insert(versionFile).values({ versionKey: version, path, digest, size: 1 }).run();
    }
    return version;
  }

  function givenFileRun(stage: Stage, version: number, fileMode: FileMode, rows = 3): number {
    const key = givenRun(stage.db, version, { parameters: { rows } });
    stage.db.update(run).set({ fileMode }).where(eq(run.key, key)).run();
    return key;
  }
  const files = { "prep.ipynb": "1", "use.ipynb": "2", "other.py": "3" };

  it("is never cached while all steps share one directory", async () => {
    const stage = await open({ fate: leaves(() => "1,2,3") });
    const version = givenFiles(stage, givenVersion(stage.db, graph), files);
    givenFileRun(stage, version, "shared");
    await stage.play();
    const second = givenFileRun(stage, version, "shared");
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ prep: "succeeded", use: "succeeded" });
  });

  it("goes by its files, its parameters and what was declared before, in the isolated mode", async () => {
    let table = "1,2,3";
    const stage = await open({ fate: leaves(() => table) });
    const version = givenFiles(stage, givenVersion(stage.db, graph), files);
    givenFileRun(stage, version, "isolated");
    await stage.play();
    const second = givenFileRun(stage, version, "isolated");
    await stage.play();
    expect(statesOf(stage, second)).toEqual({ prep: "cached", use: "cached" });

    const edited = givenFiles(stage, givenVersion(stage.db, graph), { ...files, "use.ipynb": "4", "other.py": "5" });
    const third = givenFileRun(stage, edited, "isolated");
    await stage.play();
    expect(statesOf(stage, third)).toEqual({ prep: "cached", use: "succeeded" });
    expect(cacheOf(stage, third, "use")?.changed).toEqual(["file use.ipynb"]);

    table = "4,5,6";
    const fourth = givenFileRun(stage, edited, "isolated", 4);
    await stage.play();
    expect(cacheOf(stage, fourth, "prep")?.changed).toEqual(["input rows"]);
    expect(cacheOf(stage, fourth, "use")?.changed).toEqual(["upstream data.csv"]);
  });
});

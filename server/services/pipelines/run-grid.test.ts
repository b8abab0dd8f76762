/** The grid of a pipeline: runs by steps, loops folded into the iteration that matters, and one metric over the runs. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TaskState } from "@/server/domain/states";
import { archiveRun } from "../runs/flag-runs";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { getMetricTrend, getRunGrid } from "./get-run-grid";

let services: TestServices;
let pipelineId: string;
let versionId: string;

beforeEach(async () => {
  services = testServices();
  const made = await storeUpload(services.context, { files: [services.receive("p.json", kfpSpec("grid"))] });
  pipelineId = made.pipeline.id;
  versionId = made.version.id;
});
afterEach(() => services.close());

interface Row {
  readonly path: string;
  readonly state: TaskState;
  readonly kind?: string;
}

async function runWith(name: string, rows: readonly Row[]): Promise<string> {
  services.advance(1000);
  const { id } = await startRun(services.context, { versionId, name, parameters: {} });
  const sql = services.context.db.$client;
  const add = sql.prepare(
    `insert into task (run_key, path, step_path, name, kind, state, created_at, started_at, finished_at)
     values ((select key from run where id = ?), ?, ?, ?, ?, ?, 0, 0, 5)`,
  );
  sql.transaction(() => {
    for (const { path, state, kind = "container" } of rows) {
      const step = path.replace(/\/\[\d+\]/g, "");
      add.run(id, path, step, step.split("/").at(-1), kind, state);
    }
  })();
  return id;
}

const metric = (runId: string, name: string, value: number, index: number | null = null) =>
  services.context.db.$client
    .prepare(
      `insert into metric (run_key, name, value, "index", format, at) values ((select key from run where id = ?), ?, ?, ?, 'raw', 0)`,
    )
    .run(runId, name, value, index);

const grid = (within = "", limit = 50) => getRunGrid(services.context, { id: pipelineId, within, limit });

test("shows the last runs, the oldest first, with the steps of the newest before those that only others have", async () => {
  await runWith("one", [
    { path: "old", state: "failed" },
    { path: "load", state: "succeeded" },
  ]);
  await runWith("two", [
    { path: "load", state: "cached" },
    { path: "fit", state: "running" },
  ]);
  const { runs, steps } = grid();
  expect(runs.map(({ name, version }) => [name, version])).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
  expect(steps.map(({ path }) => path)).toEqual(["load", "fit", "old"]);
  expect(runs[0]?.cells.old).toMatchObject({ state: "failed", count: 1 });
  expect(runs[1]?.cells.old).toBeUndefined();
  expect(runs[1]?.cells.load?.state).toBe("cached");
  expect(grid("", 1).runs.map(({ name }) => name)).toEqual(["two"]);
});

test("shows one level at a time, and of a loop's iterations the one that failed", async () => {
  const id = await runWith("loops", [
    { path: "each", state: "failed", kind: "loop" },
    { path: "each/[0]/fit", state: "succeeded" },
    { path: "each/[1]/fit", state: "failed" },
    { path: "each/[2]/fit", state: "succeeded" },
    { path: "each/[2]/deep/inner", state: "succeeded" },
  ]);
  expect(grid().steps).toEqual([{ path: "each", name: "each", kind: "loop" }]);
  const { steps, runs } = grid("each");
  expect(steps.map(({ path }) => path)).toEqual(["each/fit"]);
  const failed = services.context.db.$client.prepare("select key from task where path = 'each/[1]/fit'").pluck().get();
  expect(runs).toMatchObject([{ id, cells: { "each/fit": { state: "failed", count: 3, task: failed } } }]);
  expect(grid("each%").steps).toEqual([]);
});

test("leaves archived runs out and has no cell for a run without tasks", async () => {
  const id = await runWith("kept away", [{ path: "load", state: "succeeded" }]);
  await archiveRun(services.context, id);
  await runWith("empty", []);
  expect(grid()).toMatchObject({ runs: [{ name: "empty", cells: {} }], steps: [], metrics: [] });
});

test("follows a metric over the runs by its last value, and leaves out runs that have none", async () => {
  const [one, , three] = [await runWith("one", []), await runWith("two", []), await runWith("three", [])];
  metric(one, "accuracy", 0.5, 0);
  metric(one, "accuracy", 0.7, 1);
  metric(three, "accuracy", 0.9);
  metric(three, "loss", 1);
  const { points } = getMetricTrend(services.context, { id: pipelineId, metric: "accuracy", limit: 50 });
  expect(points.map(({ run, value }) => [run.name, value])).toEqual([
    ["one", 0.7],
    ["three", 0.9],
  ]);
  expect(grid().metrics).toEqual(["accuracy", "loss"]);
});

test("a level of very many steps shows fewer runs", async () => {
  const rows = Array.from({ length: 3000 }, (_, n): Row => ({ path: `s${n}`, state: "succeeded" }));
  for (let n = 0; n < 8; n++) await runWith(`r${n}`, rows);
  const { runs, steps } = grid();
  expect(steps).toHaveLength(3000);
  expect(runs.map(({ name }) => name)).toEqual(["r2", "r3", "r4", "r5", "r6", "r7"]);
});

test("a pipeline that is not there is not found", () => {
  expect(() => getRunGrid(services.context, { id: "nope", within: "", limit: 5 })).toThrow(/not found/);
});

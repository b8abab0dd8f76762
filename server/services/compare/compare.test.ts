import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { transactNow } from "@/db/client";
import { chainShapes, graphOf } from "@/db/seed/graphs";
import { randomFrom } from "@/db/seed/rng";
import { addTask, addVersion, experimentKey, runWriter } from "@/db/seed/rows";
import { CompareRunsInput } from "@/server/domain/inputs/compare";
import { deleteRun } from "../runs/flag-runs";
import { type TestServices, testServices } from "../testing";
import { compareArtifacts, compareSeries, compareVersions } from "./compare-details";
import { compareRuns } from "./compare-runs";
import { setBaseline, setMetricGoal } from "./set-goal";

const NOW = Date.parse("2026-11-21T10:00:00.000Z");

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const random = randomFrom(7);
const seeding = () => ({ db: services.context.db, random, nowMs: NOW });

/** Runs of one pipeline that differ in `lr` and in whatever `also` writes. */
function seedRuns(
  count: number,
  also: (runKey: number, index: number, writer: ReturnType<typeof runWriter>) => void = () => undefined,
): readonly string[] {
  const context = seeding();
  const version = addVersion(context, graphOf("compared", chainShapes(3)));
  const writer = runWriter(context);
  transactNow(services.context.db, () => {
    for (let i = 0; i < count; i++) {
      const key = writer.add({
        version,
        experimentKey: experimentKey(context, "compare"),
        name: `compared-${i}`,
        state: "succeeded",
        createdAtMs: NOW - 60_000,
        startedAtMs: NOW - 50_000,
        finishedAtMs: NOW - 1_000,
        taskCounts: { succeeded: 3 },
        parameters: { lr: 0.1 * (i + 1), layers: [64, 32] },
      });
      also(key, i, writer);
    }
  });
  return services.context.db.$client.prepare("select id from run order by key").pluck().all() as string[];
}

const client = () => services.context.db.$client;

function addArtifact(runKey: number, task: number, name: string, digest: string): void {
  const { lastInsertRowid } = client()
    .prepare(
      `insert into artifact (run_key, task_key, name, type, uri, size, digest, is_directory, metadata, created_at)
       values (?, ?, ?, 'system.Model', ?, 3, ?, 0, '{}', ?)`,
    )
    .run(runKey, task, name, `/artifacts/${name}`, digest, NOW);
  client()
    .prepare(
      "insert into task_artifact (task_key, direction, name, position, artifact_key) values (?, 'output', ?, ?, ?)",
    )
    .run(task, name, 0, lastInsertRowid);
}

test("runs stand in the order asked for; one that was deleted and one that never was are named", async () => {
  const [first = "", second = "", third = ""] = seedRuns(3);
  await deleteRun(services.context, second);
  const view = compareRuns(services.context, { runs: [third, "nobody", second, first] });
  expect(view.runs.map(({ id }) => id)).toEqual([third, first]);
  expect(view.missing).toEqual(["nobody", second]);
  expect(view.runs[0]?.parameters.layers).toEqual({ text: "[64,32]", size: 7, digest: null });
  expect(compareRuns(services.context, { runs: ["nobody"] })).toMatchObject({ runs: [], missing: ["nobody"] });
});

test("an eleventh run is refused with the reason, and so is one that is named twice", () => {
  const eleven = Array.from({ length: 11 }, (_, i) => `run-${i}`);
  expect(CompareRunsInput.safeParse({ runs: eleven }).error?.issues[0]?.message).toMatch(/At most 10 runs/);
  expect(CompareRunsInput.safeParse({ runs: ["a", "a"] }).error?.issues[0]?.message).toMatch(/named twice/);
  expect(CompareRunsInput.safeParse({ runs: eleven.slice(1) }).success).toBe(true);
});

test("a long value is told from others by its digest, not carried whole", () => {
  const [one = "", two = ""] = seedRuns(2, (key, i) =>
    client()
      .prepare("insert into run_parameter (run_key, name, is_given, raw, value) values (?, 'long', 1, 'null', ?)")
      .run(key, JSON.stringify(`${"x".repeat(500_000)}${i}`)),
  );
  const view = compareRuns(services.context, { runs: [one, two] });
  const [a, b] = view.runs.map((run) => run.parameters.long);
  expect([a?.text.length, a?.size]).toEqual([2_000, 500_003]);
  expect(a?.text).toBe(b?.text);
  expect(a?.digest).not.toBe(b?.digest);
});

test("ten runs with 200 metrics take a fixed number of statements and bounded bytes", () => {
  const ids = seedRuns(10, (key, i, writer) => {
    for (let m = 0; m < 200; m++) writer.metric(key, `metric-${m}`, m + i / 10, NOW);
    for (let s = 0; s < 3; s++) {
      addTask(seeding(), {
        runKey: key,
        path: `step-${s}`,
        state: "succeeded",
        atMs: NOW,
        tookMs: 9,
        attempt: "succeeded",
      });
    }
  });
  const prepare = vi.spyOn(client(), "prepare");
  const statements = (runs: readonly string[]) => {
    prepare.mockClear();
    const view = compareRuns(services.context, { runs: [...runs] });
    return { view, count: prepare.mock.calls.length };
  };
  const ten = statements(ids);
  expect(ten.view.metrics).toHaveLength(200);
  expect(ten.view.metrics[2]?.cells[3]).toMatchObject({ last: 2.3, points: 1, isSeries: false });
  expect(ten.count).toBe(8);
  expect(statements(ids.slice(0, 2)).count).toBe(8);
  expect(JSON.stringify(ten.view).length).toBeLessThan(350_000);
});

test("metrics of a series: last, lowest, highest; steps apart; a run without one has no cell", () => {
  const ids = seedRuns(2, (key, i, writer) => {
    const task = addTask(seeding(), { runKey: key, path: "fit", state: "succeeded", atMs: NOW, tookMs: 9 });
    const insert = client().prepare(
      `insert into metric (run_key, task_key, name, value, "index", format, at) values (?, ?, 'loss', ?, ?, 'raw', ?)`,
    );
    for (const [index, value] of [3, 9, 1, 4].entries()) insert.run(key, task, value + i, index, NOW);
    if (i === 0) writer.metric(key, "loss", 77, NOW);
  });
  const { metrics } = compareRuns(services.context, { runs: [...ids] });
  expect(metrics.map(({ step, name }) => [step, name])).toEqual([
    [null, "loss"],
    ["fit", "loss"],
  ]);
  expect(metrics[0]?.cells).toMatchObject([{ last: 77, isSeries: false }, null]);
  expect(metrics[1]?.cells[1]).toMatchObject({ last: 5, low: 2, high: 10, points: 4, isSeries: true });
});

test("more values than are read one by one: every name keeps its last one", () => {
  const [id = ""] = seedRuns(1, (key) => {
    const insert = client().prepare(
      `insert into metric (run_key, name, value, "index", format, at) values (?, ?, ?, ?, 'raw', ?)`,
    );
    for (let i = 0; i < 50_001; i++) insert.run(key, "loss", i === 20_000 ? -5 : i / 10, i, NOW);
    insert.run(key, "accuracy", 0.9, null, NOW);
  });
  const { metrics } = compareRuns(services.context, { runs: [id] });
  expect(metrics.map(({ name, cells }) => [name, cells[0]?.last, cells[0]?.points, cells[0]?.isSeries])).toEqual([
    ["accuracy", 0.9, null, false],
    ["loss", 5_000, null, true],
  ]);
  const [series] = compareSeries(services.context, { runs: [id], name: "loss", step: null });
  expect(series?.isThinned).toBe(true);
  expect(series?.points.length).toBeLessThanOrEqual(502);
  expect(Math.min(...(series?.points ?? []).map(({ y }) => y))).toBe(-5);
  expect(series?.points.at(-1)).toEqual({ x: 50_000, y: 5_000 });
});

test("a short series is given whole", () => {
  const ids = seedRuns(2, (key, i) => {
    const insert = client().prepare(
      `insert into metric (run_key, name, value, "index", format, at) values (?, 'loss', ?, ?, 'raw', ?)`,
    );
    if (i === 0) for (const index of [2, 0, 1]) insert.run(key, index * 10, index, NOW);
  });
  const points = [0, 1, 2].map((x) => ({ x, y: x * 10 }));
  expect(compareSeries(services.context, { runs: [...ids], name: "loss", step: null })).toEqual([
    { run: ids[0], isThinned: false, points },
    { run: ids[1], isThinned: false, points: [] },
  ]);
});

test("tasks of a loop are one row with their states counted; the first that failed is where to look", () => {
  const [id = ""] = seedRuns(1, (runKey) => {
    const insert = client().prepare(
      `insert into task (run_key, path, step_path, name, kind, iteration, state, attempt, created_at, started_at, finished_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    insert.run(runKey, "train", "train", "train", "loop", null, "failed", 0, NOW, NOW, NOW + 900);
    for (const i of [0, 1, 2]) {
      const state = i === 1 ? "failed" : "succeeded";
      insert.run(runKey, `train/[${i}]`, "train", "train", "loop", i, state, 0, NOW, NOW, NOW + 100);
      insert.run(
        runKey,
        `train/[${i}]/fit`,
        "train/fit",
        "fit",
        "container",
        null,
        state,
        i + 1,
        NOW,
        NOW + i,
        NOW + 100 + i,
      );
    }
  });
  const { steps } = compareRuns(services.context, { runs: [id] });
  expect(steps.map(({ step, cells }) => [step, cells[0]?.tasks, cells[0]?.iterations])).toEqual([
    ["train", { failed: 1 }, { succeeded: 2, failed: 1 }],
    ["train/fit", { succeeded: 2, failed: 1 }, null],
  ]);
  expect(steps[1]?.cells[0]).toMatchObject({
    attempt: 2,
    startedAt: new Date(NOW).toISOString(),
    finishedAt: new Date(NOW + 102).toISOString(),
  });
});

test("artifacts stand by step and name with their digests, and come with all that a viewer needs", () => {
  const ids = seedRuns(2, (key, i) => {
    const task = addTask(seeding(), { runKey: key, path: "fit", state: "succeeded", atMs: NOW, tookMs: 9 });
    addArtifact(key, task, "model", i === 0 ? "aa" : "bb");
    if (i === 0) addArtifact(key, task, "report", "cc");
  });
  const { artifacts } = compareRuns(services.context, { runs: [...ids] });
  expect(artifacts.map(({ step, name, cells }) => [step, name, cells.map((cell) => cell?.digest)])).toEqual([
    ["fit", "model", ["aa", "bb"]],
    ["fit", "report", ["cc", undefined]],
  ]);
  const shown = compareArtifacts(services.context, { runs: [...ids], step: "fit", name: "report" });
  expect(shown.map(({ artifacts: list }) => list.map(({ name, digest }) => [name, digest]))).toEqual([
    [["report", "cc"]],
    [],
  ]);
});

test("the goal of a metric holds for its pipeline and can be taken back", async () => {
  const [id = ""] = seedRuns(1);
  const goal = { pipelineName: "compared", name: "loss", goal: "min" } as const;
  await setMetricGoal(services.context, { ...goal, goal: "max" });
  await setMetricGoal(services.context, goal);
  await setMetricGoal(services.context, { ...goal, pipelineName: "another" });
  expect(compareRuns(services.context, { runs: [id] }).goals).toEqual([goal]);
  await setMetricGoal(services.context, { ...goal, goal: null });
  expect(compareRuns(services.context, { runs: [id] }).goals).toEqual([]);
});

test("the baseline of an experiment is one of its runs, and is none once that is deleted", async () => {
  const [first = "", second = ""] = seedRuns(2);
  const experimentId = compareRuns(services.context, { runs: [first] }).runs[0]?.experiment.id ?? "";
  await setBaseline(services.context, { experimentId, runId: second });
  expect(compareRuns(services.context, { runs: [first] }).runs[0]?.baseline).toEqual({
    id: second,
    name: "compared-1",
  });
  const elsewhere = client().prepare("select id from experiment where is_default = 1").pluck().get() as string;
  await expect(setBaseline(services.context, { experimentId: elsewhere, runId: first })).rejects.toThrow(/belongs to/);
  await expect(setBaseline(services.context, { experimentId, runId: "nobody" })).rejects.toThrow(/not found/);
  await deleteRun(services.context, second);
  expect(compareRuns(services.context, { runs: [first] }).runs[0]?.baseline).toBeNull();
});

test("two versions: steps that came, went and changed", () => {
  addVersion(seeding(), graphOf("versions", chainShapes(2)));
  addVersion(seeding(), graphOf("versions", chainShapes(3)));
  const [from = "", to = ""] = client().prepare("select id from version order by key").pluck().all() as string[];
  expect(compareVersions(services.context, { from, to })).toMatchObject({
    added: [{ path: "step-2" }],
    removed: [],
    changed: [],
    equal: 2,
  });
  expect(() => compareVersions(services.context, { from, to: "nobody" })).toThrow(/not found/);
});

/** What the page of a run is given of its tasks, and the pages of what it is not. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { ListTasksInput } from "@/server/domain/inputs/tasks";
import type { TaskState } from "@/server/domain/states";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { getRun } from "./get-run";
import { findTaskAt, listTasks } from "./list-tasks";
import { runUsage } from "./run-usage";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

interface Row {
  readonly path: string;
  readonly kind?: string;
  readonly state?: TaskState;
  readonly iterations?: number;
  readonly endMs?: number;
}

const stepOf = (path: string): string =>
  path
    .split("/")
    .filter((segment) => !segment.startsWith("["))
    .join("/");

/** Rows as the engine makes them: a parent is the row whose path is one segment shorter. */
function insert(runId: string, rows: readonly Row[]): void {
  const sql = services.context.db.$client;
  const runKey = sql.prepare("select key from run where id = ?").pluck().get(runId);
  const add = sql.prepare(
    `insert into task (run_key, parent_key, path, step_path, name, kind, iteration, iteration_count, state, attempt,
       created_at, started_at, finished_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, ?)`,
  );
  const keys = new Map<string, number | bigint>();
  sql.transaction(() => {
    for (const { path, kind = "container", state = "succeeded", iterations, endMs } of rows) {
      const cut = path.lastIndexOf("/");
      const parent = cut < 0 ? null : (keys.get(path.slice(0, cut)) ?? null);
      const iteration = /\[(\d+)\]$/.exec(path)?.[1];
      const step = stepOf(path);
      const end = state === "running" ? null : (endMs ?? 1);
      const values = [step, step.split("/").at(-1), kind, iteration ?? null, iterations ?? null, state, end];
      keys.set(path, add.run(runKey, parent, path, ...values).lastInsertRowid);
    }
  })();
}

async function runOf(rows: readonly Row[]): Promise<string> {
  const text = kfpSpec("loops");
  const { version } = await storeUpload(services.context, { files: [services.receive("p.json", text)] });
  const { id } = await startRun(services.context, { versionId: version.id, parameters: {} });
  insert(id, rows);
  return id;
}

/** A loop of `count` iterations of two steps; `states` says how some of them ended. */
const loop = (path: string, count: number, states: { readonly [iteration: number]: TaskState } = {}): Row[] => [
  { path, kind: "loop", iterations: count },
  ...Array.from({ length: count }, (_, n): Row[] => {
    const state = states[n] ?? "succeeded";
    const item = `${path}/[${n}]`;
    return [
      { path: item, kind: "loop", state },
      { path: `${item}/a`, state, endMs: 100 - n },
      { path: `${item}/b`, state: state === "failed" ? "omitted" : state },
    ];
  }).flat(),
];

const pathsOf = (tasks: readonly TaskSummary[]): string[] => tasks.map((task) => task.step);
const list = (runId: string, parent: number, input: Partial<ListTasksInput> = {}) =>
  listTasks(services.context, ListTasksInput.parse({ runId, parent, ...input }));

test("a run with few iterations is given whole", async () => {
  const id = await runOf([{ path: "before" }, ...loop("loop", 3, { 1: "failed" })]);
  const run = getRun(services.context, id);
  expect(run).toMatchObject({ tasksLeftOut: 0, stepSums: [] });
  expect(run.tasks).toHaveLength(11);
  expect(run.loops).toEqual([{ task: run.tasks[1]?.id, iterations: { succeeded: 2, failed: 1 } }]);
  expect(run.tasks.find((task) => task.id === run.firstFailure)?.step).toBe("loop/[1]/a");
});

test("of a run with ten thousand iterations the first, the failed and the running ones are given, the rest in sums", async () => {
  const states = { 50: "failed", 9000: "failed", 9999: "running" } as const;
  const id = await runOf([{ path: "before" }, ...loop("loop", 10_000, states)]);
  const run = getRun(services.context, id);
  const paths = pathsOf(run.tasks);
  expect(paths.slice(0, 5)).toEqual(["before", "loop", "loop/[0]", "loop/[0]/a", "loop/[0]/b"]);
  for (const wanted of ["loop/[9]/b", "loop/[50]/a", "loop/[9000]", "loop/[9999]/a"]) expect(paths).toContain(wanted);
  expect(paths).not.toContain("loop/[5000]");
  expect(run.tasks.length + run.tasksLeftOut).toBe(30_002);
  expect(run.tasks.length).toBeLessThan(100);
  expect(run.loops).toEqual([{ task: run.tasks[1]?.id, iterations: { succeeded: 9_997, failed: 2, running: 1 } }]);
  expect(run.stepSums).toEqual([
    {
      stepPath: "loop/a",
      tasks: { succeeded: 9_997, failed: 2, running: 1 },
      startedAt: "1970-01-01T00:00:00.000Z",
      finishedAt: null,
    },
    expect.objectContaining({ stepPath: "loop/b", tasks: { succeeded: 9_997, omitted: 2, running: 1 } }),
  ]);
  expect(run.tasks.find((task) => task.id === run.firstFailure)?.step).toBe("loop/[9000]/a");
});

test("every task of a large run is listed as they were made, page by page, each once", async () => {
  const id = await runOf([{ path: "before" }, ...loop("loop", 500)]);
  const seen: string[] = [];
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page = listTasks(services.context, { runId: id, parent: null, limit: 200, cursor });
    seen.push(...pathsOf(page.items));
    expect(page.total).toBe(1_502);
    cursor = page.next;
  }
  expect(seen).toHaveLength(1_502);
  expect(new Set(seen).size).toBe(1_502);
  expect(seen.slice(0, 4)).toEqual(["before", "loop", "loop/[0]", "loop/[0]/a"]);
});

test("the first failure is given with the groups around it, however deep it lies", async () => {
  const inner = [...loop("outer/[700]/inner", 2, { 1: "failed" })];
  const outer = Array.from({ length: 800 }, (_, n): Row[] => [
    { path: `outer/[${n}]`, kind: "loop" },
    ...(n === 700 ? inner : [{ path: `outer/[${n}]/inner`, kind: "loop", iterations: 0 }]),
  ]).flat();
  const run = getRun(services.context, await runOf([{ path: "outer", kind: "loop", iterations: 800 }, ...outer]));
  const paths = pathsOf(run.tasks);
  for (const wanted of ["outer/[700]", "outer/[700]/inner", "outer/[700]/inner/[1]", "outer/[700]/inner/[1]/a"])
    expect(paths).toContain(wanted);
  expect(run.loops).toContainEqual({
    task: run.tasks.find((task) => task.step === "outer/[700]/inner")?.id,
    iterations: { succeeded: 1, failed: 1 },
  });
});

test("iterations are listed with the failed ones first, page by page, each once", async () => {
  const id = await runOf(loop("loop", 25, { 7: "failed", 20: "running", 3: "failed" }));
  const parent = getRun(services.context, id).tasks[0]?.id ?? 0;
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ReturnType<typeof list> = list(id, parent, { limit: 10, cursor });
    expect(page.total).toBe(25);
    seen.push(...pathsOf(page.items));
    cursor = page.next;
  } while (cursor !== null);
  expect(seen.slice(0, 5)).toEqual(["loop/[3]", "loop/[7]", "loop/[20]", "loop/[0]", "loop/[1]"]);
  expect(new Set(seen).size).toBe(25);
  expect(pathsOf(list(id, parent, { states: ["failed"] }).items)).toEqual(["loop/[3]", "loop/[7]"]);
  const one = list(id, parent, { iteration: 7 }).items;
  expect(pathsOf(one)).toEqual(["loop/[7]"]);
  expect(pathsOf(list(id, one[0]?.id ?? 0).items)).toEqual(["loop/[7]/a", "loop/[7]/b"]);
});

test("a task is found by its path, and only in its own run", async () => {
  const id = await runOf(loop("loop", 2));
  await expect(findTaskAt(services.context, { runId: id, path: "loop/[1]/a" })).resolves.toMatchObject({
    step: "loop/[1]/a",
    runId: id,
  });
  await expect(findTaskAt(services.context, { runId: id, path: "loop/[2]/a" })).rejects.toMatchObject({
    code: "not-found",
  });
  expect(() => list(id, 99_999)).toThrow(/has no task 99999/);
});

test("what a run took is the sum of its attempts; what was not measured stays unknown", async () => {
  const id = await runOf([{ path: "a" }, { path: "b" }]);
  const sql = services.context.db.$client;
  const add = sql.prepare(
    `insert into attempt (task_key, run_key, number, state, created_at, started_at, finished_at, cpu_ms, peak_bytes)
     values ((select key from task where path = ?), 1, ?, 'succeeded', 0, 10, ?, ?, ?)`,
  );
  add.run("a", 1, 110, 40, 1_000);
  add.run("a", 2, 60, null, 5_000);
  add.run("b", 1, 20, 2, 3_000);
  expect(runUsage(services.context, id)).toEqual({
    attempts: 3,
    ranMs: 160,
    cpuMs: 42,
    peakBytes: 5_000,
    bytesIn: null,
    bytesOut: null,
  });
});

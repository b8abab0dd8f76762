/** Charts of series: whole while they are short, by their extremes when they are long, and cheap at a million points. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "@/db/testing";
import { type MetricRow, putMetrics } from "./metric-writes";
import { seriesOfRun } from "./series";

function databaseWith(rows: readonly Partial<MetricRow>[]) {
  const db = testDatabase();
  db.$client.pragma("foreign_keys = OFF");
  putMetrics(
    db,
    rows.map((row) => ({
      runKey: 1,
      taskKey: null,
      name: "loss",
      value: 0,
      index: null,
      format: "raw" as const,
      atMs: 0,
      ...row,
    })),
  );
  return db;
}

test("series are told by name and task, single numbers and other runs are not", () => {
  const db = databaseWith([
    { name: "b", index: 1, value: 2 },
    { name: "b", index: 0, value: 1 },
    { name: "b", index: 0, value: 9, taskKey: 7 },
    { name: "auc", value: 0.5 },
    { name: "a", index: 3, value: 4 },
    { name: "c", index: 0, runKey: 2 },
  ]);
  expect(seriesOfRun(db, 1)).toEqual([
    { name: "a", task: null, isThinned: false, points: [{ x: 3, y: 4 }] },
    {
      name: "b",
      task: null,
      isThinned: false,
      points: [
        { x: 0, y: 1 },
        { x: 1, y: 2 },
      ],
    },
    { name: "b", task: 7, isThinned: false, points: [{ x: 0, y: 9 }] },
  ]);
});

test("a point that is reported again replaces the one before, also in one batch and in the middle of a series", () => {
  const point = fc.record({
    name: fc.constantFrom("a", "b"),
    taskKey: fc.constantFrom(null, 7),
    index: fc.option(fc.nat(6)),
    value: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(fc.array(point, { maxLength: 12 }), { maxLength: 4 }), (batches) => {
      const db = databaseWith([]);
      const told = new Map<string, number>();
      for (const batch of batches) {
        putMetrics(
          db,
          batch.map((each) => ({ ...each, runKey: 1, format: "raw" as const, atMs: 0 })),
        );
        for (const { name, taskKey, index, value } of batch) told.set(`${name} ${taskKey} ${index}`, value);
      }
      const rows = db.$client.prepare(`select name, task_key as task, "index", value from metric`).all() as {
        name: string;
        task: number | null;
        index: number | null;
        value: number;
      }[];
      db.$client.close();
      expect(new Map(rows.map((row) => [`${row.name} ${row.task} ${row.index}`, row.value]))).toEqual(told);
      expect(rows).toHaveLength(told.size);
    }),
    { numRuns: 60 },
  );
});

test("a long series keeps its lowest, its highest and its last point, and is read from the index alone", () => {
  const indexes = Array.from({ length: 30_000 }, (_, at) => at * 3);
  const db = databaseWith(
    indexes.map((index) => ({ index, value: index === 40_002 ? 99 : index === 70_002 ? -99 : (index % 7) / 7 })),
  );
  const [series] = seriesOfRun(db, 1);
  const values = series?.points.map(({ y }) => y) ?? [];
  expect(series?.isThinned).toBe(true);
  expect([Math.min(...values), Math.max(...values)]).toEqual([-99, 99]);
  expect(series?.points.at(-1)).toEqual({ x: 89_997, y: (89_997 % 7) / 7 });
  expect(series?.points.length).toBeLessThanOrEqual(501);
  const xs = series?.points.map(({ x }) => x) ?? [];
  expect([...xs].sort((a, b) => a - b)).toEqual(xs);
  const plan = db.$client
    .prepare(
      `explain query plan select min(value), max(value) from metric
       where run_key = 1 and name = 'loss' and task_key is null and "index" >= 0 and "index" < 9`,
    )
    .all() as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain("COVERING INDEX metric_run");
});

import fc from "fast-check";
import { expect, it } from "vitest";
import type { MetricView } from "@/server/domain/views/metrics";
import { rocModel } from "./roc-model";
import { metricGroups } from "./series-model";

const point = (falsePositiveRate: number, truePositiveRate: number, threshold: number | null = null) => ({
  falsePositiveRate,
  truePositiveRate,
  threshold,
});

it("measures the area under a curve, whatever the order of its points", () => {
  expect(rocModel([point(1, 1), point(0, 0)]).area).toBe(0.5);
  expect(rocModel([point(1, 1), point(0, 1), point(0, 0)]).area).toBe(1);
  expect(rocModel([point(0.5, 0.5)]).area).toBeNull();
});

it("names thresholds that are none", () => {
  const { points } = rocModel([point(0, 0, Number.POSITIVE_INFINITY), point(1, 1, 0.25), point(1, 1)]);
  expect(points.map(({ threshold }) => threshold)).toEqual(["above every score", "0.25", "not given"]);
});

it("keeps every curve inside its square", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }))), (pairs) => {
      const { points, area } = rocModel(pairs.map(([x, y]) => point(x, y)));
      for (const { x, y } of points) expect(x >= 0 && x <= 1 && y >= 0 && y <= 1).toBe(true);
      if (area !== null) expect(area >= 0 && area <= 1 + 1e-9).toBe(true);
    }),
  );
});

it("tells series from numbers", () => {
  const metric = (name: string, value: number, index: number | null, task = 1): MetricView => ({
    name,
    value,
    index,
    task,
    format: "raw",
  });
  const { single, series } = metricGroups([
    metric("loss", 3, 2),
    metric("loss", 9, 0),
    metric("accuracy", 1, null),
    metric("alone", 5, 7),
    metric("loss", 4, 0, 2),
  ]);
  expect(single.map(({ name, task }) => [name, task])).toEqual([
    ["accuracy", 1],
    ["alone", 1],
    ["loss", 2],
  ]);
  expect(series).toEqual([
    {
      key: "1 loss",
      name: "loss",
      task: 1,
      isThinned: false,
      points: [
        { x: 0, y: 9 },
        { x: 2, y: 3 },
      ],
    },
  ]);
});

import { expect, it } from "vitest";
import type { ComparisonView } from "@/server/domain/views/compare";
import { comparedRun } from "../rows/samples";
import { chosenAxes, numericAxes, shortNumber } from "./axes";
import { parallelModel } from "./parallel-model";
import { seriesRows } from "./series-rows";

const view: ComparisonView = {
  runs: [comparedRun("a", { lr: 0.1, name: "x", layers: 3 }), comparedRun("b", { lr: 0.2, layers: 3 })],
  missing: [],
  metrics: [
    {
      step: "fit",
      name: "loss",
      cells: [{ last: 4, low: 1, high: 9, points: 3, isSeries: true, format: "raw" }, null],
    },
  ],
  steps: [],
  artifacts: [],
  images: {},
  goals: [],
  leftOut: { metrics: 0, steps: 0, artifacts: 0 },
};

it("draws over what is a number in at least one run", () => {
  const axes = numericAxes(view, "low");
  expect(axes.map(({ key, values, differs }) => [key, values, differs])).toEqual([
    ["parameter:lr", [0.1, 0.2], true],
    ["parameter:layers", [3, 3], false],
    ["loss@fit", [1, null], true],
  ]);
  expect(chosenAxes(axes, null, 5).map(({ key }) => key)).toEqual(["parameter:lr", "loss@fit"]);
  expect(chosenAxes(axes, ["parameter:layers", "gone"], 5).map(({ key }) => key)).toEqual(["parameter:layers"]);
});

it("places runs on axes by their values; one without a value has a gap, equal ones stand in the middle", () => {
  const axes = numericAxes(view, "last");
  const { lines, axes: placed } = parallelModel(axes, 2, { width: 300, top: 10, bottom: 110, side: 50 });
  expect(placed.map(({ x }) => x)).toEqual([50, 150, 250]);
  expect(lines[0]?.parts).toEqual([
    [
      { x: 50, y: 110 },
      { x: 150, y: 60 },
      { x: 250, y: 60 },
    ],
  ]);
  expect(lines[1]?.parts).toEqual([
    [
      { x: 50, y: 10 },
      { x: 150, y: 60 },
    ],
  ]);
});

it("brings the series of runs into rows by their index", () => {
  const series = [
    {
      run: "a",
      isThinned: false,
      points: [
        { x: 0, y: 5 },
        { x: 2, y: 6 },
      ],
    },
    { run: "b", isThinned: false, points: [{ x: 2, y: 7 }] },
    { run: "gone", isThinned: false, points: [{ x: 9, y: 9 }] },
  ];
  expect(seriesRows(series, ["b", "a"])).toEqual([
    { x: 0, r1: 5 },
    { x: 2, r1: 6, r0: 7 },
  ]);
});

it("writes numbers as short as an axis needs", () => {
  expect([0, 0.5, 12_400, 0.00001, -3_000_000].map(shortNumber)).toEqual(["0", "0.5", "12.4k", "1.0e-5", "-3.0e+6"]);
});

import { expect, test } from "vitest";
import type { ComparedRow, ComparisonView, MetricCell, StepCell } from "@/server/domain/views/compare";
import { nextPlace } from "../table/grid-focus";
import { moved } from "../use-compared-runs";
import { arranged } from "./arranged";
import { allSections, baselinePlace, shownLines } from "./comparison";
import { comparisonCsv, comparisonJson } from "./export";
import { metricDelta, timeDelta } from "./numbers";
import { comparedRun } from "./samples";

const metric = (last: number, more: Partial<MetricCell> = {}): MetricCell => ({
  last,
  low: last,
  high: last,
  points: 1,
  isSeries: false,
  format: "raw",
  ...more,
});

const step = (ms: number, more: Partial<StepCell> = {}): StepCell => ({
  task: 1,
  attempt: 1,
  tasks: { succeeded: 1 },
  iterations: null,
  startedAt: "2026-11-21T10:00:00.000Z",
  finishedAt: new Date(Date.parse("2026-11-21T10:00:00.000Z") + ms).toISOString(),
  ...more,
});

const comparison = (more: Partial<ComparisonView> = {}): ComparisonView => ({
  runs: [comparedRun("a", { lr: 0.1, layers: 3 }), comparedRun("b", { lr: 0.2, layers: 3 })],
  missing: [],
  metrics: [],
  steps: [],
  artifacts: [],
  images: {},
  goals: [],
  leftOut: { metrics: 0, steps: 0, artifacts: 0 },
  ...more,
});

const names = (view: ComparisonView, showsEqual: boolean, search = "") =>
  shownLines(view, allSections(view, 0, "last"), { showsEqual, folded: [], search }).lines.map((line) =>
    line.kind === "head" ? `# ${line.section} ${line.shown}/${line.equal}` : line.row.name,
  );

test("only what differs is shown, with the number of equal rows of each section", () => {
  const view = comparison();
  expect(names(view, false).slice(0, 3)).toEqual(["# parameters 1/1", "lr", "# versions 0/3"]);
  expect(names(view, true).slice(0, 3)).toEqual(["# parameters 2/0", "lr", "layers"]);
  expect(names(view, true, "LAY")).toEqual(["# parameters 1/0", "layers"]);
});

test("a value that one run lacks is a difference with an empty cell", () => {
  const view = comparison({ runs: [comparedRun("a", { lr: 0.1 }), comparedRun("b", {})] });
  const [row] = allSections(view, 0, "last").parameters;
  expect(row?.isEqual).toBe(false);
  expect(row?.cells[1]).toBeNull();
});

test("a metric tells how far it is from the baseline, and whether that is better", () => {
  const accuracy: ComparedRow<MetricCell> = { step: "train", name: "accuracy", cells: [metric(0.931), metric(0.943)] };
  const plain = allSections(comparison({ metrics: [accuracy] }), 0, "last").metrics[0];
  expect(plain?.cells.map((cell) => cell?.delta)).toEqual([
    undefined,
    { text: "+0.012", isUp: true, verdict: "neutral" },
  ]);
  const goals = [{ pipelineName: "p", name: "accuracy", goal: "max" } as const];
  expect(allSections(comparison({ metrics: [accuracy], goals }), 0, "last").metrics[0]?.cells[1]?.delta?.verdict).toBe(
    "better",
  );
  expect(allSections(comparison({ metrics: [accuracy], goals }), 1, "last").metrics[0]?.cells[0]?.delta).toEqual({
    text: "−0.012",
    isUp: false,
    verdict: "worse",
  });
});

test("of a series the value that was chosen stands for it", () => {
  const cells = [metric(5, { low: 1, high: 9, points: 4, isSeries: true }), metric(5, { low: 2, high: 9, points: 4 })];
  const view = comparison({ metrics: [{ step: null, name: "loss", cells }] });
  expect(allSections(view, 0, "last").metrics[0]?.isEqual).toBe(true);
  expect(allSections(view, 0, "low").metrics[0]?.cells.map((cell) => cell?.text)).toEqual(["1", "2"]);
});

test("deltas of numbers that are none, of percentages and of times", () => {
  expect(metricDelta(undefined, 1, "raw", "max")).toBeUndefined();
  expect(metricDelta(Number.NaN, 1, "raw", "max")).toBeUndefined();
  expect(metricDelta(0.5, 0.75, "percentage", "min")).toEqual({ text: "+25 pp", isUp: true, verdict: "worse" });
  expect(timeDelta(60_000, 61_000)).toBeUndefined();
  expect(timeDelta(60_000, 12_000)).toMatchObject({ isUp: false, verdict: "better" });
});

test("steps differ by outcome, by tries, or by a time that is more than noise", () => {
  const row = (cells: readonly (StepCell | null)[]) =>
    allSections(comparison({ steps: [{ step: "fit", name: "fit", kind: "container", cells }] }), 0, "last").steps[0];
  expect(row([step(60_000), step(61_000)])?.isEqual).toBe(true);
  expect(row([step(60_000), step(90_000)])?.isEqual).toBe(false);
  expect(row([step(60_000), step(60_000, { attempt: 2 })])?.isEqual).toBe(false);
  expect(row([step(60_000), step(60_000, { tasks: { failed: 1 } })])?.cells[1]?.state).toBe("failed");
  expect(row([step(60_000), null])?.cells[1]).toBeNull();
  const folded = row([step(60_000, { tasks: { succeeded: 8, failed: 2 } }), null]);
  expect(folded?.cells[0]).toMatchObject({ state: "failed", text: "8 succeeded, 2 failed · 1m 00s" });
});

test("artifacts are equal by digest; several under one name are never said to be", () => {
  const cell = (digest: string, count = 1) => ({ id: 1, task: 1, count, type: "system.Model", size: 3, digest });
  const isEqual = (cells: readonly ReturnType<typeof cell>[]) =>
    allSections(comparison({ artifacts: [{ step: "fit", name: "model", cells }] }), 0, "last").artifacts[0]?.isEqual;
  expect(isEqual([cell("aa"), cell("aa")])).toBe(true);
  expect(isEqual([cell("aa"), cell("bb")])).toBe(false);
  expect(isEqual([cell("aa", 2), cell("aa", 2)])).toBe(false);
});

test("the baseline is the one chosen, else the experiment's, else the first", () => {
  const runs = [comparedRun("a"), comparedRun("b", {}, { baseline: { id: "b", name: "b" } })];
  expect(baselinePlace(runs, "a")).toBe(0);
  expect(baselinePlace(runs, null)).toBe(1);
  expect(baselinePlace(runs, "gone")).toBe(1);
  expect(baselinePlace([comparedRun("a"), comparedRun("c")], null)).toBe(0);
});

test("another order moves runs and cells alike", () => {
  const view = comparison({ metrics: [{ step: null, name: "m", cells: [metric(1), metric(2)] }] });
  const other = arranged(view, ["b", "a"]);
  expect(other.runs.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(other.metrics[0]?.cells.map((cell) => cell?.last)).toEqual([2, 1]);
  expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
  expect(moved(["a", "b", "c", "d"], 3, 0)).toEqual(["d", "a", "b", "c"]);
});

test("an export holds every row; a text that a spreadsheet would compute is told apart", () => {
  const view = comparison({ runs: [comparedRun("a", { lr: -1, note: '=1+"1"' }), comparedRun("b", { lr: -1 })] });
  const csv = comparisonCsv(view, allSections(view, 0, "last"));
  expect(csv).toContain("parameters,,lr,-1,-1\r\n");
  expect(csv).toContain(`parameters,,note,"'=1+""1""",\r\n`);
  expect(csv.startsWith("section,step,name,run a,run b\r\nrun,,id,a,b\r\n")).toBe(true);
  expect(JSON.parse(comparisonJson(view, 1))).toMatchObject({ baseline: "b", runs: [{ id: "a" }, { id: "b" }] });
});

test("keys walk the grid and stop at its edges", () => {
  const size = { lines: 10, columns: 3, page: 4 };
  const from = { line: 5, column: 1 };
  expect(nextPlace("ArrowDown", false, from, size)).toEqual({ line: 6, column: 1 });
  expect(nextPlace("PageDown", false, { line: 8, column: 1 }, size)).toEqual({ line: 9, column: 1 });
  expect(nextPlace("Home", true, from, size)).toEqual({ line: 0, column: 0 });
  expect(nextPlace("ArrowLeft", false, { line: 0, column: 0 }, size)).toEqual({ line: 0, column: 0 });
  expect(nextPlace("x", false, from, size)).toBeNull();
});

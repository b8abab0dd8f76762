/** Stories of a comparison and of the viewers of files: the table, charts, line differences, a tree, a text, a picture. */
"use client";

import { numericAxes } from "@/components/compare/charts/axes";
import { ParallelCoordinates } from "@/components/compare/charts/parallel";
import { RocOverlay } from "@/components/compare/charts/roc-overlay";
import { RunScatter } from "@/components/compare/charts/scatter";
import { diffLines } from "@/components/compare/lines/diff-lines";
import { DiffText } from "@/components/compare/lines/diff-text";
import { allSections, shownLines } from "@/components/compare/rows/comparison";
import { comparedRun } from "@/components/compare/rows/samples";
import { CompareTable } from "@/components/compare/table/compare-table";
import { Section } from "@/components/layout/page";
import { ImageZoom } from "@/components/viewers/image-zoom";
import { JsonTree } from "@/components/viewers/json-tree";
import { TextFind } from "@/components/viewers/text-find";
import type { ComparisonView } from "@/server/domain/views/compare";

const metric = (last: number) => ({ last, low: last, high: last, points: 1, isSeries: false, format: "raw" }) as const;
const step = (state: "succeeded" | "failed", seconds: number) => ({
  task: 1,
  attempt: 1,
  tasks: { [state]: 1 },
  iterations: null,
  startedAt: "2026-11-21T10:00:00.000Z",
  finishedAt: new Date(Date.parse("2026-11-21T10:00:00.000Z") + seconds * 1_000).toISOString(),
});

const SAMPLE: ComparisonView = {
  runs: [
    comparedRun("238", { lr: 0.01, layers: [64, 32] }, { baseline: { id: "238", name: "run 238" } }),
    comparedRun("240", { lr: 0.01, layers: [64, 32], note: "a longer remark than fits" }),
    comparedRun("241", { lr: 0.1, layers: [64] }, { state: "failed" }),
  ],
  missing: [],
  metrics: [
    { step: "train", name: "accuracy", cells: [metric(0.931), metric(0.943), null] },
    { step: "train", name: "loss", cells: [metric(0.31), metric(0.42), metric(0.9)] },
  ],
  steps: [
    {
      step: "train",
      name: "train",
      kind: "container",
      cells: [step("succeeded", 58), step("succeeded", 75), step("failed", 12)],
    },
  ],
  artifacts: [
    {
      step: "train",
      name: "model",
      cells: ["aa", "bb", null].map((digest) =>
        digest === null
          ? null
          : { id: 1, task: 1, count: 1, type: "system.Model", size: 4_200, digest: digest.repeat(32) },
      ),
    },
  ],
  images: {},
  goals: [
    { pipelineName: "p", name: "accuracy", goal: "max" },
    { pipelineName: "p", name: "loss", goal: "min" },
  ],
  leftOut: { metrics: 0, steps: 0, artifacts: 0 },
};

const NOTHING = () => {};
const ACTIONS = {
  add: NOTHING,
  remove: NOTHING,
  move: NOTHING,
  measureAgainst: NOTHING,
  keepBaseline: NOTHING,
  setGoal: NOTHING,
};

const SECTIONS = allSections(SAMPLE, 0, "last");
const { lines: LINES } = shownLines(SAMPLE, SECTIONS, { showsEqual: false, folded: ["environment"], search: "" });
const AXES = numericAxes(SAMPLE, "last");
const CURVES = [0.2, 0.4, 0.7].map((bend, place) => ({
  place,
  name: `run ${place + 1}`,
  points: Array.from({ length: 11 }, (_, at) => ({
    falsePositiveRate: at / 10,
    truePositiveRate: (at / 10) ** bend,
    threshold: 1 - at / 10,
  })),
}));
const BEFORE = "load data\nfit with lr 0.01\nloss 0.31\nsave\n";
const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path d="M5 25 35 8 60 18 85 4" fill="none" stroke="#0a6c78" stroke-width="3"/></svg>')}`;

export function CompareStories() {
  const [x, y] = AXES;
  return (
    <>
      <Section title="Comparison">
        <div className="flex h-96 flex-col">
          <CompareTable view={SAMPLE} lines={LINES} baseline={0} actions={ACTIONS} onFold={NOTHING} />
        </div>
      </Section>
      <Section title="Charts of a comparison">
        <div className="grid gap-6 xl:grid-cols-2">
          {x === undefined || y === undefined ? null : <RunScatter x={x} y={y} runs={SAMPLE.runs} />}
          <ParallelCoordinates axes={AXES} runs={SAMPLE.runs} />
        </div>
        <RocOverlay curves={CURVES} />
      </Section>
      <Section title="Line differences">
        <DiffText diff={diffLines(BEFORE, BEFORE.replace("0.01", "0.1"))} label="Differences" />
        <DiffText diff={diffLines(BEFORE, BEFORE)} label="No differences" />
        <DiffText diff={null} label="Too different" />
      </Section>
      <Section title="Files">
        <div className="grid gap-6 sm:grid-cols-3">
          <JsonTree name="a tree" value={{ model: { layers: [64, 32], name: "quince" }, ready: true, score: null }} />
          <TextFind name="a text" text={BEFORE.repeat(3)} />
          <ImageZoom name="a picture" url={PICTURE} />
        </div>
      </Section>
    </>
  );
}

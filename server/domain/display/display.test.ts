/** What steps write to be shown: read where it can be, named where it cannot, never trusted and never thrown over. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { readClassification, readSlices } from "./classification";
import { isMetricsFile, isUiMetadata } from "./file-names";
import { readMetricsFile } from "./metrics-file";
import { readUiMetadata, readWebPage } from "./ui-metadata";

const displays = (...outputs: JsonValue[]) => readUiMetadata(JSON.stringify({ version: 1, outputs }));
const one = (entry: { [key: string]: JsonValue }) => {
  const { displays: found, problems } = displays({ storage: "inline", ...entry });
  return problems.length > 0 ? problems : found[0];
};

describe("names of display files", () => {
  it.each([
    "mlpipeline-ui-metadata",
    "mlpipeline_ui_metadata",
    "MLPipeline UI Metadata",
    "mlpipeline-ui-metadata.json",
  ])("%s is a document of displays", (name) => {
    expect([isUiMetadata(name), isMetricsFile(name)]).toEqual([true, false]);
  });
  it("are told from others", () => {
    expect(isMetricsFile("mlpipeline_metrics")).toBe(true);
    for (const name of ["metrics", "mlpipeline", "ui-metadata", "my-mlpipeline-metrics", ""]) {
      expect([isUiMetadata(name), isMetricsFile(name)]).toEqual([false, false]);
    }
  });
});

describe("a document of displays", () => {
  it("holds tables with a header", () => {
    const source = 'a,"1,5"\r\n\r\nb,2\n';
    expect(one({ type: "table", format: "csv", header: ["name", "n"], source })).toEqual({
      type: "table",
      header: ["name", "n"],
      rows: [
        ["a", "1,5"],
        ["b", "2"],
      ],
    });
    expect(one({ type: "table", format: "csv", source })).toEqual(["Entry 1 (table) has no list named header."]);
    expect(one({ type: "table", format: "tsv", header: [], source })).toEqual([
      "Entry 1 (table) has a format other than csv.",
    ]);
  });

  const schema = ["target", "predicted", "count"].map((name) => ({ name, type: "CATEGORY" }));

  it("holds confusion matrices, by the columns that the schema names", () => {
    const labels = ["cat", "dog"];
    const matrix = { type: "confusion-matrix", labels, counts: [[5, 1], [0, 4]] }; // biome-ignore format: as drawn
    const source = "cat,cat,5\ncat,dog,1\ndog,cat,0\ndog,dog,4";
    expect(one({ type: "confusion_matrix", labels, source })).toEqual(matrix);
    const turned = "5,cat,cat\n1,dog,cat\n0,cat,dog\n4,dog,dog";
    expect(one({ type: "confusion_matrix", labels, schema: [...schema].reverse(), source: turned })).toEqual(matrix);
    expect(one({ type: "confusion_matrix", labels: [0, 1], source: "0,0,1\n0,1,2\n1,0,3\n1,1,4" })).toMatchObject({
      labels: ["0", "1"],
      counts: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(one({ type: "confusion_matrix", labels, source: "cat,cat,5" })).toEqual([
      "Entry 1 (confusion_matrix) has 1 rows for 2 labels, not 4.",
    ]);
    expect(one({ type: "confusion_matrix", labels, source: `${source.slice(0, -9)}fox,dog,4` })).toEqual([
      expect.stringContaining('has the row "fox,dog,4"'),
    ]);
  });

  it("holds ROC curves", () => {
    const columns = ["fpr", "tpr", "thresholds"].map((name) => ({ name, type: "NUMBER" }));
    expect(one({ type: "roc", schema: columns, source: "0.0,0.0,inf\n0.5,0.9,0.4\n1,1,0" })).toEqual({
      type: "roc",
      points: [
        { falsePositiveRate: 0, truePositiveRate: 0, threshold: Number.POSITIVE_INFINITY },
        { falsePositiveRate: 0.5, truePositiveRate: 0.9, threshold: 0.4 },
        { falsePositiveRate: 1, truePositiveRate: 1, threshold: 0 },
      ],
    });
    expect(one({ type: "roc", schema, source: "0,0,1" })).toEqual([
      expect.stringContaining("no schema with the columns"),
    ]);
    expect(one({ type: "roc", schema: columns, source: "a,b,c" })).toEqual([expect.stringContaining("no point")]);
  });

  it("holds Markdown, web apps and links, and names what lies elsewhere without fetching it", () => {
    expect(one({ type: "markdown", source: "# Hi" })).toEqual({ type: "markdown", text: "# Hi" });
    expect(one({ type: "web-app", source: "<b>x</b>" })).toEqual({ type: "web-app", entry: 0, html: "<b>x</b>" });
    expect(one({ type: "tensorboard", source: "gs://b/logs" })).toEqual({ type: "tensorboard", source: "gs://b/logs" });
    expect(displays({ type: "web-app", storage: "gcs", source: "gs://b/x.html" }).displays).toEqual([
      { type: "elsewhere", shown: "web-app", source: "gs://b/x.html" },
    ]);
    expect(
      displays({ type: "markdown", source: "minio://b/k" }, { type: "markdown", source: "/tmp/a.md" }),
    ).toMatchObject({
      displays: [{ type: "elsewhere" }, { type: "elsewhere" }],
    });
    expect(displays({ type: "markdown", source: "see https://x" }).displays[0]?.type).toBe("markdown");
  });

  it("gives the page of one entry by the place that the display tells, and of nothing else", () => {
    const outputs = [
      { type: "table", source: "broken" },
      { type: "markdown", source: "# Hi" },
      { type: "web-app", source: "<b>x</b>" },
      { type: "web-app", storage: "gcs", source: "gs://b/x.html" },
      { type: "web-app", source: 7 },
      null,
    ];
    const text = JSON.stringify({ outputs });
    const shown = readUiMetadata(text).displays.find(({ type }) => type === "web-app");
    expect(shown).toEqual({ type: "web-app", entry: 2, html: "<b>x</b>" });
    expect([-1, 0, 1, 2, 3, 4, 5, 6, 0.5, Number.NaN].map((at) => readWebPage(text, at))).toEqual(
      [null, null, null, "<b>x</b>", null, null, null, null, null, null], // biome-ignore format: as asked
    );
    const many = JSON.stringify({ outputs: Array.from({ length: 201 }, () => ({ type: "web-app", source: "<i>" })) });
    expect([readWebPage(many, 199), readWebPage(many, 200)]).toEqual(["<i>", null]);
    expect([readWebPage("{broken", 0), readWebPage("[]", 0)]).toEqual([null, null]);
  });

  it("leaves out what it cannot read and shows the rest", () => {
    const { displays: found, problems } = displays(
      7,
      { type: "new", source: "" },
      { source: "" },
      { type: "markdown" },
      {
        type: "markdown",
        storage: "inline",
        source: "kept",
      },
    );
    expect(found).toEqual([{ type: "markdown", text: "kept" }]);
    expect(problems).toEqual([
      "Entry 1 is no object.",
      "Entry 2 (new) is of a type that is not known.",
      "Entry 3 names no type.",
      "Entry 4 (markdown) has no text named source.",
    ]);
    expect(readUiMetadata("{broken").problems).toEqual([expect.stringContaining("It is no JSON")]);
    expect(readUiMetadata("[]").problems).toEqual(["It holds no list named outputs."]);
  });

  it("never throws", () => {
    const entry = fc.record(
      {
        type: fc.constantFrom("table", "roc", "confusion_matrix", "markdown", "web-app", "tensorboard", "__proto__"),
        source: fc.oneof(fc.string(), fc.jsonValue()),
        storage: fc.constantFrom("inline", "gcs", null, 3),
        labels: fc.jsonValue(),
        header: fc.jsonValue(),
        schema: fc.jsonValue(),
        delimiter: fc.jsonValue(),
        format: fc.constantFrom("csv", undefined),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(entry), fc.jsonValue()), (outputs) => {
        const { displays: found, problems } = readUiMetadata(JSON.stringify({ outputs }));
        const isRefused = problems[0]?.startsWith("It is no JSON") === true;
        if (Array.isArray(outputs) && !isRefused) expect(found.length + problems.length).toBe(outputs.length);
      }),
    );
  });
});

describe("a list of metrics", () => {
  it("keeps to Kubeflow's names and number, and says what it leaves out", () => {
    const metrics = [
      { name: "accuracy", numberValue: 0.9, format: "PERCENTAGE" },
      { name: "n", numberValue: "3" },
      { name: "1st", numberValue: 1 },
      { name: `a${"b".repeat(64)}`, numberValue: 1 },
      { name: "lost", numberValue: "Infinity" },
      { name: "none" },
    ];
    const read = readMetricsFile(JSON.stringify({ metrics }));
    expect(read.metrics).toEqual([
      { name: "accuracy", value: 0.9, format: "percentage" },
      { name: "n", value: 3, format: "raw" },
    ]);
    expect(read.problems).toHaveLength(4);
    const many = Array.from({ length: 60 }, (_, at) => ({ name: `m${at}`, numberValue: at }));
    const cut = readMetricsFile(JSON.stringify({ metrics: many }));
    expect(cut.metrics).toHaveLength(50);
    expect(cut.problems).toEqual(["It holds 60 metrics; the first 50 were taken."]);
    expect(readMetricsFile("{").problems).toEqual([expect.stringContaining("It is no JSON")]);
  });

  it("never throws, and never gives a number that is none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const { value: number } of readMetricsFile(JSON.stringify({ metrics: value })).metrics) {
          expect(Number.isFinite(number)).toBe(true);
        }
      }),
    );
  });
});

describe("classification metrics", () => {
  const matrix = {
    annotationSpecs: [{ displayName: "a" }, { displayName: "b" }],
    rows: [{ row: [1, 2] }, { row: [3, 4] }],
  };
  const points = [
    { confidenceThreshold: "Infinity", recall: 0, falsePositiveRate: 0 },
    { confidenceThreshold: 0.5, recall: 0.8, falsePositiveRate: 0.1 },
  ];

  it("hold a curve and a matrix, also as Kubeflow's store wraps them", () => {
    const expected = {
      roc: [
        { threshold: Number.POSITIVE_INFINITY, truePositiveRate: 0, falsePositiveRate: 0 },
        { threshold: 0.5, truePositiveRate: 0.8, falsePositiveRate: 0.1 },
      ],
      confusionMatrix: {
        labels: ["a", "b"],
        counts: [
          [1, 2],
          [3, 4],
        ],
      },
      problems: [],
    };
    expect(readClassification({ confidenceMetrics: points, confusionMatrix: matrix })).toEqual(expected);
    expect(readClassification({ confidenceMetrics: { list: points }, confusionMatrix: { struct: matrix } })).toEqual(
      expected,
    );
    expect(
      readSlices({ evaluationSlices: [{ slice: "young", sliceClassificationMetrics: { confusionMatrix: matrix } }] }),
    ).toEqual([{ ...expected, slice: "young", roc: null }]);
  });

  it("say what cannot be drawn, and never throw", () => {
    expect(readClassification({}).problems).toEqual([]);
    const bad = readClassification({
      confidenceMetrics: [{ recall: 1 }],
      confusionMatrix: { ...matrix, rows: [{ row: [1] }] },
    });
    expect([bad.roc, bad.confusionMatrix, bad.problems.length]).toEqual([null, null, 2]);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
        const metadata = { confidenceMetrics: one as JsonValue, confusionMatrix: two as JsonValue };
        readClassification(metadata);
        readSlices({ evaluationSlices: [{ sliceClassificationMetrics: metadata }, one as JsonValue] });
      }),
    );
  });
});

/** Viewers are chosen by type and name; what is large waits until it is asked for. */
import { describe, expect, it } from "vitest";
import { isLarge, previewKind } from "./preview-kind";

const artifact = {
  type: "system.Artifact",
  name: "out",
  uri: "",
  path: "runs/1/out",
  size: 10,
  isDirectory: false,
  metadata: {},
};

describe("previewKind", () => {
  it("goes by type before name", () => {
    expect(previewKind({ ...artifact, type: "system.HTML", name: "page.txt" })).toBe("html");
    expect(previewKind({ ...artifact, type: "system.Metrics", metadata: { accuracy: 1 } })).toBe("metrics");
    expect(previewKind({ ...artifact, isDirectory: true })).toBe("directory");
  });

  it("goes by the first name with an extension", () => {
    expect(previewKind({ ...artifact, name: "report.MD" })).toBe("markdown");
    expect(previewKind({ ...artifact, path: "runs/1/train.ipynb" })).toBe("notebook");
    expect(previewKind({ ...artifact, name: "model.pkl" })).toBe("none");
    expect(previewKind(artifact)).toBe("text");
  });

  it("knows tables by their names, and documents", () => {
    const kinds = ["a.csv", "a.jsonl", "a.NDJSON", "part-0.parquet", "paper.pdf"].map((name) =>
      previewKind({ ...artifact, name }),
    );
    expect(kinds).toEqual(["table", "json-lines", "json-lines", "parquet", "pdf"]);
  });

  it("leaves what is remote to a download, and what is large until it is asked for", () => {
    expect(previewKind({ ...artifact, path: null })).toBe("none");
    expect(isLarge("json", 3_000_000)).toBe(true);
    expect(isLarge("json", null)).toBe(false);
    expect(isLarge("parquet", 1e12)).toBe(false);
  });
});

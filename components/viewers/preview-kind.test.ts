/** Viewers are chosen by type and name, and never for what is too large. */
import { describe, expect, it } from "vitest";
import { previewKind } from "./preview-kind";

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

  it("leaves what is remote or too large to a download", () => {
    expect(previewKind({ ...artifact, path: null })).toBe("none");
    expect(previewKind({ ...artifact, name: "a.json", size: 3_000_000 })).toBe("none");
  });
});

/** A notebook becomes a pipeline of one step, or says why not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNotebook } from "./index";

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "python3", display_name: "Python 3 (ipykernel)", language: "python" },
    language_info: { name: "python" },
  },
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: "# Title" },
    { cell_type: "code", id: "b", metadata: {}, source: ["x = 1\n", "x"], outputs: [], execution_count: null },
  ],
};

function problemsOf(document: unknown) {
  const outcome = parseNotebook("n.ipynb", typeof document === "string" ? document : JSON.stringify(document));
  return outcome.problems.map((problem) => `${problem.severity} ${problem.rule} ${problem.place}`);
}

describe("parseNotebook", () => {
  it("is one step named as its file, with kernel and language kept", () => {
    const outcome = parseNotebook("work/My report.v2.ipynb", JSON.stringify(NOTEBOOK));
    if (!outcome.ok) throw new Error("refused");
    expect(outcome.problems).toEqual([]);
    expect(outcome.graph).toMatchObject({
      name: "My report.v2",
      formatVersion: "nbformat 4.5",
      format: "notebook",
      parameters: [],
    });
    expect(outcome.graph.steps).toHaveLength(1);
    expect(outcome.graph.steps[0]).toMatchObject({
      kind: "notebook",
      path: "My%20report.v2",
      key: "My report.v2",
      description: "Python 3 (ipykernel) (python), 1 code cell",
      body: { runner: "notebook", file: "My report.v2.ipynb" },
    });
    expect(outcome.graph.needs).toEqual([{ path: "My report.v2.ipynb", kind: "file", step: "My%20report.v2" }]);
  });

  it("refuses other formats with what to do", () => {
    expect(problemsOf({ ...NOTEBOOK, nbformat: 3, worksheets: [] })).toEqual(["error old-notebook nbformat"]);
    expect(problemsOf({ ...NOTEBOOK, nbformat: 5 })).toEqual(["error newer-notebook nbformat"]);
    expect(problemsOf({ cells: [] })).toEqual(["error not-a-notebook nbformat"]);
    expect(problemsOf([])).toEqual(["error not-a-notebook nbformat"]);
    expect(problemsOf({ nbformat: 4, nbformat_minor: 5 })).toEqual(["error not-a-notebook cells"]);
    const old = parseNotebook("n.ipynb", '{"nbformat": 3}');
    expect(old.problems[0]?.message).toContain("nbconvert");
  });

  it("gives the place of broken JSON and broken cells", () => {
    expect(problemsOf('{"nbformat": 4,\n "cells": [}')).toEqual(["error syntax line 2, column 12"]);
    expect(problemsOf({ ...NOTEBOOK, cells: [{ cell_type: "poem", source: "" }, { cell_type: "code" }] })).toEqual([
      "error invalid-cell cells[0]",
      "error invalid-cell cells[1].source",
    ]);
  });

  it("warns of a notebook without code or kernel and still takes it", () => {
    expect(problemsOf({ nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [] })).toEqual([
      "warning no-code cells",
      "warning no-kernel metadata.kernelspec",
    ]);
  });

  it("takes the bare NaN that Python writes into outputs", () => {
    const text = JSON.stringify(NOTEBOOK).replace('"outputs":[]', '"outputs":[{"data":{"x":NaN}}]');
    expect(parseNotebook("n.ipynb", text).ok).toBe(true);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, name) => {
        parseNotebook(name, JSON.stringify(value));
        parseNotebook(name, JSON.stringify({ ...NOTEBOOK, metadata: value, cells: [value] }));
        parseNotebook(name, name);
      }),
    );
    expect(parseNotebook("half \ud800.ipynb", JSON.stringify(NOTEBOOK)).ok).toBe(true);
  });
});

/** Notebooks are read into data only: the richest safe form, and null for what is no notebook. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNotebook } from "./notebook-model";

const notebook = (outputs: readonly unknown[]) =>
  JSON.stringify({ nbformat: 4, cells: [{ cell_type: "code", source: ["a\n", "b"], execution_count: 3, outputs }] });

const first = (output: unknown) => readNotebook(notebook([output]))?.[0]?.outputs[0];

describe("readNotebook", () => {
  it("joins sources and keeps counts", () => {
    expect(readNotebook(notebook([]))).toEqual([{ kind: "code", source: "a\nb", count: 3, outputs: [] }]);
  });

  it("takes a picture before markup before text", () => {
    const data = { "text/plain": "<Figure>", "text/html": "<b>x</b>", "image/png": "aGk=\n" };
    expect(first({ output_type: "display_data", data })).toEqual({ kind: "image", src: "data:image/png;base64,aGk=" });
    expect(first({ output_type: "execute_result", data: { "text/html": ["<b>", "x"] } })).toEqual({
      kind: "html",
      html: "<b>x",
    });
  });

  it("does not believe a picture that is none", () => {
    const data = { "image/png": 'x" onerror="alert(1)', "text/plain": "t" };
    expect(first({ output_type: "display_data", data })).toEqual({ kind: "text", text: "t", isError: false });
  });

  it("shows tracebacks and standard error as trouble", () => {
    expect(first({ output_type: "error", traceback: ["a", "b"] })).toEqual({
      kind: "text",
      text: "a\nb",
      isError: true,
      isTrace: true,
    });
    expect(first({ output_type: "stream", name: "stderr", text: ["w"] })).toEqual({
      kind: "text",
      text: "w",
      isError: true,
    });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        (text) => readNotebook(text) === null || Array.isArray(readNotebook(text)),
      ),
    );
  });
});

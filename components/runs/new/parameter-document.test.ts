/** The text view says the same as the fields, takes YAML and JSON, and names what it cannot take. */
import { describe, expect, it } from "vitest";
import type { ParameterSpec } from "@/pipelines/graph";
import { readDocument, takeValues, writeDocument } from "./parameter-document";

const SPECS: readonly ParameterSpec[] = [
  { name: "rate", type: "number", required: false, default: 0.5 },
  { name: "label", type: "string", required: true },
  { name: "tags", type: "list", required: false },
  { name: "mode", type: "string", required: false, literals: ["fast", "slow"] },
  { name: "note", type: "string", required: false },
];
const TEXTS = ["0.25", "on", '["a", 1]', '"slow"', ""];

describe("the values of a form as text", () => {
  it("reads back to the same fields, though YAML has words of its own for some texts", () => {
    const document = writeDocument(SPECS, TEXTS);
    expect(document).toContain("rate: 0.25\n");
    const reading = readDocument(SPECS, document);
    expect(reading).toEqual({
      ok: true,
      unknown: [],
      texts: { rate: "0.25", label: "on", tags: JSON.stringify(["a", 1], null, 2), mode: '"slow"' },
    });
  });

  it("takes JSON, and what other tools keep under a name", () => {
    for (const text of [
      '{"label": "x"}',
      '{"parameters": {"label": "x"}}',
      "runtime_config:\n  parameters: {label: x}",
    ]) {
      expect(readDocument(SPECS, text)).toMatchObject({ ok: true, texts: { label: "x" } });
    }
  });

  it("names what has no place and what is of a wrong type, and never throws", () => {
    expect(readDocument(SPECS, "label: x\nold: 1")).toMatchObject({ ok: true, unknown: ["old"] });
    expect(readDocument(SPECS, 'rate: "0.1"\nlabel: 3')).toEqual({
      ok: false,
      problems: ["rate takes a number.", "label takes text."],
    });
    expect(readDocument(SPECS, "- a")).toMatchObject({ ok: false });
    expect(readDocument(SPECS, "a: [")).toMatchObject({ ok: false });
  });

  it("keeps what cannot be read yet as it was typed", () => {
    expect(writeDocument(SPECS, ["fast", "x", "", "", ""])).toBe("rate: fast\nlabel: x\n");
  });

  it("leaves a value that another run never had as it would be without it", () => {
    expect(takeValues(SPECS, { rate: null, label: "x", gone: 1 })).toEqual({
      texts: { rate: "", label: "x" },
      unknown: ["gone"],
    });
  });
});

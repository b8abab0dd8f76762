/** A form starts with what is known, keeps it across versions, and sorts what the server refused. */
import { describe, expect, it } from "vitest";
import { fieldId, readValues, valueErrors } from "@/components/run-inputs/parameter-values";
import type { ParameterSpec, Problem } from "@/pipelines/graph";
import { initialValues, NO_PREFILL, placeProblems } from "./form-values";

const SPECS: readonly ParameterSpec[] = [
  { name: "rounds", type: "integer", required: true },
  { name: "rate", type: "number", required: false, default: 0.5 },
  { name: "constructor", type: "string", required: false },
];

describe("the form of a new run", () => {
  it("starts with defaults, an earlier run's values over them, and typed texts over all", () => {
    expect(initialValues(SPECS, NO_PREFILL).parameters).toEqual(["", "0.5", ""]);
    const prefill = { ...NO_PREFILL, values: { rounds: 3, rate: 0.1 }, texts: { rate: "0.2" } };
    expect(initialValues(SPECS, prefill).parameters).toEqual(["3", "0.2", ""]);
  });

  it("leaves out again what another run left out", () => {
    const prefill = { ...NO_PREFILL, values: { rounds: 3, rate: 0.1, constructor: null } };
    const { parameters } = initialValues(SPECS, prefill);
    expect(parameters).toEqual(["3", "0.1", ""]);
    expect(readValues(SPECS, parameters)).toEqual({ rounds: 3, rate: 0.1 });
  });

  it("sends what was given and names what cannot be sent", () => {
    expect(readValues(SPECS, ["3", "", ""])).toEqual({ rounds: 3 });
    expect(valueErrors(SPECS, ["", "fast", ""])).toEqual([
      { fieldId: fieldId(0), label: "rounds", message: "This value is required." },
      { fieldId: fieldId(1), label: "rate", message: "Write a number, such as 0.01 or 1e-3." },
    ]);
  });

  it("puts the server's refusals at their fields", () => {
    const problem = (place: string): Problem => ({ severity: "error", stage: "run", place, rule: "r", message: "no" });
    const sorted = placeProblems(SPECS, [problem("rate"), problem("parameters.rounds"), problem("root.dag")]);
    expect(sorted.atFields.map((each) => each.fieldId)).toEqual([fieldId(1), fieldId(0)]);
    expect(sorted.others).toEqual([problem("root.dag")]);
  });
});

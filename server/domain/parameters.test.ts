/** Parameters given for a run: checked as Kubeflow checks them, in its words, without converting anything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonValue, PARAMETER_TYPES, type ParameterSpec } from "@/pipelines/graph";
import { checkParameters, isOfType } from "./parameters";

const spec = (name: string, changes: Partial<ParameterSpec> = {}): ParameterSpec => ({
  name,
  type: "string",
  required: true,
  ...changes,
});

function check(specs: ParameterSpec[], given: { [name: string]: JsonValue } | null): unknown {
  const outcome = checkParameters(specs, given === null ? null : new Map(Object.entries(given)));
  return outcome.ok ? Object.fromEntries(outcome.values) : outcome.problems.map((one) => one.message);
}

describe("checkParameters", () => {
  it("fills defaults and nulls, and keeps what was given", () => {
    const specs = [
      spec("a"),
      spec("b", { required: false, default: "x" }),
      spec("c", { required: false }),
      spec("d", { required: false, default: null }),
    ];
    expect(check(specs, { a: "1" })).toEqual({ a: "1", b: "x", c: null, d: null });
    expect(check([], null)).toEqual({});
  });

  it.each<[string, ParameterSpec[], { [name: string]: JsonValue } | null, string]>([
    [
      "missing",
      [spec("a"), spec("b")],
      { b: "" },
      "parameter a is not optional, yet has neither default value nor user provided value",
    ],
    [
      "nothing given",
      [spec("a"), spec("b")],
      null,
      "pipeline requiring input has no parameter(s) provided. Need parameter(s): a, b",
    ],
    ["unknown", [], { z: 1, y: 2 }, "parameter(s) provided are not required by pipeline: y, z"],
    [
      "number for text",
      [spec("a")],
      { a: 1 },
      "input parameter a requires type string, but the parameter value is of type double",
    ],
    [
      "text for number",
      [spec("a", { type: "integer" })],
      { a: "1" },
      "input parameter a requires type double or integer, but the parameter value is of type string",
    ],
    [
      "null",
      [spec("a", { type: "list", required: false })],
      { a: null },
      "input parameter a requires type list, but the parameter value is of type null",
    ],
    [
      "text for boolean",
      [spec("a", { type: "boolean" })],
      { a: "true" },
      "input parameter a requires type bool, but the parameter value is of type string",
    ],
    [
      "list for struct",
      [spec("a", { type: "struct" })],
      { a: [] },
      "input parameter a requires type struct, but the parameter value is of type list",
    ],
    [
      "literal",
      [spec("a", { literals: ["x", "y"] })],
      { a: "z" },
      'input parameter "a" value "z" does not match any of the allowed literal values: "x", "y"',
    ],
  ])("%s", (_, specs, given, message) => {
    expect(check(specs, given)).toEqual([message]);
  });

  it("lets a fraction pass for an integer and compares literals by value", () => {
    expect(check([spec("a", { type: "integer" })], { a: 1.5 })).toEqual({ a: 1.5 });
    expect(check([spec("a", { type: "struct", literals: [{ p: 1, q: [2] }] })], { a: { q: [2], p: 1 } })).toEqual({
      a: { q: [2], p: 1 },
    });
  });

  it("reports everything that is wrong at once", () => {
    expect(check([spec("a"), spec("b", { type: "integer" })], { b: "1", c: 1 })).toHaveLength(3);
  });

  it("accepts a value exactly when it fits the type", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PARAMETER_TYPES), fc.jsonValue(), (type, value) => {
        const json = JSON.parse(JSON.stringify(value)) as JsonValue;
        expect(checkParameters([spec("a", { type })], new Map([["a", json]])).ok).toBe(isOfType(type, json));
      }),
    );
  });
});

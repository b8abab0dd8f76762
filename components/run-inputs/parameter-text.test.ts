/** A value typed as shown is the same value; what cannot be a value says why. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, ParameterSpec, ParameterType } from "@/pipelines/graph";
import { parameterText, readParameter } from "./parameter-text";

const spec = (type: ParameterType, more: Partial<ParameterSpec> = {}): ParameterSpec => ({
  name: "p",
  type,
  required: false,
  ...more,
});

const values: { readonly [type in ParameterType]: fc.Arbitrary<JsonValue> } = {
  string: fc.string({ minLength: 1 }),
  integer: fc.maxSafeInteger(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  boolean: fc.boolean(),
  list: fc.array(fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  struct: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
};

describe("a parameter's text", () => {
  it.each(Object.entries(values))("of type %s reads back to the same value", (type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const one = spec(type as ParameterType);
        expect(readParameter(one, parameterText(one, value))).toEqual({ ok: true, value });
      }),
    );
  });

  it("offers literals by their JSON and refuses any other", () => {
    const one = spec("string", { literals: ["sgd", "adam"] });
    expect(readParameter(one, parameterText(one, "adam"))).toEqual({ ok: true, value: "adam" });
    expect(readParameter(one, '"rmsprop"')).toMatchObject({ ok: false });
  });

  it("asks for a required value without a default, and leaves the default alone otherwise", () => {
    expect(readParameter(spec("integer", { required: true }), "")).toEqual({
      ok: false,
      message: "This value is required.",
    });
    expect(readParameter(spec("integer", { default: 3 }), "")).toEqual({ ok: true, value: undefined });
  });

  it("sends an emptied text that had a default as empty text", () => {
    expect(readParameter(spec("string", { default: "a" }), "")).toEqual({ ok: true, value: "" });
  });

  it.each([
    ["integer", "1.5"],
    ["integer", "99999999999999999999"],
    ["number", "abc"],
    ["number", "Infinity"],
    ["list", '{"a":1}'],
    ["struct", "[1]"],
    ["struct", "{"],
    ["boolean", "yes"],
  ] as const)("refuses %s %s with a sentence that says what to write", (type, text) => {
    const reading = readParameter(spec(type), text);
    expect(reading.ok).toBe(false);
    expect(reading.ok ? "" : reading.message).toMatch(/\.$/);
  });
});

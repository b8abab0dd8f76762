/** Values as text and back, as Kubeflow's launcher does it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue, ParameterType } from "@/pipelines/graph";
import { applySelector, fitInput, parseLenientJson, readParameterFile, valueText } from "./values";

describe("valueText", () => {
  it.each<[JsonValue, string]>([
    ["a b", "a b"],
    [3.0, "3"],
    [0.1, "0.1"],
    [true, "true"],
    [null, ""],
    [[1, "a", { b: null }], '[1,"a",{"b":null}]'],
  ])("%j → %s", (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});

describe("readParameterFile", () => {
  it.each<[ParameterType, string, JsonValue]>([
    ["string", " kept \n", " kept \n"],
    ["string", "", ""],
    ["integer", " 42\n", 42],
    ["integer", "3.0", 3],
    ["number", "-1.5e3", -1500],
    ["boolean", "T\n", true],
    ["boolean", "False", false],
    ["list", "[1, NaN]", [1, "NaN"]],
    ["struct", '{"a": {}}', { a: {} }],
  ])("%s %j → %j", (type, text, value) => {
    expect(readParameterFile(type, text)).toEqual({ ok: true, value });
  });

  it.each<[ParameterType, string]>([
    ["integer", "1.5"],
    ["integer", "0x10"],
    ["number", ""],
    ["number", "Infinity"],
    ["boolean", "yes"],
    ["list", "{}"],
    ["struct", "[1]"],
    ["struct", '{"__proto__": 1}'],
    ["list", "[".repeat(10_000)],
  ])("%s %.20j is no value", (type, text) => {
    expect(readParameterFile(type, text)).toMatchObject({ ok: false });
  });

  it("reads back what valueText wrote", () => {
    const cases = fc.oneof(
      fc.tuple(fc.constant<ParameterType>("string"), fc.string()),
      fc.tuple(fc.constant<ParameterType>("integer"), fc.integer()),
      fc.tuple(fc.constant<ParameterType>("number"), fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.tuple(fc.constant<ParameterType>("boolean"), fc.boolean()),
      fc.tuple(fc.constant<ParameterType>("list"), fc.array(fc.integer())),
    );
    fc.assert(
      fc.property(cases, ([type, value]) => {
        expect(readParameterFile(type, valueText(value))).toEqual({
          ok: true,
          value: JSON.parse(JSON.stringify(value)),
        });
      }),
    );
  });
});

describe("inputs", () => {
  it("become text for a string and must match any other type", () => {
    expect(fitInput("a", "string", { b: 1 })).toEqual({ ok: true, value: '{"b":1}' });
    expect(fitInput("a", "string", 3)).toEqual({ ok: true, value: "3" });
    expect(fitInput("a", "integer", 1.5)).toEqual({ ok: true, value: 1.5 });
    expect(fitInput("a", "list", "[1]")).toMatchObject({ ok: false });
    expect(fitInput("a", "number", null)).toMatchObject({ ok: false });
  });

  it("are picked by a selector, from a value or from its JSON text", () => {
    const selector = 'parseJson(string_value)["A_a"]';
    expect(applySelector(selector, { A_a: [1] })).toEqual({ ok: true, value: [1] });
    expect(applySelector(selector, '{"A_a": "x"}')).toEqual({ ok: true, value: "x" });
    expect(applySelector("parseJson(string_value)[1]", ["a", "b"])).toEqual({ ok: true, value: "b" });
    expect(applySelector(selector, { b: 1 })).toMatchObject({ ok: false });
    expect(applySelector('parseJson(string_value)["toString"]', {})).toMatchObject({ ok: false });
    expect(applySelector(selector, "no json")).toMatchObject({ ok: false });
  });

  it("parseLenientJson says where the text is wrong", () => {
    expect(parseLenientJson('{"a": Infinity}')).toEqual({ ok: true, value: { a: "Infinity" } });
    expect(parseLenientJson("{a}")).toMatchObject({ ok: false, message: expect.stringContaining("line 1, column 2") });
  });
});

/** Conditions as the SDK writes them, what is added to that, and what is refused with its place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../graph";
import { conditionParameters, parseCondition } from "./condition";
import { evaluateCondition } from "./condition-value";

function evaluated(text: string, inputs: { [name: string]: JsonValue } = {}): boolean | string {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${parsed.at}: ${parsed.message}`);
  const value = evaluateCondition(parsed.condition, new Map(Object.entries(inputs)));
  return value.ok ? value.holds : value.message;
}

const x = "inputs.parameter_values['x']";

describe("evaluation", () => {
  it.each<[string, JsonValue, boolean]>([
    [`${x} == 'heads'`, "heads", true],
    [`${x} != 'heads'`, "heads", false],
    [`int(${x}) > 5`, 7, true],
    [`int(${x}) <= 5`, "5", true],
    [`double(${x}) < -0.5`, -1, true],
    [`${x} == true`, true, true],
    [`!(${x} == 'a') && ${x} == 'b'`, "b", true],
    [`!(${x} == 'a') && !(${x} == 'b')`, "b", false],
    [`${x} == 'a' || ${x} == 'b'`, "b", true],
    [`${x} in ['a', 'b']`, "b", true],
    [`size(${x}) == 3`, [1, 2, 3], true],
    [`string(${x}) == '3'`, 3, true],
    [`${x} == 'it\\'s'`, "it's", true],
    [`${x} == "a\\u0041"`, "aA", true],
    ["inputs.parameters['x'].string_value == 'y'", "y", true],
    [`( ( ${x} >= 1 ) )`, 1, true],
    [`-${x} == -2`, 2, true],
  ])("%s with %j is %s", (text, value, answer) => {
    expect(evaluated(text, { x: value })).toBe(answer);
  });

  it.each<[string, JsonValue, string]>([
    [`${x} == 1`, "1", "Cannot compare a string with a number by ==."],
    [`${x} > 'a'`, 1, "Cannot compare a number with a string by >."],
    [x, "true", "The condition gives a string, not true or false."],
    [`int(${x}) == 1`, "abc", 'int() cannot convert a string "abc".'],
    [`!${x}`, 1, "! needs true or false, found a number."],
    ["inputs.parameter_values['gone'] == 1", 1, 'The input parameter "gone" has no value.'],
  ])("%s with %j has no answer", (text, value, message) => {
    expect(evaluated(text, { x: value })).toBe(message);
  });

  it("lets one side of && and || decide although the other is an error", () => {
    expect(evaluated("inputs.parameter_values['gone'] == 1 || true")).toBe(true);
    expect(evaluated("false && inputs.parameter_values['gone'] == 1")).toBe(false);
    expect(evaluated("inputs.parameter_values['gone'] == 1 && true")).toContain("gone");
  });
});

describe("syntax", () => {
  it.each([
    ["", 0],
    [`${x} == 'it's'`, 36],
    [`${x} = 1`, 29],
    [`${x} + 1 > 2`, 29],
    ["inputs.artifacts['a'] == 1", 7],
    ["system('rm') == 1", 0],
    [`${x} == 1)`, 33],
    ["1 == 1 == 1", 7],
    ["(".repeat(200), 100],
    ["!".repeat(10_000), 100],
    [`true${" && true".repeat(2_000)}`, 8_005],
  ])("%.60j is refused at %i", (text, at) => {
    const outcome = parseCondition(text);
    expect(outcome.ok ? "accepted" : outcome.at).toBe(at);
  });

  it("answers on any text", () => {
    const part = fc.constantFrom(
      x,
      "==",
      "'a'",
      "1",
      "(",
      ")",
      "!",
      "&&",
      "||",
      "in",
      "[",
      "]",
      ",",
      "int",
      "true",
      "-",
      " ",
      "'",
      "\\",
      "é",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const outcome = parseCondition(parts.join(""));
        if (outcome.ok) evaluateCondition(outcome.condition, new Map([["x", 1]]));
        else expect(outcome.message).toMatch(/\.$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("lists the parameters it reads", () => {
    const outcome = parseCondition(`!(${x} == 1) && inputs.parameter_values['y'] in [${x}]`);
    expect(outcome.ok && conditionParameters(outcome.condition)).toEqual(["x", "y", "x"]);
  });
});

import { expect, it } from "vitest";
import { conditionOf, shortCondition } from "./condition-text";
import { stateWords } from "./run-status";

it.each([
  ["inputs.parameter_values['pipelinechannel--flip-coin-Output'] == 'heads'", "flip-coin-Output == 'heads'"],
  ["(inputs.parameter_values['n'] > 1)", "n > 1"],
  [
    "!(inputs.parameter_values['pipelinechannel--a'] == 'x') && inputs.parameter_values[\"b\"] < 2",
    "!(a == 'x') && b < 2",
  ],
])("%s is read as %s", (cel, short) => {
  expect(shortCondition(cel)).toBe(short);
});

it("names a state by its reason where that says more", () => {
  expect(stateWords("queued", { code: "waiting-for-retry" })).toBe("Will try again");
  expect(stateWords("queued", { code: "waiting-for-slot" })).toBe("Queued");
  expect(stateWords("failed", null)).toBe("Failed");
});

it("gives a condition with its values, and nothing for other reasons", () => {
  const subject = { condition: "inputs.parameter_values['n'] > 1", values: { "pipelinechannel--n": 0 } };
  expect(conditionOf({ code: "condition-false", message: "", subject })).toEqual({
    text: "n > 1",
    values: [["n", "0"]],
  });
  expect(conditionOf({ code: "exit-code", message: "", subject: 1 })).toBeNull();
});

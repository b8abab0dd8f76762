/** What separates two runs of a pipeline. */
import { expect, test } from "vitest";
import { type Asked, median, runDifferences } from "./run-differences";

const asked = (parameters: Asked["parameters"], rest: Partial<Asked> = {}): Asked => ({
  version: 1,
  profile: "local",
  parameters,
  ...rest,
});

test("equal runs differ in nothing, whatever the order of their keys", () => {
  expect(runDifferences(asked({ a: { x: 1, y: [2] }, b: 1 }), asked({ b: 1, a: { y: [2], x: 1 } }))).toEqual([]);
});

test("version, profile and parameters are told in this order; what only one has lacks the other side", () => {
  const before = asked({ lr: 0.01, old: null, same: "s" });
  const now = asked({ lr: 0.1, new: [1], same: "s" }, { version: 3, profile: "night" });
  expect(runDifferences(before, now)).toEqual([
    { what: "version", from: 1, to: 3 },
    { what: "profile", from: "local", to: "night" },
    { what: "parameter", name: "lr", from: 0.01, to: 0.1 },
    { what: "parameter", name: "new", to: [1] },
    { what: "parameter", name: "old", from: null },
  ]);
});

test("parameters that are called like what objects inherit are parameters all the same", () => {
  const before = asked(JSON.parse('{"constructor": 1}'));
  expect(runDifferences(before, asked({}))).toEqual([{ what: "parameter", name: "constructor", from: 1 }]);
});

test("the middle of durations", () => {
  expect([median([]), median([5]), median([9, 1, 5]), median([1, 2, 3, 4])]).toEqual([null, 5, 5, 3]);
});

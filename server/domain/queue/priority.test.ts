/** Priorities in words, and the one in front of others. */
import { expect, it } from "vitest";
import { beforeAll, MAX_PRIORITY, priorityText } from "./priority";

it("some have names", () => {
  expect([0, 10, -10, 100, 7].map(priorityText)).toEqual([
    "Ordinary (0)",
    "High (10)",
    "Low (-10)",
    "Highest (100)",
    "7",
  ]);
});

it("the front is one above the highest, and never below where a run is", () => {
  expect(beforeAll(0, [0, 3])).toBe(4);
  expect(beforeAll(9, [0, 3])).toBe(9);
  expect(beforeAll(0, [MAX_PRIORITY])).toBe(MAX_PRIORITY);
  expect(beforeAll(-5, [])).toBe(-5);
});

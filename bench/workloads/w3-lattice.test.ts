import { expect, test } from "vitest";
import { startDelays } from "./w3-lattice";

const step = (queuedAt: number, startedAt: number, finishedAt: number) => ({
  taskKey: startedAt,
  path: "s",
  queuedAt,
  startedAt,
  finishedAt,
});

test("a step is late only from when it was ready and a slot had been freed", () => {
  expect(startDelays([step(0, 1, 10), step(0, 2, 20), step(0, 13, 30)], 2)).toEqual([1, 2, 3]);
  expect(startDelays([step(0, 1, 10), step(12, 13, 30)], 1)).toEqual([1, 1]);
});

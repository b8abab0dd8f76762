import { expect, test } from "vitest";
import { lineageColumns } from "./lineage-model";

test("hops stand in columns in the order of time, and a circle of readers ends", () => {
  const lineage = {
    artifacts: [],
    tasks: [],
    // 1 made a1; 2 read a1 and made a2; 3 read a2 and a1 and made a3.
    made: [
      { task: 1, artifact: 1 },
      { task: 2, artifact: 2 },
      { task: 3, artifact: 3 },
    ],
    read: [
      { task: 2, artifact: 1 },
      { task: 3, artifact: 2 },
      { task: 3, artifact: 1 },
    ],
    isCut: false,
  };
  const told = lineageColumns(lineage, 2).map(({ hops, nodes }) => [
    hops,
    nodes.map(({ kind, id }) => `${kind[0]}${id}`),
  ]);
  expect(told).toEqual([
    [-3, ["t1"]],
    [-2, ["a1"]],
    [-1, ["t2"]],
    [0, ["a2"]],
    [1, ["t3"]],
    [2, ["a3"]],
  ]);
});

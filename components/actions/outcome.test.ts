import { expect, it } from "vitest";
import { oneByOne, targetsInWords } from "./outcome";

const targets = [
  { id: "a", name: "first" },
  { id: "b", name: "second" },
  { id: "c", name: "third" },
];

it("goes on after a failure, and tells each by its name", async () => {
  const called: string[] = [];
  const reached: number[] = [];
  const outcome = await oneByOne(
    targets,
    async (id) => {
      called.push(id);
      if (id === "b") throw new Error("it is in use");
    },
    (error) => (error instanceof Error ? error.message : ""),
    (count) => reached.push(count),
  );
  expect(reached).toEqual([1, 2, 3]);
  expect(called).toEqual(["a", "b", "c"]);
  expect(outcome.done.map(({ name }) => name)).toEqual(["first", "third"]);
  expect(outcome.failed).toEqual([{ id: "b", name: "second", message: "it is in use" }]);
});

it("names one, and counts several", () => {
  expect(targetsInWords("pipeline", targets.slice(0, 1))).toBe("first");
  expect(targetsInWords("pipeline", targets)).toBe("3 pipelines");
});

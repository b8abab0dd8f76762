import { expect, it } from "vitest";
import { inIteration, innermostIteration, iterationText } from "./iteration-path";

it.each([
  ["train", ""],
  ["loop/[2]", "[2]"],
  ["outer/[2]/inner/[0]/train", "[2] [0]"],
])("%s stands in %j", (path, text) => {
  expect(iterationText(path)).toBe(text);
});

it("finds the innermost iteration and the same place in another one", () => {
  const innermost = innermostIteration("outer/[2]/inner/[0]/g/train");
  expect(innermost).toEqual({
    loop: "outer/[2]/inner",
    index: 0,
    path: "outer/[2]/inner/[0]",
    rest: ["g", "train"],
  });
  expect(innermost && inIteration(innermost, 7)).toBe("outer/[2]/inner/[7]/g/train");
  expect(innermostIteration("g/train")).toBeNull();
});

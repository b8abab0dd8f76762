import { expect, it } from "vitest";
import { instancePath } from "./instance-path";

it.each([
  ["a", "b", "a"],
  ["g/a", "g/b", "g/a"],
  ["loop/a", "loop/[2]/b", "loop/[2]/a"],
  ["loop", "loop/[2]/b", "loop"],
  ["prep", "loop/[2]/b", "prep"],
  ["loop/inner", "loop/[2]/inner/[0]/b", "loop/[2]/inner"],
  ["loop/inner/a", "loop/[2]/inner/[0]/b", "loop/[2]/inner/[0]/a"],
  ["loop/g/a", "loop/[1]/g", "loop/[1]/g/a"],
  ["other/a", "loop/[2]/b", "other/a"],
])("%s seen from %s is %s", (step, from, task) => {
  expect(instancePath(step, from)).toBe(task);
});

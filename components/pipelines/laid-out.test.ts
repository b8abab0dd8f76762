/** One line of JSON says nothing when it differs; several lines are as their author laid them out. */
import { expect, it } from "vitest";
import { laidOut } from "./laid-out";

it.each([
  ['{"a":[1,2]}\n', '{\n  "a": [\n    1,\n    2\n  ]\n}'],
  ['{"a":\n1}', '{"a":\n1}'],
  ["root: {a: 1}", "root: {a: 1}"],
  ["{broken", "{broken"],
  ["", ""],
])("%j is compared as %j", (text, lines) => {
  expect(laidOut(text)).toBe(lines);
});

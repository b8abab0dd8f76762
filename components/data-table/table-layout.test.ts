import { expect, test } from "vitest";
import { moved, PLAIN_LAYOUT, readLayout, resized, writeLayout } from "./table-layout";

test("a layout is read back from how the address spells it", () => {
  const layout = {
    columns: ["name", "param.a:b"],
    pinned: 1,
    widths: { "param.a:b": 300 },
    density: "compact",
  } as const;
  expect(readLayout(writeLayout(layout))).toEqual(layout);
  expect(readLayout(writeLayout(PLAIN_LAYOUT))).toEqual(PLAIN_LAYOUT);
});

test("what is no layout is left out", () => {
  const address = { cols: ["a", "", "a"], pin: -3, width: ["a:wide", ":5", "a:99999"], density: "normal" } as const;
  expect(readLayout(address)).toEqual({ columns: ["a"], pinned: 0, widths: { a: 900 }, density: "normal" });
});

test("a column moves as far as there is room", () => {
  expect(moved(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"]);
  expect(moved(["a", "b", "c"], "c", -9)).toEqual(["c", "a", "b"]);
  expect(moved(["a"], "gone", 1)).toEqual(["a"]);
  expect(resized(PLAIN_LAYOUT, "a", 3).widths).toEqual({ a: 64 });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { readJsonLines } from "./json-lines";
import { columnTypes, shownRows } from "./table-order";

const ROWS = [
  ["10", "true", "2026-01-02", "pear"],
  ["9", "false", "2025-01-02T03:04:05Z", "Quince"],
  ["", "", "", ""],
  ["-1e3", "true", "2026-03-01", "fig"],
];

it("tells what columns hold from their values, nothing apart", () => {
  expect(columnTypes(5, ROWS)).toEqual(["number", "boolean", "time", "text", "text"]);
  expect(columnTypes(1, [["1"], ["x"]])).toEqual(["text"]);
});

it("sorts by what a column holds, and what is not there goes last either way", () => {
  const types = columnTypes(4, ROWS);
  const order = (column: number, isDescending: boolean) =>
    shownRows(ROWS, types, { search: "", sorting: { column, isDescending } });
  expect(order(0, false)).toEqual([3, 1, 0, 2]);
  expect(order(0, true)).toEqual([0, 1, 3, 2]);
  expect(order(2, false)).toEqual([1, 0, 3, 2]);
  expect(order(3, false)).toEqual([3, 0, 1, 2]);
});

it("finds rows by a part of any cell", () => {
  expect(shownRows(ROWS, columnTypes(4, ROWS), { search: "QUIN", sorting: null })).toEqual([1]);
});

it("shows every row once, whatever it holds and however it is sorted", () => {
  const rows = fc.array(fc.array(fc.string(), { maxLength: 3 }), { maxLength: 30 });
  fc.assert(
    fc.property(rows, fc.nat(3), fc.boolean(), (given, column, isDescending) => {
      const shown = shownRows(given, columnTypes(3, given), { search: "", sorting: { column, isDescending } });
      expect([...shown].sort((a, b) => a - b)).toEqual(given.map((_, at) => at));
    }),
  );
});

it("reads JSON lines into columns of all their keys", () => {
  expect(readJsonLines('{"a":1}\n{"b":[2]}\nnot json\n7\n', false)).toEqual({
    header: ["a", "b", "value"],
    rows: [
      ["1", "", ""],
      ["", "[2]", ""],
      ["", "", "7"],
    ],
    broken: 1,
  });
  expect(readJsonLines('{"a":1}\n{"a":', true)).toMatchObject({ rows: [["1"]], broken: 0 });
});

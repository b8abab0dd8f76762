import Papa from "papaparse";
import { expect, test } from "vitest";
import { csvLine } from "./csv";

test("what a spreadsheet would take for a formula is text, and everything reads back", () => {
  const values = ["=1+1", "+x", "-x", "@x", "\tx", 'say "a, b"\nnext', "", null, -0.5, true, { a: [1] }];
  const line = csvLine(values);
  expect(Papa.parse<string[]>(line.trimEnd()).data[0]).toEqual([
    ...["'=1+1", "'+x", "'-x", "'@x", "'\tx", 'say "a, b"\nnext', "", "", "-0.5", "true", '{"a":[1]}'],
  ]);
  expect(line.endsWith("\r\n")).toBe(true);
});

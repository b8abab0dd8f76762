import stringWidth from "string-width";
import { expect, test } from "vitest";
import { columns } from "./table";

const ROWS = [
  ["ID", "STATE", "NAME"],
  ["3f2a91", { state: "failed" }, "a name that is far too long for the terminal that it is shown on"],
  ["77", { state: "running" }, "夜間の報告書を作るためのパイプラインの名前"],
] as const;

test("columns are as wide as what is in them, without blanks at the end", () => {
  expect(
    columns([
      ["A", "B"],
      ["long one", "x"],
      ["y", ""],
    ]),
  ).toBe("A         B\nlong one  x\ny");
});

test("a table keeps to the terminal, the first column whole; wide characters count twice", () => {
  for (const width of [40, 30, 27]) {
    const lines = columns(ROWS, { columns: width, isColored: false }).split("\n");
    expect(lines.map((line) => stringWidth(line) <= width)).toEqual([true, true, true]);
    expect(lines[1]).toMatch(/^3f2a91 {2}failed {3}a na.*…$/);
    expect(lines[2]).toMatch(/…$/);
  }
});

test("colour only repeats the word of a state, and a name that reads like one has none", () => {
  const colored = columns([["failed", { state: "failed" }]], { columns: null, isColored: true });
  expect(colored).toBe("failed  \u001b[31mfailed\u001b[39m");
  expect(columns([["failed", { state: "failed" }]])).toBe("failed  failed");
});

test("line breaks and control characters do not tear a table", () => {
  expect(columns([["a\nb\u001b[2J", "c"]])).toBe("a b [2J  c");
});

/** Trouble is recognised by the marks that tools really print, and colours live on from row to row. */
import { describe, expect, it } from "vitest";
import { chosenRows, levelRows, lineLevel } from "./log-levels";
import { rowStyles } from "./log-styles";
import { appendBytes, emptyWindow } from "./log-window";

const windowOf = (text: string) => appendBytes(emptyWindow(), new TextEncoder().encode(text));

describe("lineLevel", () => {
  it.each([
    ["ValueError: quince", "error"],
    ["Traceback (most recent call last):", "error"],
    ["2026-11-21 03:24:09 ERROR train: no rows", "error"],
    ["[ERROR] no rows", "error"],
    ["error: could not compile", "error"],
    ["sh: 1: nosuch: command not found", "error"],
    ["WARNING: small sample", "warning"],
    ["/lib/x.py:3: FutureWarning: soon", "warning"],
    ["0 errors, 0 warnings", null],
    ["mean absolute error 0.31", null],
    ["terror: a film", null],
  ])("%s", (line, level) => expect(lineLevel(line)).toBe(level));

  it("finds rows through colours and segments", () => {
    const rows = levelRows(windowOf("fine\n\u001b[31mERROR\u001b[0m bad\nWARNING: odd\nKeyError: 'a'\n"));
    expect(rows).toEqual({ error: [1, 3], warning: [2] });
    expect(chosenRows(rows, [])).toBeNull();
    expect(chosenRows(rows, ["warning", "error"])).toEqual([1, 2, 3]);
  });
});

describe("rowStyles", () => {
  it("keeps a colour until it is reset", () => {
    const at = rowStyles(windowOf("plain\n\u001b[31mred\nstill red\nend\u001b[0m\nplain\n"));
    expect([0, 1, 2, 3, 4].map((row) => at(0, row))).toEqual([{}, {}, { fg: 1 }, { fg: 1 }, {}]);
  });
});

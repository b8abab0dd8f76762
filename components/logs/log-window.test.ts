/** Segments and windows: however a log is cut into pieces, its rows, numbers and places come out the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appendBytes,
  emptyWindow,
  findRow,
  type LogWindow,
  lineNumber,
  prependBytes,
  rowAtOffset,
  rowOffset,
  rowOfLine,
  trimWindow,
  windowFrom,
} from "./log-window";
import { collapseReturns, indexSegment, MAX_ROW_BYTES, rowText } from "./segment";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function texts(window: LogWindow): string[] {
  return Array.from({ length: window.rows }, (_, row) => {
    const found = findRow(window, row);
    return found === null ? "" : rowText(found.segment, found.row).text;
  });
}

const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "漢", "🙂", "\t"), maxLength: 12 }), {
  maxLength: 40,
});
const cuts = fc.array(fc.nat(400), { maxLength: 8 });

function pieces(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const borders = [0, ...at.map((n) => n % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).map((end, i) => bytes.subarray(borders[i] ?? 0, end));
}

describe("a window that grows", () => {
  it("shows the same rows however the bytes arrive, also cut inside a character", () => {
    fc.assert(
      fc.property(lines, cuts, fc.boolean(), (rows, at, isEnded) => {
        const text = rows.join("\n") + (isEnded && rows.length > 0 ? "\n" : "");
        const bytes = encode(text);
        const window = pieces(bytes, at).reduce(appendBytes, emptyWindow());
        const expected = text.split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(texts(window)).toEqual(expected);
        expect(window.end).toBe(bytes.length);
        expected.forEach((_, row) => {
          expect(lineNumber(window, row)).toBe(row + 1);
          expect(rowOfLine(window, row + 1)).toBe(row);
          expect(rowAtOffset(window, rowOffset(window, row))).toBe(row);
        });
      }),
    );
  });

  it("reads backwards from the end to the whole log", () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 40 }), (rows, size) => {
        const bytes = encode(rows.join("\n"));
        let window = windowFrom(Math.max(0, bytes.length - size), bytes.subarray(Math.max(0, bytes.length - size)));
        let want = size;
        while (window.start > 0) {
          want += size;
          const from = Math.max(0, window.start - want);
          window = prependBytes(window, from, bytes.subarray(from, window.start)).window;
        }
        const whole = appendBytes(emptyWindow(), bytes);
        expect(texts(window).join("")).toBe(texts(whole).join(""));
        if (rows.length > 0 && bytes.length > 0) expect(window.firstLine).toBe(1);
      }),
    );
  });

  it("lets go of the far end and keeps numbers right", () => {
    const all = encode(Array.from({ length: 60_000 }, (_, i) => `line ${i + 1}`).join("\n"));
    let window = emptyWindow();
    for (let at = 0; at < all.length; at += 100_000) window = appendBytes(window, all.subarray(at, at + 100_000));
    const { window: cut, removedAbove } = trimWindow(window, "end", 200_000);
    expect(removedAbove).toBe(window.rows - cut.rows);
    expect(cut.end).toBe(all.length);
    const first = findRow(cut, 0);
    expect(first && rowText(first.segment, first.row).text).toBe(`line ${lineNumber(cut, 0)}`);
    const head = trimWindow(window, "start", 200_000).window;
    expect(head.start).toBe(0);
    expect(head.end).toBeLessThan(all.length);
  });
});

describe("rows", () => {
  it("cuts a line without end, between characters, and numbers only its first row", () => {
    const long = "漢".repeat(MAX_ROW_BYTES);
    const window = appendBytes(emptyWindow(), encode(`a\n${long}\nb\n`));
    const rows = texts(window);
    expect(rows.slice(1, -1).join("")).toBe(long);
    expect(rows.length).toBeGreaterThan(3);
    expect([0, 1, 2, window.rows - 1].map((row) => lineNumber(window, row))).toEqual([1, 2, null, 3]);
    expect(rowOfLine(window, 3)).toBe(window.rows - 1);
  });

  it("keeps a progress bar one row however long it rewrites itself", () => {
    const bar = Array.from({ length: 5000 }, (_, i) => `\r${i} of 5000 done`).join("");
    expect(indexSegment(0, encode(`${bar}\nnext\n`)).starts).toHaveLength(2);
    expect(texts(appendBytes(emptyWindow(), encode(`start${bar}\r\nnext`)))).toEqual(["4999 of 5000 done", "next"]);
  });

  it("collapses returns and counts them", () => {
    expect(collapseReturns("plain\r")).toEqual({ text: "plain", updates: 0 });
    expect(collapseReturns("10%\r20%\r30%")).toEqual({ text: "30%", updates: 2 });
    expect(collapseReturns("\u001b[31m10%\r20%")).toEqual({ text: "\u001b[31m20%", updates: 1 });
  });

  it("shows bytes that are no UTF-8 as replacement characters", () => {
    expect(texts(appendBytes(emptyWindow(), new Uint8Array([65, 0xff, 66, 10])))).toEqual(["A\ufffdB"]);
  });
});

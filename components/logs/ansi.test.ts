/** Terminal escapes: what is kept, what is dropped, and that no text is ever lost or made. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paletteColour, parseAnsi, plainText } from "./ansi";

const ESC = "\u001b";
const styles = (line: string) => parseAnsi(line).spans.map((span) => [span.text, span.style]);

describe("parseAnsi", () => {
  it("reads the 16 names, bright ones included", () => {
    expect(styles(`${ESC}[31mred${ESC}[0m plain ${ESC}[92;1mgreen${ESC}[m`)).toEqual([
      ["red", { fg: 1 }],
      [" plain ", {}],
      ["green", { fg: 10, bold: true }],
    ]);
  });

  it("reads 256 colours and true colours, also with colons", () => {
    expect(styles(`${ESC}[38;5;196ma${ESC}[48;5;244mb${ESC}[38;2;1;2;300mc`)).toEqual([
      ["a", { fg: "#ff0000" }],
      ["b", { fg: "#ff0000", bg: "#808080" }],
      ["c", { fg: "#0102ff", bg: "#808080" }],
    ]);
    expect(styles(`${ESC}[38:5:1mx`)).toEqual([["x", { fg: 1 }]]);
    expect(paletteColour(256)).toBeUndefined();
  });

  it("carries the style to the next line", () => {
    const { end } = parseAnsi(`${ESC}[1;33mwarn`);
    expect(parseAnsi("more", end).spans).toEqual([{ text: "more", style: { fg: 3, bold: true } }]);
  });

  it("drops cursor moves, titles and control characters", () => {
    expect(plainText(`a${ESC}[2Kb${ESC}[1A${ESC}]0;title\u0007c\u0008${ESC}(B\u0000d${ESC}P1$r${ESC}\\e`)).toBe(
      "abcde",
    );
  });

  it("keeps links to http and https only", () => {
    const link = (url: string) => parseAnsi(`${ESC}]8;;${url}${ESC}\\text${ESC}]8;;${ESC}\\ end`).spans;
    expect(link("https://example.org/a?b=1")[0]).toEqual({
      text: "text",
      style: {},
      href: "https://example.org/a?b=1",
    });
    expect(link("https://example.org/")[1]).toEqual({ text: " end", style: {} });
    for (const bad of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host", "https://"]) {
      expect(link(bad)).toEqual([{ text: "text end", style: {} }]);
    }
  });

  it("never makes text and agrees with plainText", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(`${ESC}[31m`, `${ESC}[0m`, `${ESC}]8;;http://x${ESC}\\`, ESC, `${ESC}[`, "\r", "é🙂"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const line = pieces.join("");
        const text = parseAnsi(line)
          .spans.map((span) => span.text)
          .join("");
        expect(text).toBe(plainText(line));
        expect(text).not.toContain(ESC);
        expect(line.length).toBeGreaterThanOrEqual(text.length);
      }),
    );
  });

  it("leaves lines without escapes as they are", () => {
    const line = fc.string({ unit: fc.constantFrom("a", " ", "\t", "<", "ß", "🙂") });
    fc.assert(fc.property(line, (text) => plainText(text) === text));
  });
});

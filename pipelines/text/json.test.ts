/** Reading JSON: as `JSON.parse` where that accepts, with places, limits and no dangerous keys. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryContent } from "./binary";
import { readJson, readLenientJson } from "./json";

describe("readJson", () => {
  it("agrees with JSON.parse on every value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (json, spaces) => {
        const text = JSON.stringify(json, null, spaces);
        if (/"(?:__proto__|constructor|prototype)":/.test(text)) return;
        expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it("refuses what JSON.parse refuses, and never throws", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom("{", "}", "[", "]", '"a"', ":", ",", "1", "-", "true", "nul", "\\", '"', " ", ".5", "\u0001"),
          { maxLength: 30 },
        ),
        (parts) => {
          const text = parts.join("");
          let accepted = true;
          try {
            JSON.parse(text);
          } catch {
            accepted = false;
          }
          const outcome = readJson(text);
          if (outcome.ok) expect(accepted).toBe(true);
          else if (accepted) expect(outcome.problems[0]?.rule).toBe("duplicate-key");
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['{"a": 1,\n "b": }', "syntax", "line 2, column 7"],
    ['{"a": 1, "a": 2}', "duplicate-key", "line 1, column 10"],
    ['{"a": {"__proto__": {}}}', "forbidden-key", "line 1, column 8"],
    ['{"a": "\n"}', "syntax", "line 1, column 8"],
    ['{"a": 1e999}', "syntax", "line 1, column 7"],
    ["", "syntax", "line 1, column 1"],
    ["[NaN]", "syntax", "line 1, column 2"],
    ["[".repeat(10_000), "too-deep", "line 1, column 201"],
    [`"${"x".repeat(40e6)}"`, "too-large", "the whole text"],
  ])("%.30s → %s at %s", (text, rule, place) => {
    const outcome = readJson(text);
    expect(outcome.ok ? [] : outcome.problems).toMatchObject([{ rule, place }]);
  });

  it("takes Python's bare Infinity and NaN where asked to", () => {
    expect(readLenientJson('{"a": [Infinity, -Infinity, NaN, -1]}')).toEqual({
      ok: true,
      value: { a: ["Infinity", "-Infinity", "NaN", -1] },
    });
  });

  it("takes the names of columns in data that a pipeline may not have", () => {
    const text = '{"constructor": "Ferrari", "prototype": {"constructor": 1}}';
    expect(readLenientJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    expect([readJson(text).ok, readLenientJson('{"__proto__": 1}').ok]).toEqual([false, false]);
  });
});

describe("binaryContent", () => {
  it.each([
    [new TextDecoder().decode(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d])), "a PNG image"],
    ["PK\u0003\u0004rest", "a zip archive"],
    ["a\u0000b", "binary data"],
  ])("names %j", (text, what) => {
    expect(binaryContent(text)).toBe(what);
  });
  it("leaves text alone", () => {
    expect(binaryContent("components: {}")).toBeNull();
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { maskerOf } from "./masking";
import { formsOf } from "./secret-forms";

const hide = (value: string, text: string): string => maskerOf(formsOf(value)).text(text);
const VALUE = 'p4ss "word"/ü+x\\';

test.each([
  ["as it is", VALUE],
  ["in JSON", JSON.stringify({ key: VALUE })],
  ["in JSON of ASCII alone", JSON.stringify({ key: VALUE }).replace("ü", "\\u00fc")],
  ["in an address", `https://x.example/?q=${encodeURIComponent(VALUE)}`],
  ["in a form", `q=${encodeURIComponent(VALUE).replaceAll("%20", "+")}`],
])("a value %s is hidden", (_how, text) => {
  const shown = hide(VALUE, text);
  expect(shown).toContain("**********");
  expect(shown).not.toMatch(/p4ss|word/);
});

test("base64 is hidden wherever the value stands in what was encoded, but for the characters it shares", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, maxLength: 300, unit: "binary" }),
      fc.string({ maxLength: 5 }),
      (value, lead) => {
        if (Buffer.byteLength(value) < 8) return;
        const all = Buffer.from(`${lead}${value}-and-more`);
        for (const encoding of ["base64", "base64url"] as const) {
          const shown = hide(value, all.toString(encoding));
          const stars = shown.match(/\*+/g)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0;
          expect(stars).toBeGreaterThanOrEqual(Math.floor((Buffer.byteLength(value) * 8) / 6) - 2);
        }
      },
    ),
  );
});

test.each([64, 76])("base64 broken at %i columns is hidden", (columns) => {
  const value = "key material of some length, ".repeat(12);
  const lines =
    Buffer.from(value)
      .toString("base64")
      .match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
  const shown = hide(value, lines.join("\n")).split("\n");
  expect(shown.slice(0, -1).join("")).toMatch(/^\*+$/);
});

test("the lines of a key are hidden one by one, short ones only with the whole", () => {
  const value = "-----BEGIN KEY-----\nabcdefghijkl\nshort\n-----END KEY-----\n";
  expect(hide(value, "line: abcdefghijkl; short")).toBe("line: ************; short");
  expect(hide(value, value)).toMatch(/^[*\n]+$/);
});

test("a value with a line break at its end is hidden without it too", () => {
  expect(hide("hunter22\n", "it is hunter22.")).toBe("it is ********.");
});

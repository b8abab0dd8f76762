import fc from "fast-check";
import { expect, test } from "vitest";
import { type Masker, maskerOf, NO_MASKER } from "./masking";

/** What is hidden, found the slow and plain way. */
function plainly(texts: readonly string[], text: Buffer, isEnd: boolean): Buffer {
  const out = Buffer.from(text);
  for (const known of texts.map((one) => Buffer.from(one)).filter((bytes) => bytes.length >= 4)) {
    for (let from = 0; from < text.length; from += 1) {
      const there = text.subarray(from, from + known.length);
      const isWhole = there.equals(known);
      const isBegun = isEnd && there.length >= 4 && there.equals(known.subarray(0, there.length));
      if (!isWhole && !isBegun) continue;
      for (let at = from; at < from + there.length; at += 1) if (out[at] !== 10 && out[at] !== 13) out[at] = 42;
    }
  }
  return out;
}

function hidden(masker: Masker, bytes: Buffer, isEnd: boolean): Buffer {
  const copy = Buffer.from(bytes);
  masker.hide(copy, isEnd);
  return copy;
}

const known = fc.array(fc.stringMatching(/^[ab\n]{1,9}$/), { maxLength: 6 });
const log = fc.stringMatching(/^[abc\n]{0,60}$/).map((text) => Buffer.from(text));

test("hides exactly what a plain search finds", () => {
  fc.assert(
    fc.property(known, log, fc.boolean(), (texts, bytes, isEnd) => {
      expect(hidden(maskerOf(texts), bytes, isEnd).toString()).toBe(plainly(texts, bytes, isEnd).toString());
    }),
    { numRuns: 2_000 },
  );
});

test("a part seen with its surroundings is the part of the whole, wherever it is cut", () => {
  fc.assert(
    fc.property(known, log, fc.nat(60), fc.nat(60), (texts, bytes, one, other) => {
      const masker = maskerOf(texts);
      const [from, to] = [Math.min(one, other, bytes.length), Math.min(Math.max(one, other), bytes.length)];
      const low = Math.max(0, from - masker.reach);
      const high = Math.min(bytes.length, to + masker.reach);
      const seen = hidden(masker, bytes.subarray(low, high), high === bytes.length).subarray(from - low, to - low);
      expect(seen.toString()).toBe(hidden(masker, bytes, true).subarray(from, to).toString());
    }),
    { numRuns: 2_000 },
  );
});

test("no byte moves and no line break goes", () => {
  const masker = maskerOf(["first line\nsecond", "geheim-ü"]);
  const text = "a first line\nsecond geheim-ü z";
  expect(masker.text(text)).toBe("a **********\n****** ********* z");
  expect(Buffer.byteLength(masker.text(text))).toBe(Buffer.byteLength(text));
});

test("a value longer than a piece is hidden whole", () => {
  const value = Array.from({ length: 5_000 }, (_, at) => String(at)).join("-");
  const masker = maskerOf([value]);
  expect(masker.reach).toBe(4_096);
  expect(masker.text(`x${value}y`)).toBe(`x${"*".repeat(value.length)}y`);
});

test("values of three characters and less are not looked for", () => {
  expect(maskerOf([""])).toBe(NO_MASKER);
  expect(maskerOf(["", "on", "abc"]).text("on abc")).toBe("on abc");
  expect(maskerOf(["", "on", "abc"]).reach).toBe(0);
  expect(maskerOf(["abc", "abcd"]).text("abc abcd")).toBe("abc ****");
});

test("a short value is hidden where it is all there is", () => {
  const masker = maskerOf(["42", "secret"]);
  expect(["42", "420", "secret", "a secret", ""].map((text) => masker.value(text))).toEqual([
    "**",
    "420",
    "******",
    "a ******",
    "",
  ]);
});

test("bytes that are no text pass, and what stands among them is found", () => {
  const masker = maskerOf(["secret"]);
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0]), Buffer.from("secret"), Buffer.from([0xc3])]);
  expect(hidden(masker, bytes, true).toString("latin1")).toBe("\xff\xfe\0******\xc3");
});

test("a scan of 64 MiB with a thousand values takes a moment", { timeout: 30_000 }, () => {
  const masker = maskerOf(Array.from({ length: 1_000 }, (_, at) => `value-${at * 7_919}-of-a-secret`));
  const bytes = Buffer.alloc(64 * 1_048_576, "2026-11-21 epoch 12 loss 0.1234 accuracy 0.98\n");
  const began = performance.now();
  masker.hide(bytes, true);
  expect(performance.now() - began).toBeLessThan(5_000);
});

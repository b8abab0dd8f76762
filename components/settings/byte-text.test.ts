import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesText, readBytes } from "./byte-text";

it.each([
  ["20 GiB", 21_474_836_480],
  ["1.5mb", 1_500_000],
  ["512", 512],
  ["2 g", 2_147_483_648],
  ["", null],
  ["many", null],
  ["-1 MB", null],
  ["1e3", null],
])("%j is %j", (text, bytes) => {
  expect(readBytes(text)).toBe(bytes);
});

it("writes a size so that it reads back as the same", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      expect(readBytes(bytesText(bytes))).toBe(bytes);
    }),
  );
});

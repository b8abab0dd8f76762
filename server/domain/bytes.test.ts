/** Sizes as words. */
import { expect, it } from "vitest";
import { byteText } from "./bytes";

it.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [1_048_576, "1.05 MB"],
  [999_999, "1 MB"],
  [123_456_789, "123 MB"],
  [5_000_000_000, "5 GB"],
  [1_024 ** 5, "1.13 PB"],
])("%d is %s", (bytes, text) => {
  expect(byteText(bytes)).toBe(text);
});

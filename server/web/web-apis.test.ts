import { expect, test } from "vitest";
import { isPacked } from "./web-apis";

test.each([
  ["a large body over a line", 5_000, "gzip, deflate, br", "192.168.7.20", true],
  ["a small one", 500, "gzip", "192.168.7.20", false],
  ["to a client that does not take it", 5_000, undefined, "192.168.7.20", false],
  ["to this machine", 5_000, "gzip", "127.0.0.1", false],
  ["to this machine by its other name", 5_000, "gzip", "::1", false],
  ["to this machine through the other protocol", 5_000, "gzip", "::ffff:127.0.0.1", false],
])("%s", (_what, bytes, takes, address, expected) => {
  expect(isPacked(bytes, takes, address)).toBe(expected);
});

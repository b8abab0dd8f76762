/** Durations and moments as a person reads them. */
import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatElapsed, formatInstant, formatRelative } from "./format-time";

describe("durations", () => {
  it.each([
    [-5, "0 ms"],
    [41, "41 ms"],
    [8_249, "8.2 s"],
    [42_900, "42 s"],
    [133_000, "2m 13s"],
    [11_040_000, "3h 04m"],
    [190_800_000, "2d 05h"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("do not flicker while they grow", () => {
    expect(formatElapsed(-20)).toBe("0 s");
    expect(formatElapsed(8_249)).toBe("8 s");
  });
});

describe("moments", () => {
  it.each([
    [0, "just now"],
    [59_999, "59s ago"],
    [60_000, "1m ago"],
    [-7_300_000, "in 2h"],
    [6 * 86_400_000, "6d ago"],
    [8 * 86_400_000, null],
  ])("%d ms before now are %s", (distance, text) => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(formatRelative(now - distance, now)).toBe(text);
  });

  it("name their zone, on both sides of the clock change", () => {
    expect(formatInstant(Date.parse("2026-10-25T00:30:00Z"), "UTC")).toBe("2026-10-25 00:30:00 UTC");
    expect(formatInstant(Date.parse("2026-10-25T00:30:00Z"), "Europe/Berlin")).toMatch(
      /^2026-10-25 02:30:00 (CEST|GMT\+2)$/,
    );
    expect(formatInstant(Date.parse("2026-10-25T01:30:00Z"), "Europe/Berlin")).toMatch(
      /^2026-10-25 02:30:00 (CET|GMT\+1)$/,
    );
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [4_210, "4.2 kB"],
    [41_000_000_000, "41 GB"],
  ])("%d are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

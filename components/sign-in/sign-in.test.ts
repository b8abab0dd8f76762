/** After signing in one stays on this server. */
import { describe, expect, it } from "vitest";
import { safeTarget } from "./sign-in";

describe("the way on after signing in", () => {
  it.each(["/runs", "/runs/abc?tab=logs#L3", "/"])("%s is followed", (to) => {
    expect(safeTarget(to)).toBe(to);
  });

  it.each([
    null,
    "",
    "runs",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/sign-in?to=/",
  ])("%s leads home", (to) => {
    expect(safeTarget(to)).toBe("/");
  });
});

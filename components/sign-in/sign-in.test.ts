/** After signing in one stays on this server. */
import { describe, expect, it } from "vitest";
import { targetOf } from "./sign-in";

describe("the way on after signing in", () => {
  it.each(["/runs", "/runs/abc?tab=logs#L3", "/"])("%s is followed", (to) => {
    expect(targetOf(to, "")).toBe(to);
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
    expect(targetOf(to, "")).toBe("/");
  });

  it("goes on to what stood after the hash, unless the way says so itself", () => {
    expect(targetOf(null, "#/runs/details/r")).toBe("/#/runs/details/r");
    expect(targetOf("/#/runs/details/r", "")).toBe("/#/runs/details/r");
    expect(targetOf("/runs/r#L3", "#L4")).toBe("/runs/r#L3");
    expect(targetOf("//evil.example", "#x")).toBe("/#x");
  });
});

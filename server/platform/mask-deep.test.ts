import { expect, test } from "vitest";
import { masked, maskedCommand, maskedIn } from "./mask-deep";
import { maskerOf, NO_MASKER } from "./masking";

const masker = maskerOf(["failed", "secret"]);

test("texts are masked at any depth, everything else stays", () => {
  const value = { a: ["a secret", 1, null, { secret: "no secret" }], b: true };
  expect(masked(masker, value)).toEqual({ a: ["a ******", 1, null, { secret: "no ******" }], b: true });
  expect(masked(NO_MASKER, value)).toBe(value);
});

test("outside the named fields a word that reads like a secret stays", () => {
  const attempt = { state: "failed", reason: { message: "it failed" }, command: null };
  expect(maskedIn(masker, attempt, "reason", "command")).toEqual({
    state: "failed",
    reason: { message: "it ******" },
    command: null,
  });
});

test("a command hides a variable that is a short secret, and no word of its arguments for it", () => {
  const command = { argv: ["sh", "-c", "echo 42 secret"], cwd: "/", env: { PIN: "42", SIZE: "420", TEXT: "secret" } };
  expect(maskedCommand(maskerOf(["42", "secret"]), command)).toEqual({
    argv: ["sh", "-c", "echo 42 ******"],
    cwd: "/",
    env: { PIN: "**", SIZE: "420", TEXT: "******" },
    secrets: ["PIN", "TEXT"],
  });
  expect(maskedCommand(maskerOf(["42"]), command).env).toEqual({ PIN: "**", SIZE: "420", TEXT: "secret" });
});

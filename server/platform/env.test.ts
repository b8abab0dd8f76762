import fc from "fast-check";
import { expect, test } from "vitest";
import { readEnv } from "./env";
import { editDistance } from "./nearest-name";

test("an empty environment gives the documented defaults", () => {
  const settings = readEnv({ HOME: "/home/ada" });
  expect(settings).toMatchObject({
    home: "/home/ada/.penstock",
    hosts: ["127.0.0.1", "::1"],
    isLoopback: true,
    port: 4270,
    auth: "token",
    python: "python3",
    token: null,
    url: null,
    indexUrl: null,
    allowedHosts: [],
    log: "info",
  });
  expect(settings.slots).toBeGreaterThan(0);
});

test("flags win over variables, and are named in errors", () => {
  expect(readEnv({ PENSTOCK_PORT: "5000", HOME: "/h" }, { port: "6000", home: "/data" })).toMatchObject({
    port: 6000,
    home: "/data",
  });
  expect(() => readEnv({ PENSTOCK_PORT: "5000" }, { port: "eighty" })).toThrow('--port "eighty" is not understood');
});

test.each([
  ["PENSTOCK_PROT", "PENSTOCK_PORT"],
  ["PENSTOCK_HOMES", "PENSTOCK_HOME"],
  ["PENSTOCK_ALLOWED_HOST", "PENSTOCK_ALLOWED_HOSTS"],
])("%s is an error that suggests %s", (given, meant) => {
  expect(() => readEnv({ [given]: "1" })).toThrow(`${given} is not a setting of Penstock; did you mean ${meant}?`);
});

test("variables of tests and of steps are let pass", () => {
  const env = {
    PENSTOCK_FIXTURES: "x",
    PENSTOCK_KUBE_CONFIG: "x",
    PENSTOCK_RUN_ID: "x",
    PENSTOCK_STEP: "x",
    PENSTOCK_ATTEMPT: "1",
  };
  expect(readEnv(env).port).toBe(4270);
});

test("all problems are told at once, and a token is never repeated", () => {
  const env = { PENSTOCK_PORT: "70000", PENSTOCK_AUTH: "none", PENSTOCK_TOKEN: "two words", PENSTOCK_FOO_BAR_BAZ: "1" };
  const told = (() => {
    try {
      readEnv(env);
      return "";
    } catch (error) {
      return String(error);
    }
  })();
  expect(told).toContain('PENSTOCK_PORT "70000"');
  expect(told).toContain('PENSTOCK_AUTH "none" is not understood; give `token` or `off`');
  expect(told).toContain("PENSTOCK_FOO_BAR_BAZ is not a setting of Penstock; unset it");
  expect(told).not.toContain("two words");
});

test("another address than loopback needs --insecure, and never goes without a token", () => {
  expect(() => readEnv({ PENSTOCK_HOST: "0.0.0.0" })).toThrow("--insecure");
  expect(readEnv({ PENSTOCK_HOST: "0.0.0.0" }, { insecure: true })).toMatchObject({ isLoopback: false });
  expect(() => readEnv({ PENSTOCK_HOST: "0.0.0.0", PENSTOCK_AUTH: "off" }, { insecure: true })).toThrow("loopback");
  for (const host of ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"]) {
    expect(readEnv({ PENSTOCK_HOST: host, PENSTOCK_AUTH: "off" }).isLoopback).toBe(true);
  }
  for (const host of ["127.0.0.1.example.org", "localhost.example.org", "::"]) {
    expect(() => readEnv({ PENSTOCK_HOST: host })).toThrow("--insecure");
  }
});

test("edit distance is a metric: zero for the same, symmetric, and at most the longer length", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
  expect(editDistance("port", "prot")).toBe(1);
});

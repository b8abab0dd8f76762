import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { testDatabase } from "@/db/testing";
import type { Credentials } from "./credentials";
import { type Door, identifyBy } from "./identify";
import { makeSession, sessionCookie } from "./session";
import { issueSignInCode, redeemSignInCode } from "./sign-in-codes";

const now = new Date("2030-01-01T12:00:00Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const DAY_MS = 24 * 3600 * 1000;
const credentials: Credentials = { mode: "token", token: "right", key: randomBytes(32) };
const given = (change: Partial<Credentials>): Door => ({
  credentials: { ...credentials, ...change },
  findToken: () => null,
});
const door = given({});
const cookie = `theme=dark; penstock_session=${makeSession(credentials, now)}`;

test("the token as bearer and a session cookie open the door, nothing else does", () => {
  expect(identifyBy(door, { authorization: "Bearer right" }, now)?.via).toBe("bearer");
  expect(identifyBy(door, new Headers({ authorization: "bearer right" }), now)?.via).toBe("bearer");
  expect(identifyBy(door, { cookie }, now)?.via).toBe("cookie");
  for (const headers of [
    {},
    { authorization: "Bearer wrong" },
    { authorization: "Bearer " },
    { authorization: "Basic right" },
    { authorization: "Bearer wrong", cookie },
    { cookie: "penstock_session=" },
    { cookie: "penstock_session=a.b.c" },
    { cookie: cookie.slice(0, -1) },
    { cookie: cookie.replace("penstock_session", "Penstock_session") },
  ]) {
    expect(identifyBy(door, headers, now)).toBeNull();
  }
});

test("a session ends after its time, with another token and with another key", () => {
  expect(identifyBy(door, { cookie }, later(89 * DAY_MS))).not.toBeNull();
  expect(identifyBy(door, { cookie }, later(91 * DAY_MS))).toBeNull();
  expect(identifyBy(given({ token: "new" }), { cookie }, now)).toBeNull();
  expect(identifyBy(given({ key: randomBytes(32) }), { cookie }, now)).toBeNull();
});

test("the end of a session cannot be moved", () => {
  const [ends, ...rest] = makeSession(credentials, now).split(".");
  const moved = [`${ends}z`, ...rest].join(".");
  expect(identifyBy(door, { cookie: `penstock_session=${moved}` }, now)).toBeNull();
});

test("the cookie is out of reach of scripts and of foreign forms", () => {
  expect(sessionCookie("v", false)).toBe("penstock_session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000");
  expect(sessionCookie("v", true)).toContain("; Secure");
});

test("without authentication everyone is the local user", () => {
  expect(identifyBy(given({ mode: "off" }), {}, now)?.via).toBe("off");
});

test("a code is good once", async () => {
  const db = testDatabase();
  const code = await issueSignInCode(db, now);
  expect(await redeemSignInCode(db, "another", now)).toBe(false);
  expect(await redeemSignInCode(db, code, later(1))).toBe(true);
  expect(await redeemSignInCode(db, code, later(2))).toBe(false);
});

test("a code is good for ten minutes, and old ones are forgotten", async () => {
  const db = testDatabase();
  const old = await issueSignInCode(db, now);
  expect(await redeemSignInCode(db, old, later(10 * 60_000))).toBe(false);
  await issueSignInCode(db, later(11 * 60_000));
  expect(db.$client.prepare("select count(*) as n from sign_in_code").get()).toEqual({ n: 1 });
});

test("the database holds no code that could be used", async () => {
  const db = testDatabase();
  const code = await issueSignInCode(db, now);
  expect(JSON.stringify(db.$client.prepare("select * from sign_in_code").all())).not.toContain(code);
});

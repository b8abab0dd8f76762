import { afterEach, beforeEach, expect, test } from "vitest";
import { tokenFinder } from "@/server/auth/api-tokens";
import type { Identity } from "@/server/auth/identity";
import type { CreateTokenInput } from "@/server/domain/api-tokens";
import { type TestServices, testServices } from "../testing";
import { createToken } from "./create-token";
import { listTokens } from "./list-tokens";
import { renameToken } from "./rename-token";
import { revokeToken } from "./revoke-token";

const HOUR_MS = 3_600_000;

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const make = (given: Partial<CreateTokenInput> = {}) =>
  createToken(services.context, { name: "ci", access: "full", expiresAt: null, ...given });
const inMs = (ms: number): string => new Date(services.context.now().getTime() + ms).toISOString();
const holder = (text: string): Identity | null => tokenFinder(() => services.context.db)(text, services.context.now());
const lastUse = () => listTokens(services.context)[0]?.lastUsedAt ?? null;

test("a token is told once; the database holds nothing that could be used", async () => {
  const { token, ...view } = await make({ access: "read" });
  expect(token).toMatch(/^penstock_[\w-]{43}$/);
  expect(listTokens(services.context)).toEqual([view]);
  expect(view).toMatchObject({ name: "ci", prefix: token.slice(0, 15), access: "read", lastUsedAt: null });
  const stored = JSON.stringify(services.context.db.$client.prepare("select * from api_token").all());
  expect(stored).not.toContain(token.slice(15));
});

test("its holder is known by its name and access, until it expires", async () => {
  const { token } = await make({ access: "read", expiresAt: inMs(HOUR_MS) });
  expect(holder(token)).toEqual({ name: "ci", via: "bearer", access: "read", tokenKey: 1 });
  services.advance(HOUR_MS - 1);
  expect(holder(token)).not.toBeNull();
  services.advance(1);
  expect(holder(token)).toBeNull();
});

test("nothing but the whole token is known", async () => {
  const { token } = await make();
  const other = token.at(-1) === "A" ? "B" : "A";
  const wrong = ["", "penstock_", token.slice(0, -1), `${token}A`, token.slice(0, -1) + other, token.toUpperCase()];
  for (const text of [...wrong, "' or 1=1 --", "%"]) expect(holder(text), text).toBeNull();
});

test("a revoked token is unknown at once and for good; its name is free again", async () => {
  const { token, id } = await make();
  await revokeToken(services.context, id);
  expect(holder(token)).toBeNull();
  expect(listTokens(services.context)).toEqual([]);
  await expect(revokeToken(services.context, id)).rejects.toMatchObject({ code: "not-found" });
  await expect(renameToken(services.context, { id, name: "other" })).rejects.toMatchObject({ code: "not-found" });
  expect((await make()).name).toBe("ci");
  expect(holder(token)).toBeNull();
});

test("names are one of a kind, also when two ask at once", async () => {
  const made = await Promise.allSettled([make(), make(), make({ name: "b" })]);
  expect(made.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const [b] = listTokens(services.context);
  const rename = (name: string) => renameToken(services.context, { id: b?.id ?? "", name });
  await expect(rename("ci")).rejects.toMatchObject({ code: "conflict" });
  expect(await rename("b")).toMatchObject({ name: "b" });
  expect(await rename("c")).toMatchObject({ name: "c" });
});

test("an end in the past is refused", async () => {
  for (const ms of [0, -1]) await expect(make({ expiresAt: inMs(ms) })).rejects.toMatchObject({ code: "invalid" });
  expect(listTokens(services.context)).toEqual([]);
});

test("the last use is noted at most once a minute, and by one of those that come together", async () => {
  const { token } = await make();
  const counts = services.context.db.$client.prepare("select total_changes() as n").pluck();
  const use = async () => {
    const before = Number(counts.get());
    for (let time = 0; time < 50; time += 1) holder(token);
    await new Promise(setImmediate);
    return Number(counts.get()) - before;
  };
  expect(await use()).toBe(1);
  expect(lastUse()).toBe(services.context.now().toISOString());
  services.advance(59_999);
  expect(await use()).toBe(0);
  services.advance(1);
  expect(await use()).toBe(1);
  expect(lastUse()).toBe(services.context.now().toISOString());
  services.advance(-HOUR_MS);
  expect(await use()).toBe(1);
});

test("a lookup is one row by an index", async () => {
  const plan = services.context.db.$client
    .prepare("explain query plan select * from api_token where hash = ? and revoked_at is null")
    .all("x");
  expect(JSON.stringify(plan)).toContain("USING INDEX api_token_hash_unique");
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliServer, cliServer, type Ran, ran } from "./testing";

let server: CliServer;
beforeEach(async () => {
  server = await cliServer();
});
afterEach(() => server.close());

const penstock = (line: string): Promise<Ran> => ran(line.split(" "), { env: server.env, cwd: server.folder });
const json = async (line: string) => (await penstock(`${line} --json`)).json();

test("a token is created, listed without its text, renamed and revoked", async () => {
  expect((await penstock("tokens list")).out).toBe("No tokens.\n");
  const { exit, out, err } = await penstock("tokens create ci --access read --expires never");
  expect([exit, out]).toEqual([0, expect.stringMatching(/^penstock_[\w-]{43}\n$/)]);
  expect(err).toContain("shown once");
  const listed = await penstock("tokens list");
  expect(listed.out).toMatch(/^NAME +ACCESS +TOKEN .*\nci +read +penstock_.{6}… .* never +never\n$/);
  expect(listed.out).not.toContain(out.trim());
  expect(await json("tokens rename ci night")).toMatchObject({ name: "night", access: "read", expiresAt: null });
  expect((await penstock("tokens revoke night")).out).toBe("night is revoked; it opens nothing any more.\n");
  expect(await json("tokens list")).toEqual({ items: [], next: null });
});

test("as JSON: the token, and an end that counts days from now", async () => {
  const before = Date.parse("2026-11-21T10:00:00.000Z");
  expect(server.services.context.now().getTime()).toBe(before);
  const created = await json("tokens create ci --expires 2030-01-31T12:00:00Z");
  expect(Object.keys(created)).toEqual([
    "id",
    "name",
    "prefix",
    "access",
    "createdAt",
    "expiresAt",
    "lastUsedAt",
    "token",
  ]);
  expect(created).toMatchObject({ access: "full", expiresAt: "2030-01-31T12:00:00.000Z" });
  const { expiresAt } = JSON.parse((await penstock("tokens create days --expires 1000d --json")).out);
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - 1000 * 86_400_000)).toBeLessThan(60_000);
});

test("what is wrong is said, and nothing is made", async () => {
  expect(await json("tokens create ci --expires soon")).toMatchObject({ error: { code: "refused" } });
  expect(await json("tokens create ci --expires 2020-01-01T00:00:00Z")).toMatchObject({ error: { code: "invalid" } });
  expect((await penstock("tokens create ci --access some")).exit).toBe(2);
  expect(await json("tokens revoke ci")).toMatchObject({
    error: { message: "There is no token named ci; `penstock tokens list` tells all." },
  });
  await penstock("tokens create ci");
  expect(await json("tokens create ci")).toMatchObject({ error: { code: "conflict" } });
  expect((await json("tokens list")).items).toHaveLength(1);
});

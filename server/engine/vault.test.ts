import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Db } from "@/db/client";
import { insertSecret, putSecretValue } from "@/db/queries/secrets";
import { insertVolume } from "@/db/queries/volumes";
import { testDatabase } from "@/db/testing";
import { dataDir } from "@/server/platform/data-dir";
import { vaultKey } from "@/server/platform/secret-key";
import { sealValue } from "@/server/services/secrets/sealed-value";
import { StartRefusal } from "./attempts/contract";
import { engineVault } from "./vault";

const at = new Date("2026-11-21T10:00:00Z");
let home: string;
let db: Db;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "penstock-vault-"));
  db = testDatabase();
});
afterEach(() => {
  db.$client.close();
  rmSync(home, { recursive: true, force: true });
});

const log = { warn: () => undefined };
const vault = () => engineVault({ db, dataDir: dataDir(home), key: () => vaultKey(home), log });

function givenSecret(name: string, isShown: boolean, values: { readonly [key: string]: string }): void {
  const secretKey = insertSecret(db, { name, isShown, description: "", createdAt: at, updatedAt: at });
  for (const [key, value] of Object.entries(values)) {
    const versionId = `${name}-${key}`;
    const stored = isShown ? value : sealValue(vaultKey(home), { secretName: name, name: key, versionId }, value);
    putSecretValue(db, { secretKey, name: key, value: stored, versionId, updatedAt: at });
  }
}

test("secrets are opened, config maps read, and a name that nobody gave is not there", () => {
  givenSecret("db", false, { user: "ada", password: "hünter2\n", empty: "" });
  givenSecret("conf", true, { mode: "fast" });
  expect(vault().values("db")).toEqual({ isShown: false, values: { user: "ada", password: "hünter2\n", empty: "" } });
  expect(vault().values("conf")).toEqual({ isShown: true, values: { mode: "fast" } });
  expect(vault().values("other")).toBeUndefined();
  expect(JSON.stringify(db.$client.prepare("select * from secret_value").all())).not.toContain("hünter2");
});

test("a value is read when it is asked for, not kept from before", () => {
  const engine = vault();
  givenSecret("conf", true, { mode: "fast" });
  expect(engine.values("conf")?.values).toEqual({ mode: "fast" });
  db.$client.exec("update secret_value set value = 'slow'");
  expect(engine.values("conf")?.values).toEqual({ mode: "slow" });
});

test.each([
  ["a changed text", "update secret_value set value = substr(value, 1, length(value) - 2) || 'AA' where name = 'b'"],
  ["the text of another row", "update secret_value set value = (select value from secret_value where name = 'a')"],
  ["a plain text", "update secret_value set value = 'plain' where name = 'b'"],
  ["an empty text", "update secret_value set value = 'v1.' where name = 'b'"],
])("%s refuses the start with the name of the value, never with the value", (_what, sql) => {
  givenSecret("db", false, { a: "first-value", b: "second-value" });
  db.$client.exec(sql);
  const error = refusal(() => vault().values("db"));
  expect(error.reason).toMatchObject({ code: "cannot-start", subject: "db" });
  expect(error.reason.message).toMatch(/value b of the secret db cannot be opened/);
  expect(error.reason.message).not.toMatch(/first-value|second-value/);
});

test("another key opens nothing", () => {
  givenSecret("db", false, { b: "second-value" });
  rmSync(join(home, "vault.key"));
  expect(refusal(() => vault().values("db")).reason.message).toMatch(/vault\.key/);
});

test("the key is a file of its owner alone", () => {
  vaultKey(home);
  expect(statSync(join(home, "vault.key")).mode & 0o777).toBe(0o600);
});

test("a volume is the directory it stands for, or one that is kept for it", () => {
  const common = { description: "", createdAt: at, updatedAt: at };
  const mine = join(home, "mine");
  mkdirSync(mine);
  insertVolume(db, { ...common, name: "mine", path: mine });
  insertVolume(db, { ...common, name: "lost", path: join(home, "lost") });
  const { key } = insertVolume(db, { ...common, name: "kept", path: null });
  expect(vault().volume("mine")).toBe(mine);
  expect(vault().volume("kept")).toBe(join(home, "volumes", String(key)));
  expect(statSync(join(home, "volumes", String(key))).isDirectory()).toBe(true);
  expect(vault().volume("none")).toBeUndefined();
  expect(refusal(() => vault().volume("lost")).reason).toMatchObject({ code: "missing-file", subject: "lost" });
});

function refusal(work: () => unknown): StartRefusal {
  try {
    work();
  } catch (error) {
    if (error instanceof StartRefusal) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

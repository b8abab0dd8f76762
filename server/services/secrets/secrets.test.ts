import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SaveSecretInput } from "@/server/domain/inputs/surroundings";
import { type TestServices, testServices } from "../testing";
import { listSecrets } from "./list-secrets";
import { secretMasker } from "./masker";
import { removeSecret } from "./remove-secret";
import { saveSecret } from "./save-secret";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const save = (input: typeof SaveSecretInput._input) => saveSecret(services.context, SaveSecretInput.parse(input));
const sql = () => services.context.db.$client;
const versions = () =>
  Object.fromEntries(
    (
      sql().prepare("select name, version_id as version from secret_value").all() as { name: string; version: string }[]
    ).map(({ name, version }) => [name, version]),
  );
const hidden = (text: string) => secretMasker(services.context).text(text);

test("what a secret holds is listed by name, never by value; a config map is shown", async () => {
  const saved = await save({ name: "db", description: "the warehouse", values: { password: "hunter22", user: "ada" } });
  await save({ name: "conf", isShown: true, values: { mode: "fast" } });
  expect(saved).toMatchObject({ name: "db", isShown: false, description: "the warehouse" });
  expect(listSecrets(services.context)).toMatchObject([
    { name: "conf", isShown: true, keys: [{ name: "mode", value: "fast" }] },
    {
      name: "db",
      keys: [
        { name: "password", value: null },
        { name: "user", value: null },
      ],
    },
  ]);
});

test("no file of the database holds a value, nor the key that seals it", async () => {
  await save({ name: "db", values: { password: "hunter22-in-clear" } });
  await save({ name: "db", values: { password: "another-in-clear" } });
  const copy = join(services.context.dataDir.home, "copy.db");
  sql().prepare("vacuum into ?").run(copy);

  const bytes = Buffer.concat([readFileSync(copy), readFileSync(services.context.dataDir.database)]);
  expect(bytes.includes("in-clear")).toBe(false);
  expect(bytes.includes(Buffer.from(services.context.vaultKey()))).toBe(false);
  expect(statSync(services.context.dataDir.vaultKey).mode & 0o777).toBe(0o600);
});

test("a version changes with its value, and only then", async () => {
  await save({ name: "db", values: { a: "first-a", b: "first-b" } });
  const first = versions();
  await save({ name: "db", values: { a: "first-a" }, description: "other words" });
  expect(versions()).toEqual(first);
  await save({ name: "db", values: { a: "second-a" } });
  expect(versions().b).toBe(first.b);
  expect(versions().a).not.toBe(first.a);
});

test("a value of null removes a key; one that is not there is named", async () => {
  await save({ name: "db", values: { a: "first-a", b: "first-b" } });
  const saved = await save({ name: "db", values: { a: null } });
  expect(saved.keys.map((key) => key.name)).toEqual(["b"]);
  await expect(save({ name: "db", values: { constructor: null } })).rejects.toThrow(
    "db holds no value named constructor.",
  );
});

test("a secret is shown only once all its values are given anew", async () => {
  await save({ name: "db", values: { a: "first-a", b: "first-b" } });
  await expect(save({ name: "db", isShown: true, values: { a: "new-a" } })).rejects.toThrow(
    /Give these values anew.*b/,
  );
  expect(listSecrets(services.context)[0]).toMatchObject({ isShown: false, keys: [{ value: null }, { value: null }] });
  const shown = await save({ name: "db", isShown: true, values: { a: "new-a", b: null } });
  expect(shown).toMatchObject({ isShown: true, keys: [{ name: "a", value: "new-a" }] });
});

test("a config map that becomes a secret is sealed, with the same versions, and hidden from then on", async () => {
  await save({ name: "conf", isShown: true, values: { mode: "fastest" } });
  const first = versions();
  expect(hidden("fastest")).toBe("fastest");
  const saved = await save({ name: "conf", isShown: false });
  expect(saved).toMatchObject({ isShown: false, keys: [{ name: "mode", value: null }] });
  expect(versions()).toEqual(first);
  expect(sql().prepare("select value from secret_value").pluck().get()).not.toContain("fastest");
  expect(hidden("fastest")).toBe("*******");
});

test("values that were replaced or removed stay hidden in logs", async () => {
  await save({ name: "db", values: { a: "first-value", b: "other-value" } });
  expect(hidden("first-value other-value third-value")).toBe("*********** *********** third-value");
  await save({ name: "db", values: { a: "third-value" } });
  await save({ name: "db", values: { b: null } });
  expect(hidden("first-value other-value third-value")).toBe("*********** *********** ***********");
  await removeSecret(services.context, "db");
  expect(listSecrets(services.context)).toEqual([]);
  expect(hidden("first-value other-value third-value")).toBe("*********** *********** ***********");
  await expect(removeSecret(services.context, "db")).rejects.toThrow("There is no secret or config map named db.");
});

test("a damaged row or a lost key hides what can still be opened, and a value given anew mends it", async () => {
  await save({ name: "db", values: { a: "first-value", b: "other-value" } });
  sql().exec("update secret_value set value = 'v1.damaged' where name = 'a'");
  expect(hidden("first-value other-value")).toBe("first-value ***********");
  await save({ name: "db", values: { a: "first-value" } });
  expect(hidden("first-value other-value")).toBe("*********** ***********");
  const { vaultKey } = services.context.dataDir;
  cpSync(vaultKey, `${vaultKey}.saved`);
  writeFileSync(vaultKey, "short");
  await expect(save({ name: "db", values: { a: "x" } })).rejects.toThrow(
    /vault\.key is damaged; it seals the values of secrets/,
  );
  rmSync(vaultKey);
  cpSync(`${vaultKey}.saved`, vaultKey);
  expect(hidden("other-value")).toBe("***********");
});

test("pages are told of every change", async () => {
  await save({ name: "db", values: { a: "first-value" } });
  await removeSecret(services.context, "db");
  expect(sql().prepare("select topic, kind from event where kind = 'secrets'").all()).toEqual([
    { topic: "system", kind: "secrets" },
    { topic: "system", kind: "secrets" },
  ]);
});

test.each([
  [{ name: "Upper" }, /lower-case/],
  [{ name: "a", values: { "a b": "x" } }, /letters, digits/],
  [{ name: "a", values: { a: "x\0y" } }, /NUL/],
])("%j is refused", (input, words) => {
  expect(SaveSecretInput.safeParse(input).error?.message).toMatch(words);
});

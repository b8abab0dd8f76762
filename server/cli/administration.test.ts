import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, type Ran, ran } from "./testing";

let server: CliServer;
let folder: string;
beforeEach(async () => {
  server = await cliServer();
  ({ folder } = server);
});
afterEach(() => server.close());

const penstock = (line: string, stdin?: string): Promise<Ran> =>
  ran(line.split(" "), { env: server.env, cwd: folder, ...(stdin !== undefined && { stdin }) });
const json = async (line: string, stdin?: string) => (await penstock(`${line} --json`, stdin)).json();

test("profiles: saved bit by bit, shown, listed, chosen by submit, removed", async () => {
  const given = "--python python3.12 --grace 2.5 --env A=1 --env B=x=y --capacity 3 --image a=b --run-without-mounts";
  expect(await json(`profiles save gpu ${given}`)).toMatchObject({
    name: "gpu",
    isDefault: false,
    executor: "process",
    python: "python3.12",
    graceMs: 2_500,
    environment: { A: "1", B: "x=y" },
    capacity: 3,
    imageMap: { a: "b" },
    runsWithoutMounts: true,
  });
  await penstock("profiles save gpu --env C=3 --unset-env A --capacity none --no-run-without-mounts --python=");
  expect(await json("profiles show gpu")).toMatchObject({
    python: null,
    graceMs: 2_500,
    environment: { B: "x=y", C: "3" },
    capacity: null,
    imageMap: { a: "b" },
    runsWithoutMounts: false,
  });
  expect((await penstock("profiles show gpu")).out).toContain("env                 B=x=y");
  writeFileSync(join(folder, "p.json"), kfpSpec("p"));
  expect(await json("submit p.json --profile gpu")).toMatchObject({ run: { profile: "gpu" } });
  await penstock("profiles save gpu --default");
  expect(await json("profiles list")).toMatchObject({
    items: [
      { name: "gpu", isDefault: true },
      { name: "local", isDefault: false },
    ],
    next: null,
  });
  expect(await json("profiles remove gpu")).toMatchObject({ error: { code: "conflict" } });
  await penstock("profiles save local --default");
  expect((await penstock("profiles remove gpu")).out).toBe("gpu is removed. Runs made with it keep its settings.\n");
  expect((await penstock("submit p.json --profile gpu")).exit).toBe(2);
});

test("secrets: set by argument or standard input, listed without values, removed key by key", async () => {
  const set = await penstock("secrets set db password=hunter=22 user=ada --json");
  expect(set.json()).toMatchObject({
    name: "db",
    isShown: false,
    keys: [
      { name: "password", value: null },
      { name: "user", value: null },
    ],
  });
  expect((await penstock("secrets set db token", "from-stdin\n")).out).not.toContain("from-stdin");
  const { db, vaultKey } = server.services.context;
  expect(vaultKey()).toHaveLength(32);
  const stored = JSON.stringify(db.$client.prepare("select * from secret_value").all());
  expect(stored).not.toMatch(/hunter|from-stdin/);
  expect((await penstock("secrets list")).out).toMatch(/^NAME {2}KIND .*\ndb {4}secret {2}.* password, token, user\n$/);
  expect(await json("secrets remove db user")).toMatchObject({ keys: [{ name: "password" }, { name: "token" }] });
  expect(await json("secrets remove db user")).toMatchObject({ error: { code: "not-found" } });
  expect(await json("secrets remove other user")).toMatchObject({ error: { code: "refused" } });
  expect((await penstock("secrets remove db")).exit).toBe(0);
  expect(await json("secrets list")).toEqual({ items: [], next: null });
});

test("config maps: shown with their values; one line loses its break, several lines keep theirs", async () => {
  await penstock("secrets set conf one --config-map --description modes", "fast\n");
  expect(await json("secrets set conf two", "a\nb\n")).toMatchObject({
    isShown: true,
    description: "modes",
    keys: [
      { name: "one", value: "fast" },
      { name: "two", value: "a\nb\n" },
    ],
  });
  await penstock("secrets set conf --secret");
  expect((await penstock("secrets set conf three=on two=long")).err).toBe(
    "Logs do not hide values of fewer than 4 bytes: three.\n",
  );
  await penstock("secrets remove conf three");
  const refusal = await json("secrets set conf --config-map");
  expect(refusal).toMatchObject({ error: { code: "conflict", message: expect.stringContaining("one, two") } });
});

test("volumes: a kept one, one that stands for a folder given relative to where one is, and what removing leaves", async () => {
  mkdirSync(join(folder, "data"));
  expect(await json("volumes add mine data")).toMatchObject({ path: join(folder, "data"), isManaged: false });
  const kept = await json("volumes add kept --description scratch");
  expect(kept).toMatchObject({ name: "kept", isManaged: true, description: "scratch" });
  expect((await penstock("volumes list")).out).toMatch(/^kept {2}kept by Penstock {2}\//m);
  expect((await penstock("volumes remove mine")).out).toBe(
    `mine is removed. Its files stay in ${join(folder, "data")}.\n`,
  );
  expect((await penstock("volumes add other nothing")).err).toMatch(/does not exist/);
});

test("settings: listed with what they are, set as JSON", async () => {
  expect((await penstock("settings list")).out).toMatch(/^import-hosts +\[\] +Hosts that/m);
  expect(await json('settings set import-hosts ["data.example"]')).toMatchObject({
    name: "import-hosts",
    value: ["data.example"],
    default: [],
  });
  expect((await penstock("settings set max-parameter-bytes 12")).out).toBe("max-parameter-bytes is 12.\n");
});

test.each([
  "profiles",
  "profiles show nobody",
  "profiles save Upper",
  "profiles save a --grace soon",
  "profiles save a --capacity 0",
  "profiles save a --env A",
  "profiles save a --env 1=2",
  "secrets set db =x",
  "secrets set db one two",
  "secrets set db a=1 a=2",
  "secrets set db a=1 --config-map --secret",
  "volumes remove nobody",
  "settings set nothing 1",
  "settings set import-hosts data.example",
  'settings set import-hosts "data.example"',
])("%s ends with 2 and changes nothing", async (line) => {
  const count = () => server.services.context.db.$client.prepare("select count(*) from event").pluck().get();
  const before = count();
  const answer = await penstock(line);
  expect([answer.exit, answer.err === ""]).toEqual([2, false]);
  expect(count()).toBe(before);
});

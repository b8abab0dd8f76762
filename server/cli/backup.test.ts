import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "@/db/client";
import { kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, ran } from "./testing";

// A database is written, checked and synced several times, which a busy disk may take long for.
vi.setConfig({ testTimeout: 90_000 });

let server: CliServer;
let elsewhere: string;
beforeEach(async () => {
  server = await cliServer();
  elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "penstock-restored-")));
});
afterEach(async () => {
  await server.close();
  execFileSync("chmod", ["-R", "u+rwX", elsewhere]);
  rmSync(elsewhere, { recursive: true, force: true });
});

const home = () => server.services.context.dataDir.home;
const sql = () => server.services.context.db.$client;

async function penstock(...args: readonly string[]) {
  const answer = await ran([...args, "--json"], { env: { ...server.env, PENSTOCK_HOME: home() }, cwd: server.folder });
  return { ...answer, json: JSON.parse(answer.out) };
}

function put(path: string, content: string): string {
  const place = join(home(), path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

const BOOT = "9d9d9d9d-boot";

/** A run with an attempt that goes on, one that is over with an artifact, and files of a later state. */
async function aRun(): Promise<void> {
  writeFileSync(join(server.folder, "p.json"), kfpSpec("p", ["a", "b"]));
  await penstock("submit", "p.json", "--name", "kept");
  for (const [task, state] of [
    [1, "succeeded"],
    [2, "running"],
  ] as const) {
    const handle = JSON.stringify({ pid: 77, startTicks: 5, bootId: BOOT });
    sql().exec(`insert into task (run_key, path, step_path, name, kind, state, attempt, created_at)
      values (1, 't${task}', 't${task}', 't${task}', 'container', '${state}', 1, 0)`);
    sql()
      .prepare("insert into attempt (task_key, run_key, number, state, created_at, handle) values (?, 1, 1, ?, 0, ?)")
      .run(task, state, handle);
    put(`runs/1/${task}/1/log`, `log of ${task}\n`);
    put(`runs/1/${task}/1/pid`, `77 5 ${BOOT}\n`);
  }
  const model = put("runs/1/1/1/out/model/weights", "w".repeat(300_000));
  sql()
    .prepare(
      "insert into artifact (run_key, task_key, name, type, path, uri, is_directory, metadata, created_at) values (1, 1, 'model', 'system.Model', 'runs/1/1/1/out/model', ?, 1, '{}', 0)",
    )
    .run(dirname(model));
  chmodSync(model, 0o444);
  chmodSync(dirname(model), 0o555);
  put("runs/1/workspace/shared.txt", "shared");
  symlinkSync(model, join(home(), "runs/1/workspace/inside"));
  symlinkSync("/etc/hostname", join(home(), "runs/1/workspace/outside"));
  const digest = "ab".repeat(32);
  sql().prepare("insert into blob (digest, size, created_at) values (?, 4, 0)").run(digest);
  put(`blobs/ab/${digest}`, "blob");
  put(`blobs/cd/${"cd".repeat(32)}`, "a blob that the database does not know yet");
  put("secret.key", "s".repeat(32));
  put("vault.key", "v".repeat(32));
  put("server.json", "{}");
  put("envs/x/python", "left out");
  put("runs/1/2/2/log", "an attempt that the database does not know yet");
  put("runs/9/1/1/log", "a run that the database does not know yet");
}

test("a backup holds one state; restored elsewhere it is found there, and nothing of it runs", async () => {
  await aRun();
  const made = await penstock("backup", "b.tar.gz");
  expect(made).toMatchObject({ exit: 0, json: { runs: 1, leftOut: [{ path: "runs/1/workspace/outside" }] } });
  expect(made.err).toContain("all secrets");
  const file = join(server.folder, "b.tar.gz");
  expect([statSync(file).mode & 0o777, statSync(file).size]).toEqual([0o600, made.json.size]);
  expect(readdirSync(server.folder).sort()).toEqual(["b.tar.gz", "p.json"]);

  const place = join(elsewhere, "home");
  const restored = await penstock("restore", "b.tar.gz", "--home", place);
  expect(restored).toMatchObject({ exit: 0, json: { home: place, runs: 1, wereRunning: 1, files: made.json.files } });
  expect(readdirSync(place).sort()).toEqual(["blobs", "penstock.db", "runs", "secret.key", "vault.key"]);
  expect([readdirSync(join(place, "runs")), readdirSync(join(place, "blobs"))]).toEqual([["1"], ["ab"]]);
  expect(readdirSync(join(place, "runs/1/2"))).toEqual(["1"]);
  expect(readFileSync(join(place, "runs/1/2/1/log"), "utf8")).toBe("log of 2\n");
  expect(readFileSync(join(place, "runs/1/workspace/inside"), "utf8")).toHaveLength(300_000);
  expect(readlinkSync(join(place, "runs/1/workspace/inside"))).toBe("../1/1/out/model/weights");
  expect(statSync(join(place, "runs/1/1/1/out/model")).mode & 0o777).toBe(0o555);
  expect(statSync(join(place, "secret.key")).mode & 0o777).toBe(statSync(join(home(), "secret.key")).mode & 0o777);
  expect(readFileSync(join(place, "runs/1/2/1/pid"), "latin1")).toBe("77 5 restored\n");
  expect(readFileSync(join(place, "runs/1/1/1/pid"), "latin1")).toBe(`77 5 ${BOOT}\n`);
  const db = openDatabase(join(place, "penstock.db"));
  expect(db.$client.prepare("select uri from artifact").pluck().get()).toBe(join(place, "runs/1/1/1/out/model"));
  expect(db.$client.prepare("select json_extract(handle, '$.bootId') from attempt order by key").pluck().all()).toEqual(
    [BOOT, "restored"],
  );
  expect(db.$client.prepare("select name from run").pluck().all()).toEqual(["kept"]);
  db.$client.close();
});

test("a directory that holds something, a file that exists and no data directory are refused", async () => {
  await aRun();
  writeFileSync(join(server.folder, "there.tar.gz"), "");
  expect((await penstock("backup", "there.tar.gz")).json.error.message).toContain("--force");
  expect((await penstock("backup", "there.tar.gz", "--force")).exit).toBe(0);
  expect((await penstock("backup", join(home(), "b.tar.gz"))).json.error.message).toContain("outside");
  expect((await penstock("backup", "x.tar.gz", "--home", elsewhere)).json.error.message).toContain("no data directory");
  writeFileSync(join(elsewhere, "mine"), "");
  const full = await penstock("restore", "there.tar.gz", "--home", elsewhere);
  expect(full).toMatchObject({ exit: 2, json: { error: { message: expect.stringContaining("not empty") } } });
  expect((await penstock("restore", "nowhere.tar.gz", "--home", join(elsewhere, "h"))).exit).toBe(2);
  expect(readdirSync(elsewhere)).toEqual(["mine"]);
});

type Packed = readonly [header: Partial<Header> & Pick<Header, "name">, content: string];

const MANIFEST = { format: 1, version: "0", createdAt: "2026-01-01T00:00:00.000Z", home: "/x", runs: 0 };
const text = (name: string, value: unknown): Packed => [{ name }, JSON.stringify(value)];
const FIRST = text("penstock-backup.json", MANIFEST);

async function archive(name: string, entries: readonly Packed[]): Promise<void> {
  const tar = pack();
  for (const [header, content] of entries) tar.entry(header, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  writeFileSync(join(server.folder, name), gzipSync(Buffer.concat(chunks)));
}

const HOSTILE: readonly (readonly [what: string, entries: readonly Packed[], why: RegExp])[] = [
  ["foreign", [[{ name: "readme.txt" }, "hello"]], /no backup of Penstock/],
  ["of a newer Penstock", [text("penstock-backup.json", { ...MANIFEST, format: 2 })], /newer/],
  ["cut off", [FIRST, [{ name: "secret.key" }, "x"]], /cut off/],
  ["short of files", [FIRST, text("penstock-backup-end.json", { files: 3, bytes: 9 })], /0 files of the 3/],
  ["up and out", [FIRST, [{ name: "runs/../../evil" }, "x"]], /does not belong/],
  ["absolute", [FIRST, [{ name: "/runs/evil" }, "x"]], /does not belong/],
  ["of another place", [FIRST, [{ name: ".bashrc" }, "x"]], /does not belong/],
  ["with a link out", [FIRST, [{ name: "runs/l", type: "symlink", linkname: "../../.." }, ""]], /leads out/],
  ["with an absolute link", [FIRST, [{ name: "runs/l", type: "symlink", linkname: "/etc" }, ""]], /leads out/],
  ["with a device", [FIRST, [{ name: "runs/d", type: "character-device" }, ""]], /neither a file/],
  ["with a name twice", [FIRST, [{ name: "runs/a" }, "x"], [{ name: "runs/a" }, "y"]], /damaged/],
  [
    "with another database",
    [FIRST, [{ name: "penstock.db" }, "not sqlite"], text("penstock-backup-end.json", { files: 1, bytes: 10 })],
    /database is damaged/,
  ],
];

test.each(HOSTILE)(
  "an archive that is %s is refused with the reason, and nothing is left",
  async (_what, entries, why) => {
    await archive("bad.tar.gz", entries);
    const place = join(elsewhere, "home");
    const { exit, json } = await penstock("restore", "bad.tar.gz", "--home", place);
    expect([exit, json.error.message]).toEqual([2, expect.stringMatching(why)]);
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(existsSync(join(dirname(elsewhere), "evil"))).toBe(false);
  },
);

test("a damaged or shortened file is refused at any byte", async () => {
  await aRun();
  await penstock("backup", "b.tar.gz");
  const whole = readFileSync(join(server.folder, "b.tar.gz"));
  for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
    writeFileSync(join(server.folder, "cut.tar.gz"), whole.subarray(0, Math.floor(whole.length * share)));
    const { exit, json } = await penstock("restore", "cut.tar.gz", "--home", elsewhere);
    expect([exit, json.error.message]).toEqual([2, expect.stringMatching(/cannot be restored/)]);
    const bytes = Buffer.from(whole);
    bytes.fill(0xa5, Math.floor(whole.length * share), Math.floor(whole.length * share) + 8);
    writeFileSync(join(server.folder, "bad.tar.gz"), bytes);
    expect((await penstock("restore", "bad.tar.gz", "--home", elsewhere)).exit).toBe(2);
  }
  expect(readdirSync(elsewhere)).toEqual([]);
});

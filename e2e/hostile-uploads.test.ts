/** Hostile archives and texts into every door that takes files: refused in time, nothing stored, memory flat, nobody else hurt. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Db, openDatabase } from "@/db/client";
import { programRoot } from "@/server/platform/root";
import { elyraWithScript, oneStep } from "./pipelines";
import { apiOf } from "./support/api";
import { crowdedTarGz, type TarEntry, tarGz, type ZipEntry, zeroTarGz, zip } from "./support/hostile-archives";
import { startServer, type TestServer } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
/** The whole million of entries, and bombs of their full size, on demand. */
const isFull = process.env.FUZZ_FULL === "1";
const MIB = 1024 * 1024;
const LIMIT_MS = 20_000;
/** What the web process may hold more for an upload than before; the thread that parses has a limit of its own. */
const ROOM_MIB = 300;
const PARSER_MIB = 512;

const SPEC: ZipEntry & TarEntry = { name: "spec.yaml", content: oneStep("hostile", "true") };
const spec = JSON.parse(oneStep("hostile", "true"));

const ARCHIVES: readonly (readonly [what: string, name: string, content: () => Buffer])[] = [
  ["a tar that climbs out", "a.tar.gz", () => tarGz([SPEC, { name: "../slip", content: "x" }])],
  ["a tar that climbs out from inside", "a.tar.gz", () => tarGz([SPEC, { name: "a/../../slip", content: "x" }])],
  ["a tar with an absolute path", "a.tar.gz", () => tarGz([SPEC, { name: "/tmp/penstock-slip", content: "x" }])],
  [
    "a tar that writes through its own link",
    "a.tar.gz",
    () => tarGz([SPEC, { name: "d", type: "2", link: "/tmp" }, { name: "d/penstock-slip", content: "x" }]),
  ],
  ["a tar with a link to a file", "a.tar.gz", () => tarGz([SPEC, { name: "p", type: "2", link: "/etc/passwd" }])],
  ["a tar with a hard link", "a.tar.gz", () => tarGz([SPEC, { name: "p", type: "1", link: "../../server.json" }])],
  ["a tar with a device", "a.tar.gz", () => tarGz([SPEC, { name: "null", type: "3" }])],
  ["a tar with a pipe", "a.tar.gz", () => tarGz([SPEC, { name: "fifo", type: "6" }])],
  ["a tar with one name twice", "a.tar.gz", () => tarGz([SPEC, SPEC])],
  ["a tar with a file that is a folder too", "a.tar.gz", () => tarGz([SPEC, { name: "spec.yaml/x", content: "x" }])],
  ["a tar that lies about a size", "a.tar.gz", () => tarGz([SPEC, { name: "x", content: "x", saysSize: 8 ** 11 - 1 }])],
  [
    "a tar with a size beyond numbers",
    "a.tar.gz",
    () => tarGz([SPEC, { name: "x", saysSize: Buffer.from("80ffffffffffffffffffffff", "hex") }]),
  ],
  [
    "a tar with a name 2,000 folders deep",
    "a.tar.gz",
    () => tarGz([SPEC, { name: "l", type: "L", content: `${"a/".repeat(2_000)}x\0` }, { name: "x", content: "x" }]),
  ],
  ["a tar with a name of 256 MiB", "a.tar.gz", () => zeroTarGz({ name: "l", type: "L", saysSize: 256 * MIB }, 256)],
  ["a tar with a header of 256 MiB", "a.tar.gz", () => zeroTarGz({ name: "x", type: "x", saysSize: 256 * MIB }, 256)],
  ["8 GiB of zeros", "a.tar.gz", () => zeroTarGz({ name: "z", saysSize: 8 ** 11 - 1 }, 8 * 1024)],
  ["zeros after the end of a tar", "a.tar.gz", () => Buffer.concat([tarGz([SPEC]), zeroTarGz({ name: "z" }, 1024)])],
  [
    "a crowd of entries",
    "a.zip",
    () => zip(Array.from({ length: 25_000 }, (_, at) => ({ name: `f${at}`, content: "" }))),
  ],
  ...(isFull ? [["a million entries", "a.tar.gz", () => crowdedTarGz(1_000_000)] as const] : []),
  ["a zip that climbs out", "a.zip", () => zip([SPEC, { name: "../../slip", content: "x" }])],
  ["a zip that climbs out with backslashes", "a.zip", () => zip([SPEC, { name: "..\\..\\slip", content: "x" }])],
  ["a zip with an absolute path", "a.zip", () => zip([SPEC, { name: "/tmp/penstock-slip", content: "x" }])],
  ["a zip with a drive", "a.zip", () => zip([SPEC, { name: "C:/slip", content: "x" }])],
  ["a zip with a NUL in a name", "a.zip", () => zip([SPEC, { name: "a\0b", content: "x" }])],
  ["a zip with a link", "a.zip", () => zip([SPEC, { name: "p", content: "/etc/passwd", mode: 0o120777 }])],
  ["a zip with one name twice", "a.zip", () => zip([SPEC, SPEC])],
  ["a zip of zeros", "a.zip", () => zip([SPEC, { name: "z", content: Buffer.alloc((isFull ? 1024 : 256) * MIB) }])],
  [
    "a zip that says less than it holds",
    "a.zip",
    () => zip([SPEC, { name: "z", content: Buffer.alloc(64 * MIB), saysSize: 10 }]),
  ],
  ["a zip that says more than it holds", "a.zip", () => zip([SPEC, { name: "z", content: "x", saysSize: 0xfffffff0 }])],
  [
    "a zip that says more packed bytes than there are",
    "a.zip",
    () => zip([SPEC, { name: "z", content: "x", saysPacked: 0x7fffffff }]),
  ],
  [
    "a zip whose entries are all the same bytes",
    "a.zip",
    () =>
      zip([
        { name: "a0", content: Buffer.alloc(MIB) },
        ...Array.from({ length: 2_000 }, (_, at) => ({
          name: `a${at + 1}`,
          content: Buffer.alloc(0),
          saysOffset: 0,
          saysSize: MIB,
          saysPacked: 1_040,
        })),
      ]),
  ],
  [
    "a zip whose entries lie outside it",
    "a.zip",
    () => zip([SPEC, { name: "z", content: "x", saysOffset: 0x7fffffff }]),
  ],
  ["a zip that says 65,535 entries and has one", "a.zip", () => zip([SPEC], 0xffff)],
  ["a gzip of nothing that ends", "a.tar.gz", () => tarGz([SPEC]).subarray(0, 100)],
];

const yaml = (more: string): string => `${more}\n${SPEC.content}`;
const TEXTS: readonly (readonly [what: string, name: string, content: () => string | Buffer])[] = [
  [
    "an archive in an archive in an archive",
    "a.zip",
    () => zip([{ name: "b.zip", content: zip([{ name: "c.tar.gz", content: tarGz([SPEC]) }]) }]),
  ],
  [
    "a bomb of aliases",
    "a.yaml",
    () =>
      [
        "a0: &a0 [1]",
        ...Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(10)}1]`),
      ].join("\n"),
  ],
  ["an alias of what it lies in", "a.yaml", () => "a: &a [*a]"],
  [
    "a bomb of merge keys",
    "a.yaml",
    () =>
      [
        "m0: &m0 {k0: 1}",
        ...Array.from({ length: 30 }, (_, at) => `m${at + 1}: &m${at + 1} {<<: [*m${at}, *m${at}], k${at + 1}: 1}`),
      ].join("\n"),
  ],
  [
    "tags that build objects",
    "a.yaml",
    () => "a: !!python/object/apply:os.system ['touch /tmp/penstock-slip']\nb: !!js/function 'function(){}'",
  ],
  ["depth in YAML", "a.yaml", () => "[".repeat(10_000)],
  ["depth by indentation", "a.yaml", () => Array.from({ length: 3_000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
  ["depth in JSON", "a.json", () => `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ["a list of a million nothings", "a.json", () => `[${"null,".repeat(1_000_000)}1]`],
  ["a name twice in YAML", "a.yaml", () => yaml("pipelineInfo: {name: other}")],
  ["a name twice in JSON", "a.json", () => `{"root":{},${JSON.stringify(spec).slice(1)}`],
  ["__proto__ in JSON", "a.json", () => `{"__proto__":{"polluted":true},${JSON.stringify(spec).slice(1)}`],
  ["constructor.prototype in YAML", "a.yaml", () => "constructor: {prototype: {polluted: true}}"],
  ["a scalar of 31 MB", "a.yaml", () => `a: ${"x".repeat(31 * MIB)}`],
  ["a hundred thousand documents", "a.yaml", () => "---\na: 1\n".repeat(100_000)],
  ["NULs", "a.yaml", () => Buffer.alloc(MIB)],
  ["no UTF-8", "a.yaml", () => Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x80])],
  ["a number of a million digits", "a.json", () => `{"a":${"9".repeat(1_000_000)}}`],
];

describe("the built server and hostile files", () => {
  let server: TestServer;
  let db: Db;
  let pipelineId: string;
  let incompleteId: string;
  let before: unknown;

  const webStatus = (field: "VmRSS" | "VmHWM"): number => {
    const status = readFileSync(`/proc/${server.children().web}/status`, "utf8");
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  };
  /** Rows per table, files of the store and under way. */
  const stored = () => ({
    rows: ["pipeline", "version", "version_spec", "version_file", "blob", "run"].map((table) =>
      db.$client.prepare(`select count(*) from ${table}`).pluck().get(),
    ),
    files: readdirSync(server.files.blobs, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
      .length,
    underWay: readdirSync(server.files.tmp),
  });

  beforeEach(({ skip }) => {
    skip(!isBuilt, "nothing is built; run `npm run build` first");
    before = stored();
  });
  beforeAll(async () => {
    if (!isBuilt) return;
    server = await startServer();
    const api = apiOf(server);
    pipelineId = (await api.upload({ "ok.json": oneStep("ok", "true") })).pipeline.id;
    await api.upload({ "whole.pipeline": elyraWithScript("whole", "say.py"), "say.py": "print(1)\n" });
    incompleteId = (await api.upload({ "script.pipeline": elyraWithScript("script", "say.py") })).version.id;
    db = openDatabase(server.files.database, { readonly: true });
  });
  afterAll(async () => {
    if (!isBuilt) return;
    db.$client.close();
    await server.remove();
  });

  /** Every door for files; one takes whatever files a version may miss, the others only pipelines. */
  const doors = () => [
    { path: "/api/uploads", field: "file", takesAnyFile: false },
    { path: `/api/versions/${incompleteId}/files`, field: "file", takesAnyFile: true },
    { path: "/apis/v2beta1/pipelines/upload?name=hostile", field: "uploadfile", takesAnyFile: false },
    {
      path: `/apis/v2beta1/pipelines/upload_version?name=hostile&pipelineid=${pipelineId}`,
      field: "uploadfile",
      takesAnyFile: false,
    },
  ];

  async function send(path: string, field: string, name: string, content: string | Buffer): Promise<Response> {
    const form = new FormData();
    form.append(field, new Blob([content as BlobPart]), name);
    const headers = { authorization: `Bearer ${server.token}` };
    return fetch(server.url + path, { method: "POST", headers, body: form, signal: AbortSignal.timeout(LIMIT_MS) });
  }

  /** `isHarmful`: also as a file that is no pipeline. */
  async function refusedEverywhere(name: string, content: string | Buffer, isHarmful: boolean): Promise<void> {
    const roomMib = isHarmful ? ROOM_MIB : ROOM_MIB + PARSER_MIB;
    const canMeasure = existsSync(`/proc/${server.children().web}/clear_refs`);
    for (const { path, field } of doors().filter((door) => isHarmful || !door.takesAnyFile)) {
      if (canMeasure) writeFileSync(`/proc/${server.children().web}/clear_refs`, "5");
      const startMib = canMeasure ? webStatus("VmRSS") : 0;
      const answer = await send(path, field, name, content);
      const body = await answer.json();
      const told = `${path} → ${answer.status} ${JSON.stringify(body).slice(0, 300)}`;
      expect(answer.status >= 400 && answer.status < 500, told).toBe(true);
      expect((body.error?.message ?? body.error_message).length, told).toBeGreaterThan(20);
      expect(stored(), path).toEqual(before);
      if (canMeasure) expect(webStatus("VmHWM") - startMib, `MiB for ${path}`).toBeLessThan(roomMib);
    }
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(existsSync("/tmp/penstock-slip")).toBe(false);
    expect(existsSync(join(server.home, "..", "slip"))).toBe(false);
  }

  test.each(ARCHIVES)("%s is refused at every door", { timeout: 4 * LIMIT_MS }, (_what, name, content) =>
    refusedEverywhere(name, content(), true),
  );

  test.each(TEXTS)("%s is refused at every door", { timeout: 4 * LIMIT_MS }, async (_what, name, content) => {
    await refusedEverywhere(name, content(), false);
    expect("polluted" in {}).toBe(false);
  });

  test("as inline specifications they are refused too", { timeout: 4 * LIMIT_MS }, async () => {
    const bodies = TEXTS.filter(([what, name]) => name.endsWith(".json") && what !== "a name twice in JSON").map(
      ([, , content]) => content().toString(),
    );
    for (const body of [...bodies, "x".repeat(33 * MIB), "[".repeat(MIB), `"${"\\u0000".repeat(1_000)}"`]) {
      const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
      for (const text of [`{"display_name":"x","pipeline_spec":${body}}`, body]) {
        const request = { method: "POST", headers, body: text, signal: AbortSignal.timeout(LIMIT_MS) };
        const answer = await fetch(`${server.url}/apis/v2beta1/runs`, request);
        const told = `${text.slice(0, 60)} → ${answer.status} ${(await answer.text()).slice(0, 200)}`;
        expect(answer.status >= 400 && answer.status < 500, told).toBe(true);
      }
    }
    expect(stored()).toEqual(before);
  });
});

/** Bad input against the built server: each is answered in words with place and reason, leaves nothing behind, and hurts nobody else. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { type Db, openDatabase } from "@/db/client";
import { document, node } from "@/pipelines/elyra/sample-document";
import type { JsonValue } from "@/pipelines/graph";
import type { UploadView } from "@/server/domain/views/pipelines";
import { programRoot } from "@/server/platform/root";
import { elyraWithScript, oneStep } from "./pipelines";
import { type Api, apiOf } from "./support/api";
import { startServer, type TestServer, until } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p5sT9QAAAABJRU5ErkJggg==",
  "base64",
);
const MB = 1_000_000;

async function zip(files: { readonly [path: string]: string }): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [path, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), path);
  archive.end();
  return buffer(archive.outputStream);
}

/** Renames an entry in finished bytes to a name of the same length, which no packer would write. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");

/** A compiled pipeline whose two steps wait for each other. */
function cyclicSpec(): string {
  const spec = JSON.parse(oneStep("cyclic", "true"));
  const { say } = spec.root.dag.tasks;
  spec.root.dag.tasks = {
    first: { ...say, taskInfo: { name: "first" }, dependentTasks: ["second"] },
    second: { ...say, taskInfo: { name: "second" }, dependentTasks: ["first"] },
  };
  return JSON.stringify(spec);
}

/** About `size` bytes of YAML that are nothing but aliases. */
const aliasList = (size: number): string => `x: &x 1\ny: [${"*x, ".repeat(size / 4)}1]\n`;

/** Aliases of aliases, tenfold in each line: ten thousand million values when written out, and `padding` after them. */
const aliasBomb = (padding: string): string =>
  [
    "a0: &a0 [1]",
    ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}1]`),
    padding,
  ].join("\n");

interface Refused {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string; readonly problems: readonly Problem[] };
}
interface Problem {
  readonly place: string;
  readonly rule: string;
  readonly message: string;
}

describe("the built server and bad input", () => {
  let home: string;
  let server: TestServer;
  let api: Api;
  let db: Db;
  let typed: UploadView;
  let script: UploadView;
  let before: ReturnType<typeof stored>;

  /** What is stored: rows per table, files in the store, files under way. */
  const stored = () => ({
    rows: ["pipeline", "version", "version_spec", "version_file", "blob", "run", "task"].map((table) => [
      table,
      db.$client.prepare(`select count(*) from ${table}`).pluck().get(),
    ]),
    blobs: readdirSync(server.files.blobs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      .length,
    underWay: readdirSync(server.files.tmp),
  });

  async function refusal(name: string, content: string | Uint8Array): Promise<Refused> {
    const form = new FormData();
    form.append("path", name);
    form.append("file", new Blob([content as BlobPart]), name);
    const headers = { authorization: `Bearer ${server.token}` };
    const answer = await fetch(`${server.url}/api/uploads`, { method: "POST", headers, body: form });
    return { status: answer.status, ...(await answer.json()) };
  }

  beforeEach(({ skip }) => {
    skip(!isBuilt, "nothing is built; run `npm run build` first");
    before = stored();
  });
  beforeAll(async () => {
    if (!isBuilt) return;
    home = mkdtempSync(join(tmpdir(), "penstock-bad-"));
    const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
    symlinkSync(python.stdout.trim(), join(home, "python3"));
    server = await startServer({ home, env: { PENSTOCK_PYTHON: join(home, "python3") } });
    api = apiOf(server);
    db = openDatabase(server.files.database, { readonly: true });
    typed = await api.upload({ "typed.json": oneStep("typed", "true", { n: { parameterType: "NUMBER_INTEGER" } }) });
    script = await api.upload({
      "script.pipeline": elyraWithScript("script", "say.py"),
      "say.py": "print('quince')\n",
    });
  });
  afterEach(async () => {
    if (!isBuilt) return;
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await api.query<{ engine: { alive: boolean } }>("system.status")).engine.alive).toBe(true);
  });
  afterAll(async () => {
    if (!isBuilt) return;
    db.$client.close();
    await server.remove();
  });

  const whole = () =>
    zip({ "p.pipeline": elyraWithScript("zipped", "say.py"), "say.py": "print('quince')\n".repeat(9) });
  const climbing = async () =>
    renamed(await zip({ "spec.yaml": oneStep("climbs", "true"), "abcsay.py": "" }), "abcsay.py", "../say.py");

  test.each<[what: string, name: string, content: () => string | Uint8Array | Promise<Uint8Array>, words: RegExp]>([
    ["a zip cut in half", "half.zip", async () => (await whole()).subarray(0, 400), /half\.zip\n.*damaged or cut off/],
    [
      "a zip without its last bytes",
      "cut.zip",
      async () => (await whole()).subarray(0, -5),
      /cut\.zip\n.*damaged or cut off/,
    ],
    ["a zip that climbs out with ../", "climbs.zip", climbing, /climbs\.zip\n.*"\.\.\/say\.py" points outside/],
    [
      "a picture called .pipeline",
      "picture.pipeline",
      () => PNG,
      /"picture\.pipeline" is a PNG image, not a pipeline\. Upload/,
    ],
    ["an empty file", "empty.yaml", () => "", /is empty/],
    [
      "an Elyra pipeline with a cycle",
      "round.pipeline",
      () => JSON.stringify(document([node("a", { after: ["b"] }), node("b", { after: ["a"] })])),
      /pipelines\[0\]\.nodes\[\d\]\n.*wait for each other in a circle: [ab] → [ab] → [ab]/,
    ],
    [
      "a compiled pipeline with a cycle",
      "round.yaml",
      cyclicSpec,
      /root\.dag\.tasks\n.*wait for each other: \w+ → \w+ → \w+/,
    ],
    ["30 MB of aliases", "aliases.yaml", () => aliasList(30 * MB), /line 2, column \d+\n.*1000 aliases/],
    [
      "30 MB with an alias bomb",
      "bomb.yaml",
      () => aliasBomb(`padding: ${"x".repeat(30 * MB)}`),
      // Whichever limit is reached first on this machine.
      /line \d+, column \d+\n.*aliases|took longer than 2 s/,
    ],
  ])("%s is refused with the reason", { timeout: 30_000 }, async (_what, name, content, words) => {
    const bytes = await content();
    const began = performance.now();
    const { status, error } = await refusal(name, bytes);
    const tookMs = performance.now() - began;
    expect(status).toBe(400);
    expect([error.message, ...error.problems.flatMap(({ place, message }) => [place, message])].join("\n")).toMatch(
      words,
    );
    expect(error.message).toMatch(/^[A-Z"].*\.$/);
    expect(tookMs).toBeLessThan(10_000);
    expect(stored()).toEqual(before);
  });

  test("an upload that breaks off in the middle leaves nothing", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    const head = [
      "POST /api/uploads HTTP/1.1",
      "Host: 127.0.0.1",
      `Authorization: Bearer ${server.token}`,
      "Content-Type: multipart/form-data; boundary=cut",
      "Content-Length: 100000000",
      "",
      '--cut\r\nContent-Disposition: form-data; name="file"; filename="cut.yaml"\r\n\r\n',
    ];
    socket.write(head.join("\r\n") + "x".repeat(MB));
    await until("the upload to be under way", () => readdirSync(server.files.tmp).length > before.underWay.length);
    socket.destroy();
    await until("the rest to be cleared away", () => readdirSync(server.files.tmp).length === before.underWay.length);
    expect(stored()).toEqual(before);
  });

  test("while a costly text is read, others are answered; then it is refused", { timeout: 30_000 }, async () => {
    let answered = 0;
    const refused = refusal("costly.yaml", aliasBomb("# padding\n".repeat((30 * MB) / 10)));
    const isOver = refused.then(() => true);
    while (!(await Promise.race([isOver, api.query("system.status").then(() => false)]))) answered += 1;
    expect((await refused).error.message).toMatch(/aliases|took longer than 2 s/);
    expect(answered).toBeGreaterThan(10);
    expect(stored()).toEqual(before);
  });

  test.each<[what: string, parameters: { [name: string]: JsonValue }, place: string, words: RegExp]>([
    ["an unknown parameter", { n: 1, other: 2 }, "parameters.other", /other/],
    ["a value of the wrong type", { n: "many" }, "parameters.n", /n requires type .*integer/],
    ["a missing value", {}, "parameters.n", /n/],
  ])("a run with %s is refused at its parameter", async (_what, parameters, place, words) => {
    const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
    const body = JSON.stringify({ versionId: typed.version.id, parameters });
    const answer = await fetch(`${server.url}/api/trpc/runs.create`, { method: "POST", headers, body });
    const { problem } = (await answer.json()).error.data;
    expect([answer.status, problem.problems.map((each: Problem) => each.place)]).toEqual([400, [place]]);
    expect(problem.problems[0].message).toMatch(words);
    expect(stored()).toEqual(before);
  });

  test("an interpreter that was deleted fails the step with how to mend it; mended, the next run succeeds", async () => {
    const python = join(home, "python3");
    const target = readlinkSync(python);
    expect((await api.finished((await api.createRun(script.version.id)).id)).state).toBe("succeeded");
    rmSync(python);
    const run = await api.finished((await api.createRun(script.version.id)).id);
    expect(run.state).toBe("failed");
    expect(run.tasks[0]).toMatchObject({
      state: "failed",
      reason: {
        code: "bad-interpreter",
        subject: python,
        message: expect.stringMatching(/is not there\. Install it.*PENSTOCK_PYTHON/),
      },
    });
    expect(run.reason?.message).toContain("PENSTOCK_PYTHON");
    symlinkSync(target, python);
    expect((await api.finished((await api.createRun(script.version.id)).id)).state).toBe("succeeded");
  });
});

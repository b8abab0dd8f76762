import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBelow } from "@/server/platform/open-file";
import { type TestWeb, testWeb } from "@/server/web/testing";
import { inlineType } from "./artifacts";
import { parseRange } from "./range";

const CANARY = "canary: nobody outside may read this";
const TASK = 7;

let web: TestWeb;
let home: string;
let folder: string;

/** Rows and files of one attempt with a log and some artifacts, as the engine leaves them. */
function seed(): void {
  const sql = web.services.context.db.$client;
  sql.pragma("foreign_keys = OFF");
  sql.exec(`
    insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
      values (3, 'run-3', 'r', 'succeeded', 1, 'p', 1, 'local', 'manual', '{}', 0, 0);
    insert into task (key, run_key, path, step_path, name, kind, state, created_at) values (${TASK}, 3, 's', 's', 's', 'container', 'succeeded', 0);
    insert into attempt (key, task_key, run_key, number, state, created_at) values (1, ${TASK}, 3, 1, 'succeeded', 0), (2, ${TASK}, 3, 2, 'starting', 0);
  `);
  const artifact = sql.prepare(
    `insert into artifact (key, run_key, task_key, name, type, path, uri, is_directory, metadata, created_at)
     values (?, 3, ${TASK}, ?, 'system.Artifact', ?, 'file:///x', ?, '{}', 0)`,
  );
  const out = `runs/3/${TASK}/1/out`;
  artifact.run(1, "report", `${out}/report.html`, 0);
  artifact.run(2, "folder", `${out}/folder`, 1);
  artifact.run(3, "escape", `${out}/link`, 0);
  artifact.run(4, "above", "../canary.txt", 0);
  artifact.run(5, "pipe", `${out}/pipe`, 0);
  artifact.run(6, "remote", null, 0);
  artifact.run(7, "linked folder", `${out}/linked`, 1);
  artifact.run(8, "through a link", `${out}/linked/canary.txt`, 0);
  artifact.run(9, "picture", `${out}/picture.png`, 0);
  artifact.run(10, "drawing", `${out}/drawing.svg`, 0);
}

const put = (path: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
};

beforeAll(async () => {
  web = await testWeb();
  home = web.services.context.dataDir.home;
  seed();
  const attempt = `runs/3/${TASK}/1`;
  folder = join(home, attempt, "out", "folder");
  put(`${attempt}/log`, "0123456789");
  put(`${attempt}/log.times`, "0 1\n5 200\n");
  put(`${attempt}/out/report.html`, "<script>alert(1)</script>");
  put(`${attempt}/out/folder/a.txt`, "a");
  put(`${attempt}/out/folder/deep/b.txt`, "bb");
  put(`${attempt}/out/folder/empty`, "");
  put(`${attempt}/out/picture.png`, Buffer.from("89504e470d0a1a0a00", "hex"));
  put(`${attempt}/out/drawing.svg`, "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
  put("../canary.txt", CANARY);
  put("outside/canary.txt", CANARY);
  symlinkSync(join(home, "outside", "canary.txt"), join(home, attempt, "out", "link"));
  symlinkSync(join(home, "outside"), join(home, attempt, "out", "linked"));
  symlinkSync(join(home, "outside"), join(folder, "inner-link"));
  symlinkSync("loop", join(folder, "loop"));
  execFileSync("mkfifo", [join(home, attempt, "out", "pipe"), join(folder, "pipe")]);
});
afterAll(async () => {
  rmSync(join(home, "..", "canary.txt"), { force: true });
  await web.close();
});

const get = (target: string, headers = {}) => web.ask("GET", target, { ...web.bearer, ...headers });
const LOG = `/api/tasks/${TASK}/attempts/1/log`;

describe("logs", () => {
  test("whole, as text that nothing can be run from", async () => {
    const { status, headers, body } = await get(LOG);
    expect([status, body.toString()]).toEqual([200, "0123456789"]);
    expect(headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      "accept-ranges": "bytes",
    });
    expect((await get(`/api/tasks/${TASK}/attempts/1/log-times`)).body.toString()).toBe("0 1\n5 200\n");
  });

  test.each([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-30", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=0-1,3-4", 200, "0123456789", undefined],
    ["lines=1-2", 200, "0123456789", undefined],
  ])("range %s", async (range, status, body, contentRange) => {
    const answer = await get(LOG, { range });
    expect([answer.status, answer.body.toString()]).toEqual([status, body]);
    expect(answer.headers["content-range"]).toBe(contentRange);
  });

  test("HEAD gives the size, a download a name, an attempt that wrote nothing an empty text", async () => {
    const head = await web.ask("HEAD", LOG, web.bearer);
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "10", 0]);
    const download = await get(`${LOG}?download=1`);
    expect(download.headers["content-disposition"]).toContain(`filename="task-${TASK}-attempt-1.log"`);
    const empty = await get(`/api/tasks/${TASK}/attempts/2/log`);
    expect([empty.status, empty.body.length]).toEqual([200, 0]);
    put(`runs/3/${TASK}/2/log`, "");
    const end = await get(`/api/tasks/${TASK}/attempts/2/log`, { range: "bytes=-100" });
    expect([end.status, end.body.length, end.headers["content-range"]]).toEqual([200, 0, undefined]);
    unlinkSync(join(home, "runs", "3", String(TASK), "2", "log"));
    expect((await get(`/api/tasks/${TASK}/attempts/3/log`)).status).toBe(404);
  });

  test("a log that became a link is not followed", async () => {
    put(`runs/3/${TASK}/2/other`, "x");
    symlinkSync(join(home, "outside", "canary.txt"), join(home, "runs", "3", String(TASK), "2", "log"));
    const { body } = await get(`/api/tasks/${TASK}/attempts/2/log`);
    expect(body.toString()).not.toContain("canary");
    unlinkSync(join(home, "runs", "3", String(TASK), "2", "log"));
  });
});

describe("artifacts", () => {
  test("are downloads unless asked for otherwise", async () => {
    const { headers, body } = await get("/api/artifacts/1/content");
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers["content-disposition"]).toContain('attachment; filename="report.html"');
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(body.toString()).toContain("<script>");
  });

  test("HTML is shown without an origin and without a way out", async () => {
    const { headers } = await get("/api/artifacts/1/content?view=html");
    const policy = String(headers["content-security-policy"]);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    for (const part of [
      "sandbox allow-scripts",
      "default-src 'none'",
      "connect-src 'none'",
      "frame-ancestors 'self'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain("allow-same-origin");
  });

  test("in place are shown images and text only, told by their bytes", async () => {
    expect((await get("/api/artifacts/9/content?view=inline")).headers["content-type"]).toBe("image/png");
    expect((await get("/api/artifacts/10/content?view=inline")).headers["content-type"]).toBe(
      "text/plain; charset=utf-8",
    );
    expect((await get("/api/artifacts/1/content?view=constructor")).headers["content-disposition"]).toContain(
      "attachment",
    );
    expect(inlineType(Buffer.from([1, 0, 2]))).toBeNull();
    expect(inlineType(Buffer.from("%PDF-1.7\n\0"))).toBe("application/pdf");
  });

  test("a directory is listed, opened file by file, and downloaded whole, without its links and pipes", async () => {
    const entries = JSON.parse((await get("/api/artifacts/2/entries")).body.toString());
    const expected = [
      { path: "a.txt", size: 1 },
      { path: "deep/b.txt", size: 2 },
      { path: "empty", size: 0 },
    ];
    expect(entries).toEqual({ items: expected, isCut: false });
    expect((await get("/api/artifacts/2/content?path=deep/b.txt")).body.toString()).toBe("bb");
    const archive = await get("/api/artifacts/2/content");
    expect(archive.headers["content-disposition"]).toContain('filename="folder.tar.gz"');
    const names: string[] = [];
    const tar = extract();
    tar.on("entry", (header, stream, next) => {
      names.push(`${header.name} ${header.size}`);
      stream.resume().on("end", next);
    });
    tar.end(gunzipSync(archive.body));
    await new Promise<void>((resolve) => tar.on("finish", () => resolve()));
    expect(names).toEqual(["a.txt 1", "deep/b.txt 2", "empty 0"]);
  });

  test.each([3, 4, 5, 7, 8])("artifact %i leads outside or is no plain file: not found", async (key) => {
    for (const query of ["", "?view=html", "?view=inline", "?path=canary.txt"]) {
      const { status, body } = await get(`/api/artifacts/${key}/content${query}`);
      expect([status, body.includes("canary")], query).toEqual([404, false]);
    }
  });

  test("one that is stored elsewhere says where", async () => {
    const { status, body } = await get("/api/artifacts/6/content");
    expect([status, body.toString().includes("file:///x")]).toEqual([404, true]);
  });
});

describe("ways out of the data directory", () => {
  const up = ["..", "%2e%2e", "%252e%252e", "%25252e%25252e", "..%00", "..;", "．．", "‥", "....", "%c0%ae%c0%ae"];
  const separators = ["/", "%2f", "%252f", "\\", "%5c", "/./", "//", "∕"];
  const corpus = [
    ...up.flatMap((dots) =>
      separators.flatMap((slash) => [1, 3, 8].map((n) => `${`${dots}${slash}`.repeat(n)}canary.txt`)),
    ),
    "inner-link/canary.txt",
    "inner-link",
    "loop",
    "pipe",
    "/etc/passwd",
    "file:///etc/passwd",
    "C:\\Windows\\win.ini",
    "\\\\host\\share",
    "%00",
    ".",
    "",
    "a.txt/",
    "a.txt/..",
    "deep/../a.txt",
    "a".repeat(10_000),
    `${"a/".repeat(2000)}b`,
  ];

  test("no name inside a directory artifact reads anything outside", async () => {
    for (const path of corpus) {
      for (const target of [
        `/api/artifacts/2/content?path=${encodeURIComponent(path)}`,
        `/api/artifacts/2/content?path=${path.replaceAll(" ", "%20")}`,
        `/api/versions/run-3/file?path=${encodeURIComponent(path)}`,
      ]) {
        const { status, body } = await get(target.replace(/[^\x21-\x7e]/g, encodeURIComponent));
        expect([400, 404, 431], target.slice(0, 200)).toContain(status);
        expect(body.includes("nobody outside")).toBe(false);
      }
    }
  });

  test("no id is a path", async () => {
    for (const path of corpus) {
      const id = path.replace(/[^\x21-\x7e]/g, encodeURIComponent);
      for (const target of [
        `/api/artifacts/${id}/content`,
        `/api/tasks/${id}/attempts/1/log`,
        `/api/tasks/${TASK}/attempts/${id}/log`,
        `/api/versions/${id}/file?path=a.txt`,
      ]) {
        const { body } = await get(target);
        expect(body.includes("nobody outside"), target.slice(0, 200)).toBe(false);
      }
    }
  });

  test("10,000 random names open nothing but plain files below the folder", async () => {
    const piece = fc.constantFrom(
      "..",
      ".",
      "",
      "a.txt",
      "deep",
      "b.txt",
      "inner-link",
      "canary.txt",
      "loop",
      "\0",
      "\\",
    );
    const names = fc.oneof(
      fc.array(piece, { maxLength: 6 }).map((parts) => parts.join("/")),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const file = await openBelow(folder, name);
        await file?.handle.close();
        expect(file === null || ["a.txt", "deep/b.txt", "empty"].includes(name)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test("a folder that is swapped for a link while it is read never shows what lies outside", async () => {
    const swapped = join(home, "swapped");
    let isDone = false;
    const aWhile = async () => {
      for (let turns = Math.floor(Math.random() * 40); turns >= 0; turns--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const swapping = (async () => {
      while (!isDone) {
        rmSync(swapped, { recursive: true, force: true });
        symlinkSync(join(home, "outside"), swapped);
        await aWhile();
        rmSync(swapped, { recursive: true, force: true });
        mkdirSync(swapped);
        writeFileSync(join(swapped, "canary.txt"), "inside");
        await aWhile();
      }
    })();
    let opened = 0;
    for (let i = 0; i < 2_000; i++) {
      const file = await openBelow(home, "swapped/canary.txt");
      if (file === null) continue;
      opened += 1;
      expect(await file.handle.readFile("utf8")).not.toContain("nobody outside");
      await file.handle.close();
    }
    isDone = true;
    await swapping;
    expect(opened).toBeGreaterThan(0);
  });
});

test("ranges always lie within the file", () => {
  const part = fc.oneof(fc.constant(""), fc.nat(30).map(String));
  fc.assert(
    fc.property(part, part, fc.nat(20), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last}`, size);
      if (range.kind !== "part") return;
      expect(range.from).toBeGreaterThanOrEqual(0);
      expect(range.from).toBeLessThanOrEqual(range.to);
      expect(range.to).toBeLessThan(size);
    }),
  );
});

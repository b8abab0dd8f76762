import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestWeb, testWeb } from "@/server/web/testing";

const OUT = "runs/3/7/1/out";
const PAGE = "<script>document.title = 'ünö'</script>";
const DISPLAYS = JSON.stringify({
  outputs: [
    { type: "markdown", storage: "inline", source: PAGE },
    { type: "web-app", storage: "inline", source: PAGE },
    { type: "web-app", storage: "gcs", source: "/etc/passwd" },
    { type: "web-app", source: "/etc/passwd" },
  ],
});

let web: TestWeb;

/** Artifacts of one task: a display file, and whatever might be taken for one. */
function seed(): void {
  const sql = web.services.context.db.$client;
  sql.pragma("foreign_keys = OFF");
  const run = sql.prepare(
    `insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at, deleted_at)
     values (?, ?, 'r', 'succeeded', 1, 'p', 1, 'local', 'manual', '{}', 0, 0, ?)`,
  );
  run.run(3, "run-3", null);
  run.run(4, "run-4", 1);
  const artifact = sql.prepare(
    `insert into artifact (key, run_key, task_key, name, type, path, uri, is_directory, metadata, created_at)
     values (?, ?, 7, ?, 'system.Artifact', ?, 'file:///x', ?, '{}', 0)`,
  );
  const displays = "mlpipeline-ui-metadata";
  artifact.run(1, 3, "mlpipeline_ui_metadata", `${OUT}/displays`, 0);
  artifact.run(2, 3, "model", `${OUT}/displays`, 0);
  artifact.run(3, 3, displays, `${OUT}/linked/displays`, 0);
  artifact.run(4, 3, displays, `${OUT}/folder`, 1);
  artifact.run(5, 3, displays, `${OUT}/large`, 0);
  artifact.run(6, 3, displays, `${OUT}/page.html`, 0);
  artifact.run(7, 3, displays, null, 0);
  artifact.run(8, 4, displays, `${OUT}/displays`, 0);
  artifact.run(9, 3, displays, `${OUT}/gone`, 0);
  artifact.run(10, 3, "page", `${OUT}/page.html`, 0);
}

beforeAll(async () => {
  web = await testWeb();
  seed();
  const { home } = web.services.context.dataDir;
  for (const folder of [`${OUT}/folder`, "outside"]) mkdirSync(join(home, folder), { recursive: true });
  for (const file of [`${OUT}/displays`, `${OUT}/folder/displays`, "outside/displays"]) {
    writeFileSync(join(home, file), DISPLAYS);
  }
  writeFileSync(join(home, OUT, "large"), DISPLAYS + " ".repeat(16 * 1024 * 1024));
  writeFileSync(join(home, OUT, "page.html"), PAGE);
  symlinkSync(join(home, "outside"), join(home, OUT, "linked"));
});
afterAll(() => web.close());

const at = (key: number, entry: string | number): string => `/api/artifacts/${key}/displays/${entry}`;

test("a page in a display file has the headers of an HTML artifact", async () => {
  const artifact = await web.ask("GET", "/api/artifacts/10/content?view=html", web.bearer);
  const { "content-length": _, "accept-ranges": __, date: ___, ...shared } = artifact.headers;
  expect(shared["content-security-policy"]).toMatch(/^sandbox allow-scripts; default-src 'none'; script-src/);
  for (const headers of [web.bearer, web.cookie]) {
    const page = await web.ask("GET", at(1, 1), headers);
    expect([page.status, page.body.toString()]).toEqual([200, PAGE]);
    expect(page.headers).toMatchObject(shared);
  }
  const head = await web.ask("HEAD", at(1, 1), web.bearer);
  expect([head.status, Number(head.headers["content-length"]), head.body.length]).toEqual([
    200,
    Buffer.byteLength(PAGE),
    0,
  ]);
});

test.each([0, 2, 3, 4, 200, 999_999_999])("entry %s is no page: not found", async (entry) => {
  const { status, headers, body } = await web.ask("GET", at(1, entry), web.bearer);
  expect([status, body.includes("<script>"), body.includes("root:")]).toEqual([404, false, false]);
  expect(headers["content-type"]).not.toContain("text/html");
});

test.each([
  [2, "of another name"],
  [3, "behind a link"],
  [4, "a folder"],
  [5, "larger than what is read"],
  [6, "no JSON"],
  [7, "stored elsewhere"],
  [8, "of a deleted run"],
  [9, "gone"],
  [99, "unknown"],
])("artifact %i is %s: not found", async (key) => {
  const { status, body } = await web.ask("GET", at(key, 1), web.bearer);
  expect([status, body.includes("<script>")]).toEqual([404, false]);
});

test("nothing but a number is the place of an entry, and nothing but reading is answered", async () => {
  for (const entry of ["1e0", "-1", "01x", "", "..", "%2e%2e/content", "1/..", "__proto__", "length", "1".repeat(20)]) {
    expect((await web.ask("GET", at(1, entry), web.bearer)).body.includes("<script>"), entry).toBe(false);
  }
  for (const method of ["POST", "PUT", "DELETE"]) {
    expect((await web.ask(method, at(1, 1), web.bearer)).body.includes("<script>"), method).toBe(false);
  }
});

test("strangers and other hosts get no page", async () => {
  for (const headers of [
    {},
    { authorization: "Bearer wrong" },
    { cookie: "penstock_session=wrong" },
    { ...web.cookie, "sec-fetch-site": "cross-site", host: "evil.example" },
  ]) {
    const { status, body } = await web.ask("GET", at(1, 1), headers);
    expect([status >= 400 && status < 500, body.includes("<script>")]).toEqual([true, false]);
  }
  expect((await web.ask("GET", at(1, 1))).status).toBe(401);
});

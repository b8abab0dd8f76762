import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TEST_TOKEN, type TestWeb, testWeb } from "@/server/web/testing";

const NOTEBOOK = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });

let web: TestWeb;
beforeEach(async () => {
  web = await testWeb();
});
afterEach(() => web.close());

const left = (): string[] => readdirSync(web.services.context.dataDir.tmp).filter((name) => name.startsWith("upload-"));
const pipelines = () =>
  (web.services.context.db.$client.prepare("select count(*) as n from pipeline").get() as { n: number }).n;

async function upload(parts: readonly (readonly [path: string, content: string])[], query = ""): Promise<Response> {
  const form = new FormData();
  for (const [path, content] of parts) {
    form.append("path", path);
    form.append("file", new Blob([content]), path.split("/").at(-1) ?? "x");
  }
  return fetch(`http://127.0.0.1:${web.port}/api/uploads${query}`, { method: "POST", headers: web.bearer, body: form });
}

test("a notebook becomes a pipeline, and nothing stays in tmp", async () => {
  const response = await upload([["work/hello.ipynb", NOTEBOOK]], "?name=Hello");
  expect([response.status, await response.json()]).toMatchObject([200, { pipeline: { name: "Hello" } }]);
  expect(left()).toEqual([]);
  expect(pipelines()).toBe(1);
});

test("what is no pipeline is refused with its problems, and leaves nothing", async () => {
  const response = await upload([["picture.pipeline", "\u0089PNG\r\n"]]);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect((await response.json()).error.message).not.toBe("");
  expect(left()).toEqual([]);
  expect(pipelines()).toBe(0);
});

test.each([
  ["no multipart", { "content-type": "application/json" }, "{}"],
  ["no boundary", { "content-type": "multipart/form-data" }, "x"],
  ["no file", { "content-type": "multipart/form-data; boundary=b" }, "--b--\r\n"],
  [
    "no end",
    { "content-type": "multipart/form-data; boundary=b" },
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
  ],
  [
    "no name",
    { "content-type": "multipart/form-data; boundary=b" },
    '--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\nContent-Type: a/b\r\n\r\nabc\r\n--b--\r\n',
  ],
])("%s: a clear refusal", async (_name, headers, body) => {
  const answer = await web.ask("POST", "/api/uploads", { ...web.bearer, ...headers }, body);
  expect([answer.status, JSON.parse(answer.body.toString()).error.code]).toEqual([400, "invalid"]);
  expect(left()).toEqual([]);
});

test("an upload that is broken off in the middle leaves nothing", async () => {
  const socket = connect(web.port, "127.0.0.1");
  socket.write(
    [
      "POST /api/uploads HTTP/1.1",
      "Host: 127.0.0.1",
      `Authorization: Bearer ${TEST_TOKEN}`,
      "Content-Type: multipart/form-data; boundary=b",
      "Content-Length: 100000000",
      "",
      "--b",
      'Content-Disposition: form-data; name="file"; filename="a.pipeline"',
      "",
      "x".repeat(200_000),
    ].join("\r\n"),
  );
  while (left().length === 0 || readdirSync(`${web.services.context.dataDir.tmp}/${left()[0]}`).length === 0) {
    await pause(5);
  }
  socket.destroy();
  while (left().length > 0) await pause(5);
  expect(pipelines()).toBe(0);
});

test("without a credential the body is not read at all", async () => {
  const started = process.memoryUsage().rss;
  const answer = await web
    .ask("POST", "/api/uploads", { "content-type": "multipart/form-data; boundary=b" }, Buffer.alloc(64 * 1024 * 1024))
    .catch((error: NodeJS.ErrnoException) => ({ status: 401, headers: {}, body: Buffer.from(String(error.code)) }));
  expect(answer.status).toBe(401);
  expect(left()).toEqual([]);
  expect(process.memoryUsage().rss - started).toBeLessThan(200 * 1024 * 1024);
});

/** Paths, methods, credentials and bodies: every request has an answer in JSON, and a bad one never a 5xx. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROUTES } from "./routes";
import { type TestClient, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

test("healthz is open and says single user; all else wants the token, unknown paths too", async () => {
  client.isKnown = false;
  expect(await client.ok("GET", "/healthz")).toMatchObject({ multi_user: false, pipeline_store: "database" });
  for (const path of ["/pipelines", "/runs/x", "/nothing", "/runs/x:terminate", "/healthz/x"]) {
    expect(await client.send("GET", path)).toMatchObject({ status: 401, body: { code: 16 } });
  }
  for (const path of ["/apis/v1alpha1/runs/x/nodes/1/log", "/apis/v1beta1/healthz", "/apis/healthz"]) {
    expect((await client.ask("GET", path)).status).toBe(401);
  }
});

test.each([
  ["GET", "/apis/v2beta1/auth", 404],
  ["GET", "/apis/v2beta1/filters", 404],
  ["POST", "/apis/v2beta1/visualizations/x", 404],
  ["POST", "/apis/v2beta1/runs/x:fly", 404],
  ["GET", "/apis/v2beta1/runs/", 404],
  ["GET", "/apis/v2beta1/pipelines/%E0%A4%A", 404],
  ["GET", "/apis/v1beta1/runs", 404],
  ["GET", "/apis/v1alpha1/runs", 404],
  ["GET", "/apis/v2beta1/runs/x/nodes/1/log", 404],
  ["PUT", "/apis/v2beta1/pipelines", 501],
  ["DELETE", "/apis/v2beta1/runs/x:archive", 501],
  ["POST", "/apis/v2beta1/healthz", 501],
])("%s %s is answered %i in JSON", async (method, path, status) => {
  const response = await client.ask(method, path);
  expect(response.headers.get("content-type")).toContain("application/json");
  const code = status === 404 ? 5 : 12;
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code, details: [{ code }] });
});

test("HEAD is answered as GET is, a verb without a body as one with an empty one", async () => {
  expect((await client.ask("HEAD", "/apis/v2beta1/runs")).status).toBe(200);
  const { experiment_id: id } = await client.ok("POST", "/experiments", { display_name: "e" });
  const headers = { "content-type": "application/json", "content-length": "0" };
  const path = `/apis/v2beta1/experiments/${id}:archive`;
  expect((await client.ask("POST", path, { headers })).status).toBe(200);
  expect((await client.ask("POST", path, { headers, body: "" })).status).toBe(200);
});

test("an id that was encoded is read as it was meant", async () => {
  await client.ok("POST", "/pipelines", { name: "a/b c:d" });
  expect(await client.ok("GET", "/pipelines/names/a%2Fb%20c%3Ad")).toMatchObject({ name: "a/b c:d" });
});

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

test.each([
  ["no JSON", "a=b"],
  ["cut off", '{"display_name": "x"'],
  ["a list", "[]"],
  ["a text", '"x"'],
  ["deep", deep(100_000)],
  ["deep in a field", `{"pipeline_spec":${deep(5_000)}}`],
  ["a doubled key", '{"display_name":"a","display_name":"b"}'],
  ["both spellings", '{"display_name":"a","displayName":"b"}'],
  ["__proto__", '{"__proto__":{"display_name":"a"}}'],
  ["__proto__ in parameters", '{"display_name":"a","runtime_config":{"parameters":{"__proto__":1}}}'],
  ["a number for a name", '{"display_name":1,"name":1}'],
  ["an object for a name", '{"display_name":{},"name":{}}'],
  ["NUL", "\0"],
  ["a lone surrogate", '{"display_name":"\\ud800","pipeline_spec":"\\ud800","tags":1}'],
])("a body that is %s makes every creation answer 4xx and stores nothing", async (_, body) => {
  const counts = () =>
    ["pipeline", "version", "run", "experiment"].map((table) =>
      client.services.context.db.$client.prepare(`select count(*) from ${table} where name <> 'Default'`).pluck().get(),
    );
  for (const path of ["/pipelines", "/pipelines/create", "/runs", "/pipelines/x/versions"]) {
    const { status } = await client.send("POST", path, body);
    expect({ path, status }).toEqual({ path, status: expect.toSatisfy((code: number) => code >= 400 && code < 500) });
  }
  const { status } = await client.send("POST", "/experiments", body);
  expect(status).toBeLessThan(500);
  expect(counts().slice(0, 3)).toEqual([0, 0, 0]);
});

test("no operation answers a hostile id with a 5xx", async () => {
  const ids = ["x", "..", "%2e%2e%2f", "a%00b", "'%3B--", "%F0%9F%92%A9", "-1", "9".repeat(40), "constructor"];
  for (const route of ROUTES) {
    for (const id of ids) {
      const path = `${route.base ?? "/apis/v2beta1"}${route.path.replaceAll(/\{[^}]+\}/g, id)}`;
      const { status } = await client.ask(route.method, path);
      expect({ path, status }).toEqual({ path, status: expect.toSatisfy((code: number) => code < 500) });
    }
  }
});

test("one key makes one thing, for another request it is a conflict", async () => {
  const once = { "idempotency-key": "k" };
  const first = await client.ok("POST", "/experiments", { display_name: "e" }, once);
  expect(await client.ok("POST", "/experiments", { display_name: "e" }, once)).toEqual(first);
  expect(await client.send("POST", "/experiments", { display_name: "f" }, once)).toMatchObject({
    status: 409,
    body: { code: 6, details: [{ message: expect.stringContaining("belongs to another request") }] },
  });
  const pipeline = await client.ok("POST", "/pipelines", { name: "p" }, once);
  expect(await client.ok("POST", "/pipelines", { name: "p" }, once)).toEqual(pipeline);
  expect((await client.ok("GET", "/experiments")).total_size).toBe(2);
  const key = { "idempotency-key": "k".repeat(256) };
  expect(await client.send("POST", "/pipelines", { name: "q" }, key)).toMatchObject({ status: 400 });
});

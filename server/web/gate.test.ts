import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EVERY_ROUTE } from "@/e2e/support/every-route";
import { type TestWeb, testWeb } from "./testing";

/** Every address that wants a credential. */
const routes = (): string[] => [...new Set(EVERY_ROUTE.filter(({ isOpen }) => !isOpen).map(({ path }) => path))];

const OPEN = ["/sign-in", "/healthz", "/readyz", "/favicon.svg", "/_next/static/chunks/a.js", "/apis/v2beta1/healthz"];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
const JSON_BODY = { "content-type": "application/json" };

let web: TestWeb;
beforeAll(async () => {
  web = await testWeb();
});
afterAll(() => web.close());
beforeEach(() => {
  web.seen.length = 0;
});

test("the list of routes is not empty by accident", () => {
  expect(routes().length).toBeGreaterThan(40);
  expect(routes()).toContain("/api/trpc/runs.create");
});

describe.each(METHODS)("without a credential, %s", (method) => {
  const credentials = {
    none: {},
    "wrong bearer": { authorization: "Bearer wrong" },
    "wrong cookie": { cookie: "penstock_session=zzzz.yyyy.xxxx" },
    "claims of a proxy": {
      "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
      "x-forwarded-host": "localhost",
      "x-forwarded-for": "127.0.0.1",
      "x-penstock-identity": "local",
      "x-http-method-override": "GET",
    },
  };
  test.each(Object.entries(credentials))("%s: nothing closed answers", async (_name, headers) => {
    for (const path of routes().filter((route) => !OPEN.includes(route))) {
      const { status, headers: got } = await web.ask(method, path, headers);
      const isRedirect = status === 307 && got.location?.startsWith("/sign-in");
      expect(isRedirect || [401, 403, 404, 405].includes(status), `${method} ${path} → ${status}`).toBe(true);
    }
    expect(web.seen).toEqual([]);
  });
});

test.each([
  "/api/trpc/runs.list/health",
  "/api/trpc/runs.list/healthz",
  "/healthz/../api/trpc/runs.list",
  "/healthz/..%2fapi/trpc/runs.list",
  "/healthz;/api/trpc/runs.list",
  "/_next/static/../../api/trpc/runs.list",
  "/_next/static/..%2f..%2fapi/trpc/runs.list",
  "/_next/static/%2e%2e/%2e%2e/api/trpc/runs.list",
  "/_next/static/..\\..\\api\\trpc\\runs.list",
  "//api/trpc/runs.list",
  "/api//trpc/runs.list",
  "/API/trpc/runs.list",
  "/Api/Session/../trpc/runs.list",
  "/apis/v2beta1/healthz/../runs",
  "/apis/v2beta1/healthz/..;/runs",
  "/apis/v2beta1/healthz%2f..%2fruns",
  "/apis/v2beta1/HEALTHZ",
  "/sign-in/../runs",
  "/sign-in/",
  "/SIGN-IN",
  "/sign-in%2f",
  "/healthz%00",
  "/healthz%",
  "/favicon.svg/../runs",
  "/constructor",
  "/__proto__",
  "http://127.0.0.1/healthz",
  "*",
])("%s is no way around the door", async (target) => {
  for (const method of ["GET", "POST"]) {
    const { status } = await web.ask(method, target);
    expect([307, 401, 403, 404, 405], `${method} ${status}`).toContain(status);
  }
  expect(web.seen).toEqual([]);
});

test("what is open answers, and only to GET and HEAD", async () => {
  for (const path of OPEN) {
    expect((await web.ask("GET", path)).status, path).not.toBe(401);
    expect((await web.ask("POST", path, JSON_BODY, "{}")).status, path).toBe(405);
  }
});

test("a page leads to the sign-in page and back", async () => {
  const { status, headers } = await web.ask("GET", "/runs/1?tab=logs&line=3");
  expect([status, headers.location]).toEqual([307, "/sign-in?to=%2Fruns%2F1%3Ftab%3Dlogs%26line%3D3"]);
  expect((await web.ask("GET", "/")).headers.location).toBe("/sign-in");
});

test("each API refuses in its own shape", async () => {
  const body = async (path: string) => JSON.parse((await web.ask("GET", path)).body.toString());
  expect(await body("/apis/v2beta1/runs")).toMatchObject({ code: 16, details: [{ code: 16 }] });
  expect(await body("/api/trpc/runs.list")).toMatchObject({
    error: { code: -32001, data: { code: "UNAUTHORIZED", httpStatus: 401, problem: { code: "unauthenticated" } } },
  });
  expect(await body("/api/artifacts/1/content")).toMatchObject({ error: { code: "unauthenticated", problems: [] } });
});

describe("foreign hosts", () => {
  const foreign = ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2", "[::2]", "a b"];
  test.each(foreign)("Host %j is refused on every route and method", async (host) => {
    for (const path of [...OPEN, ...routes()]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const { status } = await web.ask(method, path, { ...web.bearer, ...web.cookie, host });
        expect([400, 403], `${method} ${path} → ${status}`).toContain(status);
      }
    }
    expect(web.seen).toEqual([]);
  });

  test("loopback names are answered at any port, as through a tunnel", async () => {
    for (const host of ["localhost:8080", "LOCALHOST", `127.0.0.1:${web.port}`, "[::1]:4270"]) {
      expect((await web.ask("GET", "/healthz", { host })).status, host).toBe(200);
    }
  });
});

describe("requests from other sites that carry the cookie", () => {
  const own = () => ({ origin: `http://127.0.0.1:${web.port}`, ...JSON_BODY, ...web.cookie });
  const changing = () => routes().filter((route) => /^\/apis?\//.test(route));

  test.each([
    ["another origin", { origin: "https://evil.example" }],
    ["an opaque origin", { origin: "null" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["another site by its own word", { "sec-fetch-site": "cross-site" }],
    ["another port by its own word", { "sec-fetch-site": "same-site" }],
    ["an origin that contradicts", { origin: "http://evil.example", "sec-fetch-site": "same-origin" }],
    ["no word at all", {}],
  ])("%s: everything that changes something is refused", async (_name, headers) => {
    for (const path of changing()) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const { status } = await web.ask(method, path, { ...web.cookie, ...JSON_BODY, ...headers }, "{}");
        expect(status, `${method} ${path}`).toBe(403);
      }
    }
    expect(web.seen).toEqual([]);
  });

  test("streams and reads of the API are refused as well; following a link is not", async () => {
    const stream = "/api/changes?topic=runs";
    const cross = { ...web.cookie, "sec-fetch-site": "cross-site" };
    expect((await web.ask("GET", stream, { ...cross, "sec-fetch-mode": "cors" })).status).toBe(403);
    expect((await web.ask("GET", stream, { ...cross, "sec-fetch-mode": "no-cors" })).status).toBe(403);
    expect((await web.ask("GET", "/runs", { ...cross, "sec-fetch-mode": "navigate" })).status).toBe(200);
    // Without a body: the stream itself would not end.
    expect((await web.ask("HEAD", stream, { ...web.cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test("a simple form cannot pose as JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const { status } = await web.ask("POST", "/api/trpc/runs.create", { ...own(), "content-type": type }, "{}");
      expect(status, type).toBe(415);
    }
    expect((await web.ask("POST", "/api/trpc/runs.create", own(), "{}")).status).toBe(200);
  });

  test("the token itself needs neither an origin nor a type", async () => {
    const headers = { ...web.bearer, origin: "https://notebook.example", "content-type": "text/plain" };
    expect((await web.ask("POST", "/api/trpc/runs.create", headers, "{}")).status).toBe(200);
  });
});

test("pages take nothing in, whoever asks", async () => {
  const { status } = await web.ask("POST", "/runs", { ...web.bearer, "next-action": "x" }, "1");
  expect(status).toBe(405);
});

test("what only insiders may claim never reaches the pages", async () => {
  await web.ask("GET", "/runs", {
    ...web.bearer,
    "x-middleware-subrequest": "a",
    "x-forwarded-host": "evil",
    "x-nonce": "mine",
    "content-security-policy": "script-src 'nonce-mine'",
    "next-action": "b",
    "x-penstock-user": "c",
  });
  const names = Object.keys(web.seen[0]?.headers ?? {});
  expect(names).not.toContain("x-middleware-subrequest");
  expect(names).not.toContain("x-forwarded-host");
  expect(names).not.toContain("next-action");
  expect(names).not.toContain("x-penstock-user");
  expect(web.seen[0]?.headers["x-nonce"]).not.toBe("mine");
});

test("each page has a policy with its own nonce, and every answer the fixed headers", async () => {
  const first = await web.ask("GET", "/runs", web.bearer);
  const second = await web.ask("GET", "/runs", web.bearer);
  const policy = String(first.headers["content-security-policy"]);
  expect(policy).toContain(`'nonce-${web.seen[0]?.headers["x-nonce"]}'`);
  expect(policy).toBe(web.seen[0]?.headers["content-security-policy"]);
  expect(policy).not.toBe(second.headers["content-security-policy"]);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  for (const answer of [first, await web.ask("GET", "/healthz"), await web.ask("GET", "/api/uploads")]) {
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers["referrer-policy"]).toBe("same-origin");
    expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  }
});

describe("bodies", () => {
  const MIB = 1024 * 1024;
  test("one that says it is too large is refused before it is read", async () => {
    const headers = { ...web.bearer, ...JSON_BODY, "content-length": 9 * MIB };
    const { status } = await web.ask("POST", "/api/trpc/runs.create", headers, Buffer.alloc(9 * MIB));
    expect(status).toBe(413);
    expect(web.seen).toEqual([]);
  });

  test("one that does not say so is cut off", async () => {
    const headers = { ...web.bearer, ...JSON_BODY, "transfer-encoding": "chunked" };
    const { status } = await web.ask("POST", "/api/trpc/runs.create", headers, Buffer.alloc(9 * MIB));
    expect(status).toBe(413);
  });

  test("one within the limit arrives whole", async () => {
    const { body } = await web.ask("POST", "/api/trpc/runs.create", web.bearer, Buffer.alloc(7 * MIB));
    expect(body.toString()).toBe(`page, ${7 * MIB} bytes`);
    const inline = await web.ask("POST", "/apis/v2beta1/runs", web.bearer, Buffer.alloc(33 * MIB));
    expect(inline.body.toString()).toBe(`page, ${33 * MIB} bytes`);
  });
});

test("switched off, everyone comes in, but no other site", async () => {
  const open = await testWeb("off");
  expect((await open.ask("GET", "/runs")).status).toBe(200);
  expect((await open.ask("POST", "/api/trpc/runs.create", JSON_BODY, "{}")).status).toBe(200);
  const foreign = { ...JSON_BODY, origin: "https://evil.example" };
  expect((await open.ask("POST", "/api/trpc/runs.create", foreign, "{}")).status).toBe(403);
  expect((await open.ask("GET", "/runs", { host: "evil.example" })).status).toBe(403);
  await open.close();
});

import { createServer } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StatusView } from "@/server/domain/views/status";
import { readEnv } from "@/server/platform/env";
import { notReady } from "./health";
import { answeredHosts } from "./hosts";
import { isMissingAddress, listen } from "./listen";
import { type Answer, TEST_TOKEN, type TestWeb, testWeb } from "./testing";

const JSON_BODY = { "content-type": "application/json" };

let web: TestWeb;
beforeAll(async () => {
  web = await testWeb();
});
afterAll(() => web.close());

const post = (target: string, body: object, headers = {}) =>
  web.ask("POST", target, { ...JSON_BODY, ...headers }, JSON.stringify(body));

/** The cookie as a browser would send it back. */
const cookieOf = (answer: Answer): string => (answer.headers["set-cookie"]?.[0] ?? "").split(";", 1)[0] ?? "";

describe("signing in", () => {
  test("a code from the token's holder opens one session, once", async () => {
    const { code, url } = JSON.parse((await web.ask("POST", "/api/sign-in-codes", web.bearer)).body.toString());
    expect(url).toBe(`http://127.0.0.1:${web.port}/sign-in?code=${code}`);
    const answer = await post("/api/session", { code });
    expect(answer.status).toBe(200);
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect((await web.ask("GET", "/runs", { cookie: cookieOf(answer) })).status).toBe(200);
    expect((await post("/api/session", { code })).status).toBe(401);
  });

  test("the token opens a session, a wrong one does not", async () => {
    const answer = await post("/api/session", { token: TEST_TOKEN });
    expect((await web.ask("GET", "/runs", { cookie: cookieOf(answer) })).status).toBe(200);
    for (const body of [{ token: "wrong" }, { code: "wrong" }])
      expect((await post("/api/session", body)).status).toBe(401);
    for (const body of [{}, { token: 1 }, { token: TEST_TOKEN, code: "x" }, []]) {
      expect((await post("/api/session", body)).status).toBe(400);
    }
    expect((await web.ask("POST", "/api/session", JSON_BODY, "{")).status).toBe(400);
  });

  test("another site cannot sign a browser in or out", async () => {
    const foreign = { origin: "https://evil.example" };
    expect((await post("/api/session", { token: TEST_TOKEN }, foreign)).status).toBe(403);
    expect((await web.ask("DELETE", "/api/session", { ...web.cookie, ...foreign })).status).toBe(403);
  });

  test("signing out takes the cookie away", async () => {
    const own = { ...web.cookie, origin: `http://127.0.0.1:${web.port}` };
    const answer = await web.ask("DELETE", "/api/session", own);
    expect([answer.status, answer.headers["set-cookie"]?.[0]]).toMatchObject([
      200,
      expect.stringContaining("Max-Age=0"),
    ]);
  });

  test("a session makes no codes: only the token itself does", async () => {
    const own = { ...web.cookie, origin: `http://127.0.0.1:${web.port}` };
    expect((await web.ask("POST", "/api/sign-in-codes", own)).status).toBe(403);
    expect((await web.ask("POST", "/api/sign-in-codes")).status).toBe(401);
  });

  test("behind HTTPS the cookie is for HTTPS only", async () => {
    const answer = await post("/api/session", { token: TEST_TOKEN }, { origin: `https://127.0.0.1:${web.port}` });
    expect(answer.headers["set-cookie"]?.[0]).toContain("; Secure");
  });
});

describe("health", () => {
  const beat = (atMs: number) =>
    web.services.context.db.$client
      .prepare("insert or replace into heartbeat (name, at, started_at, pid, slots) values ('engine', ?, 0, 1, 4)")
      .run(atMs);
  const nowMs = () => web.services.context.now().getTime();

  test("ready while the engine's sign of life is younger than 5 s", async () => {
    expect((await web.ask("GET", "/healthz")).status).toBe(200);
    expect((await web.ask("GET", "/readyz")).status).toBe(503);
    beat(nowMs() - 4_999);
    expect((await web.ask("GET", "/readyz")).status).toBe(200);
    beat(nowMs() - 5_000);
    const late = await web.ask("GET", "/readyz");
    expect([late.status, late.body.toString()]).toEqual([503, "not ready: the engine gave no sign of life for 5 s\n"]);
  });

  test("a sign of life from the future, after the clock was set back, counts as fresh", () => {
    const status = { engine: { lastSeenAt: "2030-01-01T00:00:10.000Z" } } as StatusView;
    expect(notReady(status, new Date("2030-01-01T00:00:00.000Z"))).toBeNull();
  });
});

describe("listening", () => {
  test("a machine without an address is told from a taken port", async () => {
    const first = await listen((_request, response) => response.end(), ["127.0.0.1"], 0);
    const address = first.servers[0]?.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const error = await listen(() => {}, ["127.0.0.1", "::1"], port).catch((thrown: unknown) => thrown);
    expect([error, isMissingAddress(error)]).toMatchObject([{ code: "EADDRINUSE" }, false]);
    expect(isMissingAddress(Object.assign(new Error(), { code: "EADDRNOTAVAIL" }))).toBe(true);
    await first.close(0);
  });

  test("stopping ends streams at once and lets an answer finish", async () => {
    let finish = (): void => {};
    const listening = await listen(
      (request, response) => {
        if (request.url === "/stream") {
          response.writeHead(200, { "Content-Type": "text/event-stream" });
          response.write("data: 1\n\n");
        } else finish = () => response.end("whole");
      },
      ["127.0.0.1"],
      0,
    );
    const address = listening.servers[0]?.address();
    const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const stream = await fetch(`${base}/stream`, { headers: { accept: "text/event-stream" } });
    const slow = fetch(`${base}/slow`);
    const arrived = new Promise<void>((resolve) => listening.servers[0]?.once("request", () => resolve()));
    await arrived;
    const startedMs = performance.now();
    const closed = listening.close(5_000);
    await expect(stream.text()).rejects.toThrow();
    finish();
    const answer = await slow;
    expect([await answer.text(), answer.headers.get("connection")]).toEqual(["whole", "close"]);
    await closed;
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    await expect(fetch(base)).rejects.toThrow();
  });

  test("what never ends is cut after the grace", async () => {
    const listening = await listen(() => {}, ["127.0.0.1"], 0);
    const address = listening.servers[0]?.address();
    const request = fetch(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`).catch(() => "cut");
    await new Promise<void>((resolve) => listening.servers[0]?.once("request", () => resolve()));
    await listening.close(50);
    expect(await request).toBe("cut");
  });

  test("a header that is too large is refused, a connection that says nothing is let go of", async () => {
    expect((await web.ask("GET", "/healthz", { "x-large": "a".repeat(40_000) })).status).toBe(431);
    expect(web.listening.servers[0]?.headersTimeout).toBe(10_000);
    expect(createServer().headersTimeout).toBeGreaterThan(10_000);
  });

  test("an upgrade without a credential is closed", async () => {
    const socket = connect(web.port, "127.0.0.1");
    socket.write("GET /api/trpc HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    const text = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
    expect(text).toMatch(/^HTTP\/1.1 (401|403)/);
    socket.destroy();
  });
});

test("host names: those of loopback always, others by setting only", () => {
  const hosts = answeredHosts(readEnv({ PENSTOCK_ALLOWED_HOSTS: "Lab.Example:8443, other.example" }));
  expect([...hosts].sort()).toEqual(["127.0.0.1", "[::1]", "lab.example", "localhost", "other.example"]);
  const open = answeredHosts(readEnv({ PENSTOCK_HOST: "10.1.2.3" }, { insecure: true }));
  expect(open.has("10.1.2.3")).toBe(true);
});

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NewTokenView } from "@/server/domain/api-tokens";
import { programRoot } from "@/server/platform/root";
import { apiOf } from "./support/api";
import { startServer, type TestServer } from "./support/server";

const supervisor = join(programRoot(), "dist", "supervisor.js");
const isBuilt = existsSync(supervisor);

/** What a socket answers to raw text, up to its first bytes. */
function raw(server: TestServer, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write([...lines, "", ""].join("\r\n"));
    socket.once("data", (data) => {
      resolve(String(data));
      socket.destroy();
    });
    socket.once("close", () => resolve(""));
    socket.once("error", reject);
  });
}

describe("the built server", () => {
  let server: TestServer;
  let bearer: { authorization: string };
  let cookie: { cookie: string };

  beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
  beforeAll(async () => {
    if (!isBuilt) return;
    server = await startServer();
    bearer = { authorization: `Bearer ${server.token}` };
    const answer = await fetch(`${server.url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: server.token }),
    });
    cookie = { cookie: answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "" };
  });
  afterAll(() => (isBuilt ? server.remove() : undefined));

  const get = (path: string, headers = {}) => fetch(server.url + path, { headers, redirect: "manual" });

  test("health answers anyone, pages and APIs do not", async () => {
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/apis/v2beta1/healthz")).status).toBe(200);
    expect((await get("/sign-in")).status).toBe(200);
    expect((await get("/runs")).status).toBe(307);
    for (const path of ["/api/trpc/runs.list", "/api/trpc/runs.list,system.status?batch=1", "/apis/v2beta1/runs"]) {
      expect((await get(path)).status, path).toBe(401);
      expect((await get(path, { "x-middleware-subrequest": "middleware:middleware:middleware" })).status).toBe(401);
    }
  });

  test("an API token opens every door as far as it may, and what it watches ends with it", async () => {
    const api = apiOf(server);
    const made = { name: "door", access: "read", expiresAt: null };
    const { id, token } = await api.mutate<NewTokenView>("tokens.create", made);
    const reader = { authorization: `Bearer ${token}` };
    const json = { ...reader, "content-type": "application/json" };
    const post = async (path: string) =>
      (await fetch(server.url + path, { method: "POST", headers: json, body: "{}" })).status;
    for (const path of ["/runs", "/metrics", "/api/trpc/runs.list?input={}", "/apis/v2beta1/runs"]) {
      expect((await get(path, reader)).status, path).toBe(200);
    }
    const changing = ["/api/trpc/runs.create", "/api/uploads", "/apis/v2beta1/experiments", "/api/sign-in-codes"];
    for (const path of changing) expect(await post(path), path).toBe(403);
    expect((await get("/api/trpc/tokens.list", reader)).status).toBe(403);
    const stream = await get("/api/changes?topic=system", { ...reader, accept: "text/event-stream" });
    expect(stream.status).toBe(200);
    const ended = stream.text().catch(() => "cut");
    await api.mutate("tokens.revoke", { id });
    expect((await get("/apis/v2beta1/runs", reader)).status).toBe(401);
    expect(await ended).toMatch(/cut|event/);
  });

  test("a page's scripts all carry the nonce of its policy", async () => {
    const answer = await get("/runs", cookie);
    const html = await answer.text();
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get("content-security-policy") ?? "")?.[1];
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  });

  test("what a page loads before signing in is open, and nothing else of it", async () => {
    const html = await (await get("/sign-in")).text();
    const assets = [...new Set(html.match(/\/_next\/static\/[^"'\\ ]+/g) ?? [])];
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets) expect((await get(path)).status, path).toBe(200);
    expect((await get("/_next/image?url=%2Ffavicon.svg&w=64&q=75")).status).toBe(401);
  });

  test("the framework's own protocols do not answer: upgrades, actions, foreign hosts in the target", async () => {
    const upgrade = ["Connection: Upgrade", "Upgrade: websocket", `Authorization: ${bearer.authorization}`];
    for (const path of ["/_next/webpack-hmr", "/api/trpc", "/", "http://127.0.0.1:9/"]) {
      const answer = await raw(server, [`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", ...upgrade]);
      expect(answer, path).toMatch(/^HTTP\/1\.1 403/);
    }
    const action = await fetch(`${server.url}/runs`, {
      method: "POST",
      headers: { ...bearer, "next-action": "x", "content-type": "text/plain" },
      body: "[]",
    });
    expect(action.status).toBe(405);
    expect(await raw(server, ["GET / HTTP/1.1", "Host: evil.example"])).toMatch(/^HTTP\/1\.1 403/);
  });

  test("a second start names the first server and ends well", async () => {
    const second = spawnSync(process.execPath, [supervisor, "--home", server.home], { encoding: "utf8" });
    expect([second.status, second.stdout]).toEqual([0, expect.stringContaining(`already running at ${server.url}`)]);
    expect(second.stdout).toMatch(/sign-in\?code=\S+/);
  });

  test("wrong settings end with 2 and say what to do", () => {
    const run = (args: string[], env = {}) =>
      spawnSync(process.execPath, [supervisor, ...args], { encoding: "utf8", env: { ...process.env, ...env } });
    const host = run(["--home", join(server.home, "other"), "--host", "0.0.0.0"]);
    expect([host.status, host.stderr]).toEqual([2, expect.stringContaining("--insecure")]);
    const unknown = run([], { PENSTOCK_PROT: "1" });
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("did you mean PENSTOCK_PORT?")]);
    expect(run(["--prot", "1"]).status).toBe(2);
  });

  test("a killed web process is back, and its sessions with it", async () => {
    const { web, engine } = server.children();
    process.kill(web ?? 0, "SIGKILL");
    await server.ready(5_000);
    expect((await get("/runs", cookie)).status).toBe(200);
    expect(server.children().engine).toBe(engine);
    expect(server.children().web).not.toBe(web);
  });
});

/** Every route and procedure without a good credential, under other spellings, from foreign hosts and other sites. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { revokeToken } from "@/server/services/tokens/revoke-token";
import { TEST_TOKEN } from "@/server/web/testing";
import { EVERY_ROUTE, type KnownRoute } from "./support/every-route";
import { askRoute, countedRows, type WholeWeb, wholeWeb } from "./support/whole-web";

const CLOSED = EVERY_ROUTE.filter(({ isOpen }) => !isOpen);
const isReading = ({ method }: KnownRoute): boolean => method === "GET";
const title = ({ method, path }: KnownRoute): string => `${method} ${path}`;

let web: WholeWeb;
let other: WholeWeb;
let ended: { [name: string]: object };

beforeAll(async () => {
  web = await wholeWeb();
  other = await wholeWeb();
  const expired = await web.bearerOf("full", 1_000);
  web.services.advance(1_000);
  const revoked = await web.bearerOf("full");
  await revokeToken(web.services.context, revoked.id);
  const writer = await web.bearerOf("full");
  const foreign = await other.bearerOf("full");
  ended = {
    none: {},
    expired: { authorization: expired.authorization },
    revoked: { authorization: revoked.authorization },
    "of another server": { authorization: foreign.authorization },
    "cut short": { authorization: writer.authorization.slice(0, -1) },
    "in another case": { authorization: writer.authorization.toUpperCase() },
    "as basic": { authorization: writer.authorization.replace("Bearer", "Basic") },
    "in the cookie": { cookie: `penstock_session=${writer.authorization.slice("Bearer ".length)}` },
    "cookie of another server": other.cookie,
    "revoked, with a good cookie": { authorization: revoked.authorization, ...web.cookie },
    "claims of insiders": {
      "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
      "x-forwarded-host": "localhost",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-user": "user",
      "x-penstock-identity": "user",
      "x-http-method-override": "GET",
      "x-original-url": "/healthz",
      "x-rewrite-url": "/healthz",
    },
  };
});
afterAll(async () => {
  await web.close();
  await other.close();
});
beforeEach(() => {
  web.seen.length = 0;
});

const ask = (route: KnownRoute, headers: object, path = route.path) => askRoute(web, route, headers, path);

test("the list holds every kind of route there is", () => {
  const kinds = new Map<string, number>();
  for (const { kind } of EVERY_ROUTE) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  console.log(`routes: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  for (const kind of ["query", "mutation", "kubeflow", "file", "session", "page", "other"]) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
  }
  expect(EVERY_ROUTE.filter(({ isOpen }) => isOpen).map(title)).toEqual([
    "GET /apis/v2beta1/healthz",
    "POST /api/session",
    "DELETE /api/session",
    "GET /sign-in",
    "GET /healthz",
    "GET /readyz",
  ]);
});

test("no credential, and none that is not good here, opens anything", { timeout: 60_000 }, async () => {
  const before = countedRows(web);
  for (const [name, headers] of Object.entries(ended)) {
    for (const route of CLOSED) {
      const answer = await ask(route, headers);
      const isSignIn = answer.status === 307 && String(answer.headers.location).startsWith("/sign-in");
      expect(isSignIn || answer.status === 401, `${name}: ${title(route)} → ${answer.status}`).toBe(true);
      if (answer.status === 401) expect(answer.headers["www-authenticate"]).toBe("Bearer");
    }
  }
  expect(web.seen).toEqual([]);
  expect(countedRows(web)).toEqual(before);
});

test("no other spelling of an address opens it", { timeout: 60_000 }, async () => {
  const spellings = [
    (path: string) => `/${path}`,
    (path: string) => path.replace(/(.)\//, "$1//"),
    (path: string) => path.replace(/(.)\//, "$1%2f"),
    (path: string) => `${path}/health`,
    (path: string) => `${path}/healthz`,
    (path: string) => `${path};/healthz`,
    (path: string) => path.toUpperCase(),
    (path: string) => `/healthz/..${path}`,
    (path: string) => `/_next/static/..${path}`,
    (path: string) => `/%2e${path}`,
    (path: string) => `${path}%00`,
    (path: string) => `${path}?x=/healthz`,
  ];
  for (const route of CLOSED) {
    for (const spelling of spellings) {
      const path = spelling(route.path);
      const { status } = await ask(route, {}, path);
      expect([307, 401, 404, 405], `${route.method} ${path} → ${status}`).toContain(status);
    }
  }
  expect(web.seen).toEqual([]);
});

test("a foreign host is refused everywhere, whatever is shown", { timeout: 60_000 }, async () => {
  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.2", "evil.example:80"]) {
    for (const route of EVERY_ROUTE) {
      const { status } = await ask(route, { authorization: `Bearer ${TEST_TOKEN}`, ...web.cookie, host });
      expect([400, 403], `${title(route)} → ${status}`).toContain(status);
    }
  }
  expect(web.seen).toEqual([]);
});

test("with the cookie, a foreign origin changes nothing and watches nothing", { timeout: 60_000 }, async () => {
  const before = countedRows(web);
  const held = EVERY_ROUTE.filter((route) => !isReading(route) || route.kind === "subscription");
  const foreign = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "http://evil.example", "sec-fetch-site": "same-origin" },
  ];
  expect(held.length).toBeGreaterThan(40);
  for (const headers of foreign) {
    for (const route of held) {
      const { status } = await ask(route, { ...web.cookie, ...headers });
      expect(status, `${title(route)} ${JSON.stringify(headers)}`).toBe(403);
    }
  }
  for (const route of held.filter((each) => !isReading(each))) {
    expect((await ask(route, web.cookie)).status, `${title(route)} without a word of its origin`).toBe(403);
  }
  expect([web.seen, countedRows(web)]).toEqual([[], before]);
});

/** What API tokens may do at every route and procedure, whose name is written down, and that streams end with their token. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { revokeToken } from "@/server/services/tokens/revoke-token";
import { EVERY_ROUTE, type KnownRoute, PROCEDURES } from "./support/every-route";
import { askRoute, countedRows, type WholeWeb, wholeWeb } from "./support/whole-web";

const JSON_BODY = { "content-type": "application/json" };
const CLOSED = EVERY_ROUTE.filter(({ isOpen }) => !isOpen);
const isReading = ({ method }: KnownRoute): boolean => method === "GET";
const title = ({ method, path }: KnownRoute): string => `${method} ${path}`;

let web: WholeWeb;
let reader: { authorization: string };
let writer: { authorization: string };
beforeAll(async () => {
  web = await wholeWeb();
  const [reading, writing] = [await web.bearerOf("read"), await web.bearerOf("full")];
  reader = { authorization: reading.authorization };
  writer = { authorization: writing.authorization };
});
afterAll(() => web.close());

const ask = (route: KnownRoute, headers: object) => askRoute(web, route, headers);

describe("a token that may only read", () => {
  /** Uploads of the Kubeflow API have errors of another shape. */
  const isUpload = ({ path }: KnownRoute): boolean => path.includes("/pipelines/upload");
  const mayAsk = (route: KnownRoute): boolean => isReading(route) && !route.isManagement;

  test("asks everything that changes nothing, and nothing else", { timeout: 60_000 }, async () => {
    const before = countedRows(web);
    let refused = 0;
    for (const route of CLOSED) {
      const { status, body } = await ask(route, reader);
      if (mayAsk(route)) {
        expect([401, 403, 500], `${title(route)} → ${status}`).not.toContain(status);
        continue;
      }
      refused += 1;
      expect(status, `${title(route)} → ${status} ${body.toString().slice(0, 200)}`).toBe(403);
      const told = JSON.parse(body.toString());
      if (route.kind === "kubeflow")
        expect([told.code, typeof told.error_message]).toEqual(
          isUpload(route) ? [undefined, "string"] : [7, "undefined"],
        );
      else if (route.kind === "mutation") expect(told.error.data).toMatchObject({ code: "FORBIDDEN" });
    }
    console.log(`a reader may use ${CLOSED.length - refused} and is refused at ${refused} of ${CLOSED.length} routes`);
    expect(countedRows(web)).toEqual(before);
  });

  test("sees no management: tokens, secrets and settings are marked whole, and of the trash what empties it", () => {
    const whole = ["secrets", "settings", "tokens"];
    const isWhole = ({ name }: { name: string }) => whole.includes(name.split(".")[0] ?? "");
    expect(PROCEDURES.filter((one) => isWhole(one) && !one.isManagement)).toEqual([]);
    const others = PROCEDURES.filter((one) => one.isManagement && !isWhole(one)).map(({ name }) => name);
    expect(others.filter((name) => !name.startsWith("retention."))).toEqual([]);
    expect(others).toEqual(expect.arrayContaining(["retention.preview", "retention.purge"]));
    expect(others).not.toContain("retention.trash");
  });

  test("a batch lets each procedure decide: what may be asked is answered, the rest refused", async () => {
    const batch = async (method: string, names: readonly string[]) => {
      const inputs = Object.fromEntries(names.map((_, at) => [at, { name: "by batch" }]));
      const path = `/api/trpc/${names.join(",")}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
      const body = method === "GET" ? undefined : JSON.stringify(inputs);
      const whole = JSON.parse((await web.ask(method, path, { ...reader, ...JSON_BODY }, body)).body.toString());
      const answers: { error?: { data: { code: string } } }[] = Array.isArray(whole) ? whole : [whole];
      expect((await web.ask(method, path, JSON_BODY, body)).status).toBe(401);
      return answers.map(({ error }) => error?.data.code ?? "OK");
    };
    for (const method of ["GET", "POST"]) {
      const asked = await batch(method, [
        "experiments.list",
        "secrets.list",
        "settings.list",
        "runs.list",
        "tokens.list",
      ]);
      expect(asked, method).toEqual(["OK", "FORBIDDEN", "FORBIDDEN", "OK", "FORBIDDEN"]);
      const changing = await batch(method, ["experiments.create", "runs.create"]);
      expect(new Set(changing), method).toEqual(new Set([method === "GET" ? "METHOD_NOT_SUPPORTED" : "FORBIDDEN"]));
      expect(await batch(method, ["experiments.list", "experiments.create"]), method).not.toEqual(["OK", "OK"]);
    }
    const listed = await web.ask("GET", "/api/trpc/experiments.list?input={}", reader);
    expect(listed.body.toString()).not.toContain("by batch");
  });

  test("no other method, and no claim of one, makes of a read a change", { timeout: 60_000 }, async () => {
    const before = countedRows(web);
    for (const route of CLOSED) {
      for (const method of ["PUT", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS"]) {
        const { status } = await web.ask(method, route.path, { ...reader, "x-http-method-override": "POST" });
        expect(status, `${method} ${route.path}`).not.toBe(500);
      }
    }
    expect(countedRows(web)).toEqual(before);
  });
});

test("a full token and the server's own are let in everywhere; only the server's own makes sessions", {
  timeout: 60_000,
}, async () => {
  for (const route of CLOSED) {
    if (route.path === "/api/sign-in-codes") continue;
    for (const headers of [writer, web.bearer]) {
      const { status } = await ask(route, headers);
      expect([401, 403, 500], `${title(route)} → ${status}`).not.toContain(status);
    }
  }
  const codes = (headers: object) => web.ask("POST", "/api/sign-in-codes", { ...headers });
  expect([(await codes(writer)).status, (await codes(web.bearer)).status]).toEqual([403, 200]);
  const body = JSON.stringify({ token: writer.authorization.slice("Bearer ".length) });
  expect((await web.ask("POST", "/api/session", JSON_BODY, body)).status).toBe(401);
});

describe("what is open when a token ends", () => {
  /** Opens the stream of changes, and tells when it is cut. */
  function watching(authorization: string): Promise<{ said: () => string; cut: Promise<void> }> {
    const socket = connect(web.port, "127.0.0.1");
    socket.write(
      `GET /api/changes?topic=system HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    let text = "";
    const cut = new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.on("error", () => resolve());
    });
    return new Promise((resolve) => {
      socket.on("data", (data) => {
        text += data.toString();
        resolve({ said: () => text, cut });
      });
    });
  }

  const stillOpen = async (stream: { readonly cut: Promise<void> }, ms: number): Promise<boolean> =>
    Promise.race([
      stream.cut.then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), ms)),
    ]);

  test("a stream ends within seconds of a revocation, those of others go on", async () => {
    const mine = await web.bearerOf("read");
    const [ending, going] = [await watching(mine.authorization), await watching(writer.authorization)];
    expect(ending.said()).toMatch(/^HTTP\/1\.1 200/);
    expect(going.said()).toMatch(/^HTTP\/1\.1 200/);
    expect(await stillOpen(ending, 2_500)).toBe(true);
    const atMs = performance.now();
    await revokeToken(web.services.context, mine.id);
    await ending.cut;
    expect(performance.now() - atMs).toBeLessThan(5_000);
    expect(await stillOpen(going, 100)).toBe(true);
    expect((await web.ask("GET", "/api/trpc/system.status", { authorization: mine.authorization })).status).toBe(401);
  });

  test("a stream ends within seconds of the token's own end", async () => {
    const mine = await web.bearerOf("read", 3_600_000);
    const stream = await watching(mine.authorization);
    expect(stream.said()).toMatch(/^HTTP\/1\.1 200/);
    web.services.advance(3_600_000);
    await stream.cut;
    expect((await web.ask("GET", "/metrics", { authorization: mine.authorization })).status).toBe(401);
  });
});

test("what is done with a token is written down under its name", async () => {
  const { context } = web.services;
  const sql = context.db.$client;
  sql.pragma("foreign_keys = OFF");
  sql.exec(`insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
    values (77, 'run-77', 'r', 'running', 1, 'p', 1, 'local', 'manual', '{}', 0, 0), (78, 'run-78', 'r', 'running', 1, 'p', 1, 'local', 'manual', '{}', 0, 0)`);
  const token = await web.bearerOf("full");
  await web.ask("POST", "/apis/v2beta1/runs/run-77:terminate", { authorization: token.authorization });
  await web.ask(
    "POST",
    "/api/trpc/runs.cancel",
    { authorization: token.authorization, ...JSON_BODY },
    '{"id":"run-78"}',
  );
  const by = sql.prepare("select distinct cancel_requested_by from run where key in (77, 78)").pluck().all();
  expect(by).toEqual([sql.prepare("select name from api_token order by key desc limit 1").pluck().get()]);
});

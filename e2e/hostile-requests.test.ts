/** Hostile requests to every route: always an answer below 500, never a hang, and no file that is nobody's business. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kfpSpec } from "@/server/services/testing-specs";
import { EVERY_ROUTE, type KnownRoute } from "./support/every-route";
import { type HostileRequest, hostileRequests, INJECTIONS, type Known, traversals } from "./support/hostile";
import { type WholeWeb, wholeWeb } from "./support/whole-web";

/** Requests to each route; more by the environment, as a search of its own. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 8);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const LIMIT_MS = 10_000;
const CANARY = "canary-that-nobody-may-read";

let web: WholeWeb;
let known: Known;

beforeEach(async () => {
  web = await wholeWeb();
  const { context } = web.services;
  const { home } = context.dataDir;
  // Without a sign of life of an engine the server is rightly "not ready".
  context.db.$client
    .prepare("insert into heartbeat (name, at, started_at, pid, slots) values ('engine', ?, 0, 1, 4)")
    .run(context.now().getTime());
  const outside = `${home}-canary.txt`;
  for (const file of [
    outside,
    join(home, "canary.txt"),
    join(home, "secret-canary"),
    join(home, "runs", "canary.txt"),
  ]) {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, CANARY);
  }
  const post = async (path: string, body: object) =>
    JSON.parse((await web.ask("POST", `/apis/v2beta1${path}`, web.bearer, JSON.stringify(body))).body.toString());
  const spec = JSON.parse(kfpSpec("inline", ["a"], { n: { parameterType: "NUMBER_INTEGER" } }));
  const runs = [];
  for (let n = 0; n < 3; n += 1) {
    runs.push(
      await post("/runs", { display_name: `r${n}`, pipeline_spec: spec, runtime_config: { parameters: { n } } }),
    );
  }
  const experiment = await post("/experiments", { display_name: "e" });
  const page = await web.ask("GET", "/apis/v2beta1/runs?page_size=1", web.bearer);
  const { next_page_token: token } = JSON.parse(page.body.toString());
  expect([runs.map((run) => typeof run.run_id), typeof token]).toEqual([["string", "string", "string"], "string"]);
  known = {
    ids: [
      ...runs.map((run) => run.run_id),
      experiment.experiment_id,
      runs[0].pipeline_version_reference?.pipeline_version_id ?? "x",
    ],
    pageTokens: [token],
    canary: outside,
  };
});
afterEach(() => web.close());

/** Sends one and holds its answer to what holds for all. */
async function judged(request: HostileRequest): Promise<number> {
  const sent = request.body === undefined ? undefined : Buffer.from(request.body);
  const headers = { ...web.bearer, ...(sent && { "content-type": request.type, "content-length": sent.length }) };
  const told = `${request.method} ${request.target.slice(0, 300)} ${request.type} ${request.body?.slice(0, 300) ?? ""}`;
  const late = new Promise<never>((_, refuse) => {
    setTimeout(() => refuse(new Error(`no answer within ${LIMIT_MS} ms: ${told}`)), LIMIT_MS).unref();
  });
  const { status, body } = await Promise.race([web.ask(request.method, request.target, headers, sent), late]);
  const text = body.toString("latin1");
  expect(status < 500 || status === 501, `${told} → ${status} ${text.slice(0, 300)}`).toBe(true);
  expect(text, told).not.toContain(CANARY);
  expect(text, told).not.toMatch(/root:x:0|SqliteError|SQLITE_|node_modules/);
  return status;
}

/** A target that Node's own client refuses to send could not come from one either. */
const isSendable = ({ target }: HostileRequest): boolean => !/[^\x21-\x7e]/.test(target) && target.length < 16_000;

const asked: readonly KnownRoute[] = EVERY_ROUTE.filter(({ kind }) => kind !== "subscription");

test("whatever is sent to whatever route is answered, and never with 5xx", {
  timeout: 120_000 + COUNT * 20_000,
}, async () => {
  const statuses = new Map<number, number>();
  for (const route of asked) {
    for (const request of fc.sample(hostileRequests(route, known).filter(isSendable), { numRuns: COUNT, seed: SEED })) {
      const status = await judged(request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  const told = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  console.log(`${asked.length} routes, ${told.join(", ")}`);
  expect(Object.hasOwn(Object.prototype, "polluted") || "polluted" in {}).toBe(false);
  expect(web.services.context.db.$client.pragma("integrity_check", { simple: true })).toBe("ok");
});

test("no path-like input reads a file outside its place", { timeout: 60_000 }, async () => {
  const before = readdirSync(web.services.context.dataDir.home, { recursive: true }).length;
  const words = traversals(known.canary);
  for (const route of asked.filter(({ method }) => method === "GET")) {
    const holes = route.path.includes("x1") ? words : words.filter((_, at) => at % 5 === 0);
    for (const word of holes) {
      const encoded = encodeURIComponent(word);
      const path = route.path.replaceAll("x1", encoded);
      const target = `${path}${path.includes("?") ? "&" : "?"}path=${encoded}&name=${encoded}&view=inline`;
      await judged({ method: "GET", target, type: "", body: undefined });
    }
  }
  expect(readdirSync(web.services.context.dataDir.home, { recursive: true }).length).toBe(before);
});

test("nothing that is pasted into a question reaches the database as SQL", { timeout: 60_000 }, async () => {
  const { $client: sql } = web.services.context.db;
  const schema = () => sql.prepare("select group_concat(sql) from sqlite_master").pluck().get();
  const [rows, tables] = [sql.prepare("select count(*) from run").pluck().get(), schema()];
  const lists = asked.filter(
    ({ kind, method, path }) => kind === "kubeflow" && method === "GET" && !path.includes("x1"),
  );
  expect(lists.length).toBeGreaterThan(2);
  for (const { path } of lists.filter(({ isOpen }) => !isOpen)) {
    for (const text of INJECTIONS) {
      const filter = (key: string, value: object) =>
        JSON.stringify({ predicates: [{ operation: "EQUALS", key, ...value }] });
      const questions = [
        `sort_by=${encodeURIComponent(text)}`,
        `sort_by=${encodeURIComponent(`name ${text}`)}`,
        `page_token=${encodeURIComponent(text)}`,
        `page_size=${encodeURIComponent(text)}`,
        `filter=${encodeURIComponent(text)}`,
        `filter=${encodeURIComponent(filter(text, { string_value: "x" }))}`,
        `filter=${encodeURIComponent(filter(`tags.${text}`, { string_value: text }))}`,
      ];
      for (const question of questions) {
        const { status, body } = await web.ask("GET", `${path}?${question}`, web.bearer);
        const isEmpty = status === 200 && !body.toString().includes("_id");
        expect(status === 400 || isEmpty, `${path}?${question} → ${status}`).toBe(true);
      }
      for (const key of ["name", "id", "display_name"]) {
        for (const operation of ["EQUALS", "IS_SUBSTRING", "IN"]) {
          const value = operation === "IN" ? { string_values: { values: [text] } } : { string_value: text };
          const question = JSON.stringify({ predicates: [{ operation, key, ...value }] });
          const { status, body } = await web.ask("GET", `${path}?filter=${encodeURIComponent(question)}`, web.bearer);
          const found = body.toString().includes("_at");
          expect([status, found], `${path} ${question}`).toEqual([status === 400 ? 400 : 200, false]);
        }
      }
    }
  }
  expect([sql.prepare("select count(*) from run").pluck().get(), schema()]).toEqual([rows, tables]);
});

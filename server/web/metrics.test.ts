/** The metrics as a scraper reads them: every line well formed, sums that agree, counters that only rise, no ids. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineQueries } from "@/db/queries/engine";
import { NO_FIGURES } from "@/server/domain/engine-figures";
import { ATTEMPT_STATES, RUN_STATES, TASK_STATES } from "@/server/domain/states";
import { Heartbeat } from "@/server/engine/heartbeat";
import { SelfMeasure } from "@/server/engine/self-measure";
import { steadyClock } from "@/server/engine/steady-clock";
import { type TestWeb, testWeb } from "./testing";
import { parseExposition } from "./testing-exposition";

let web: TestWeb;
beforeAll(async () => {
  web = await testWeb();
  const sql = web.services.context.db.$client;
  sql.pragma("foreign_keys = OFF");
  sql.exec(`
    insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
      values (3, 'run-3', 'r', 'pending', 1, 'p', 1, 'local', 'manual', '{}', 0, 0);
    insert into task (key, run_key, path, step_path, name, kind, state, created_at)
      values (7, 3, 'a', 'a', 'a', 'container', 'pending', 0), (8, 3, 'g', 'g', 'g', 'dag', 'pending', 0);
    update run set state = 'running', started_at = 40 where key = 3;
    update task set state = 'queued', queued_at = 100 where key = 7;
    update task set state = 'running', started_at = 103 where key = 7;
    update task set state = 'running', started_at = 103 where key = 8;
    update task set state = 'succeeded', finished_at = 2103 where state = 'running';
    update run set state = 'succeeded', finished_at = 90000040 where key = 3;
    update run set name = 'again' where key = 3;
    update run set deleted_at = 1 where key = 3;
  `);
});
afterAll(() => web.close());

async function scrape() {
  const { status, headers, body } = await web.ask("GET", "/metrics", web.bearer);
  expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  return parseExposition(body.toString());
}

const clock = steadyClock();
const beat = (heartbeat: Heartbeat) => heartbeat.beat(web.services.context.now().getTime());

test("every state of the tables is counted, and nothing else", () => {
  const rows = web.services.context.db.$client.prepare("select entity, state from state_count").all();
  const named = (entity: string, states: readonly string[]) => states.map((state) => ({ entity, state }));
  const all = [...named("run", RUN_STATES), ...named("task", TASK_STATES), ...named("attempt", ATTEMPT_STATES)];
  expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(new Set(all.map((row) => JSON.stringify(row))));
});

test("transitions and durations are those that happened, whatever became of the rows", async () => {
  const metrics = await scrape();
  expect(metrics.value("penstock_run_transitions_total", { state: "pending" })).toBe(1);
  expect(metrics.value("penstock_run_transitions_total", { state: "succeeded" })).toBe(1);
  expect(metrics.value("penstock_task_transitions_total", { state: "succeeded" })).toBe(2);
  expect(metrics.value("penstock_runs", { state: "succeeded" })).toBe(0);
  const runs = "penstock_run_state_seconds";
  expect(metrics.value(`${runs}_bucket`, { state: "pending", le: "0.01" })).toBe(0);
  expect(metrics.value(`${runs}_bucket`, { state: "pending", le: "0.05" })).toBe(1);
  expect(metrics.value(`${runs}_bucket`, { state: "running", le: "86400" })).toBe(0);
  expect(metrics.value(`${runs}_bucket`, { state: "running", le: "+Inf" })).toBe(1);
  expect(metrics.value(`${runs}_sum`, { state: "running" })).toBe(90_000);
  const steps = "penstock_step_state_seconds";
  expect(metrics.value(`${steps}_count`, { state: "running" })).toBe(1);
  expect(metrics.value(`${steps}_sum`, { state: "queued" })).toBeCloseTo(0.003);
  expect(metrics.value(`${steps}_sum`, { state: "running" })).toBe(2);
});

test("the engine's own figures pass through its sign of life and go on from one engine to the next", async () => {
  const before = await scrape();
  expect(before.value("penstock_engine_alive", {})).toBe(0);
  expect(before.value("penstock_engine_heartbeat_age_seconds", {})).toBeNaN();
  expect(before.value("penstock_engine_turn_seconds_count", {})).toBeUndefined();
  const queries = engineQueries(web.services.context.db);
  const first = new Heartbeat(queries, clock, 4);
  for (const ms of [0.3, 3, 2_000]) first.measure.turned(ms);
  first.measure.late(120);
  beat(first);
  const second = new Heartbeat(queries, clock, 4);
  second.measure.turned(3);
  beat(second);
  const metrics = await scrape();
  expect(metrics.value("penstock_engine_alive", {})).toBe(1);
  expect(metrics.value("penstock_step_slots", {})).toBe(4);
  expect(metrics.value("penstock_engine_turn_seconds_count", {})).toBe(4);
  expect(metrics.value("penstock_engine_turn_seconds_bucket", { le: "0.005" })).toBe(3);
  expect(metrics.value("penstock_engine_turn_seconds_bucket", { le: "+Inf" })).toBe(4);
  expect(metrics.value("penstock_engine_loop_lag_seconds", {})).toBe(0);
  expect(metrics.value("penstock_engine_resident_memory_bytes", {})).toBeGreaterThan(1e6);
});

test("the lag is the longest since it was last stored", () => {
  const measure = new SelfMeasure(NO_FIGURES, clock.mark);
  measure.late(20);
  measure.late(7);
  expect(measure.figures().lagSeconds).toBe(0.02);
  measure.stored();
  expect(measure.figures().lagSeconds).toBe(0);
});

test("requests are told by kind of address, method and status, never by what stands in the address", async () => {
  await web.ask("GET", "/runs/a-secret-id?token=secret", web.bearer);
  await web.ask("GET", "/api/trpc/runs.list");
  await web.ask("BREW", "/api/trpc/runs.list");
  await web.ask("GET", "/healthz", { host: "evil.example" });
  const metrics = await scrape();
  const count = "penstock_http_request_seconds_count";
  expect(metrics.value(count, { route: "page", method: "GET", status: "200" })).toBe(1);
  expect(metrics.value(count, { route: "trpc", method: "GET", status: "401" })).toBe(1);
  expect(metrics.value(count, { route: "health", method: "GET", status: "403" })).toBe(1);
  expect(JSON.stringify([...metrics.samples])).not.toMatch(/secret|run-3/);
});

test("process, files and build are told", async () => {
  const metrics = await scrape();
  for (const name of [
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
    "nodejs_eventloop_lag_seconds",
    "penstock_sqlite_file_bytes",
    "penstock_disk_free_bytes",
  ]) {
    expect(metrics.value(name, {}), name).toBeGreaterThanOrEqual(0);
  }
  expect(metrics.value("penstock_build_info", { version: "0.0.0", node: process.version })).toBe(1);
  expect(metrics.value("penstock_event_stream_clients", {})).toBe(0);
  expect((await web.ask("GET", "/metrics")).status).toBe(401);
});

test("a scrape reads kept counters: no statement of it walks over runs or tasks", async () => {
  const fresh = await testWeb();
  const { $client: sql } = fresh.services.context.db;
  const sources: string[] = [];
  const prepare = sql.prepare;
  sql.prepare = function noted(this: typeof sql, source: string) {
    sources.push(source);
    return prepare.call(this, source);
  } as typeof prepare;
  expect((await fresh.ask("GET", "/metrics", fresh.bearer)).status).toBe(200);
  sql.prepare = prepare;
  const details = sources.flatMap((source) => {
    const nothing = Array(source.split("?").length - 1).fill(null);
    return (sql.prepare(`explain query plan ${source}`).all(...nothing) as { detail: string }[]).map(
      ({ detail }) => detail,
    );
  });
  await fresh.close();
  expect(details.join("\n")).toContain("SCAN state_count");
  // These indexes hold what is not over, nothing else.
  const small = /USING (COVERING )?INDEX (attempt_live|task_queue|run_open)$/;
  const walks = details.filter((detail) => /^SCAN (run|task|attempt|event)( |$)/.test(detail) && !small.test(detail));
  expect(walks).toEqual([]);
});

/** Metrics reported over the wire: stored once, all or nothing, refused with the place of what is wrong. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventSpan, eventsAfter } from "@/db/queries/events";
import { getRun } from "@/server/services/runs/get-run";
import { type TestWeb, testWeb } from "@/server/web/testing";

let web: TestWeb;

beforeAll(async () => {
  web = await testWeb();
  const sql = web.services.context.db.$client;
  sql.pragma("foreign_keys = OFF");
  sql.exec(`
    insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at)
      values (3, 'run-3', 'r', 'running', 1, 'p', 1, 'local', 'manual', '{}', 0, 0),
             (4, 'gone', 'r', 'succeeded', 1, 'p', 1, 'local', 'manual', '{}', 0, 0);
    update run set deleted_at = 1 where id = 'gone';
    insert into task (key, run_key, path, step_path, name, kind, state, created_at)
      values (7, 3, 'train[0]', 'train', 's', 'container', 'running', 0);
  `);
});
afterAll(() => web.close());

const headers = () => ({ ...web.bearer, "content-type": "application/json" });
const post = (body: unknown, run = "run-3") =>
  web.ask("POST", `/api/runs/${run}/metrics`, headers(), typeof body === "string" ? body : JSON.stringify(body));
const rows = (name: string) =>
  web.services.context.db.$client
    .prepare('select value, "index", format, task_key as task, at from metric where name = ? order by "index"')
    .all(name);

test("a batch is stored, and what is reported again replaces what was there", async () => {
  const { newest } = eventSpan(web.services.context.db);
  const points = [0, 1, 2].map((index) => ({ name: "loss", value: 1 / (index + 1), index, step: "train[0]" }));
  const first = await post({ metrics: [...points, { name: "auc", value: 0.5, at: "2026-01-31T12:00:00+01:00" }] });
  expect([first.status, JSON.parse(first.body.toString())]).toEqual([200, { stored: 4 }]);
  await post({ metrics: [{ name: "loss", value: 0.4, index: 1, step: "train[0]", format: "percentage" }] });
  await post({
    metrics: [
      { name: "auc", value: 0.9 },
      { name: "loss", value: 7, index: 1 },
    ],
  });
  const now = web.services.context.now().getTime();
  expect(rows("loss")).toEqual([
    { value: 1, index: 0, format: "raw", task: 7, at: now },
    { value: 0.4, index: 1, format: "percentage", task: 7, at: now },
    { value: 7, index: 1, format: "raw", task: null, at: now },
    { value: 1 / 3, index: 2, format: "raw", task: 7, at: now },
  ]);
  expect(rows("auc")).toEqual([{ value: 0.9, index: null, format: "raw", task: null, at: now }]);
  expect(getRun(web.services.context, "run-3").metrics).toHaveLength(5);
  const events = eventsAfter(web.services.context.db, newest, 10);
  expect(events.map(({ subject, kind }) => `${subject} ${kind}`)).toEqual(Array(3).fill("run-3 metrics"));
});

test("nothing of a batch is stored when one of it is wrong", async () => {
  const good = { name: "kept-out", value: 1 };
  const many = Array.from({ length: 1_001 }, () => good);
  for (const [metrics, told] of [
    [[good, { name: "kept-out", value: "x" }], "metrics[1].value"],
    [[good, { name: "a\nb", value: 1 }], "metrics[1].name"],
    [[good, { name: "a", value: 1, index: -1 }], "metrics[1].index"],
    [[good, { name: "a", value: 1, at: "yesterday" }], "metrics[1].at"],
    [[], "at least one"],
    [many, "at most 1000"],
    ["none", "metrics"],
  ] as const) {
    const answer = await post({ metrics });
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain(told);
  }
  expect((await post('{"metrics": [{"name": "kept-out", "value": 1e999}]}')).status).toBe(400);
  expect((await post("{broken")).status).toBe(400);
  expect((await post({ metrics: [good, { ...good, step: "no/step" }] })).status).toBe(404);
  expect(rows("kept-out")).toEqual([]);
});

test("an unknown or deleted run, a caller without the token and a body without end are refused", async () => {
  const metrics = [{ name: "m", value: 1 }];
  expect((await post({ metrics }, "no-run")).status).toBe(404);
  expect((await post({ metrics }, "gone")).status).toBe(404);
  const json = { "content-type": "application/json" };
  expect((await web.ask("POST", "/api/runs/run-3/metrics", json, JSON.stringify({ metrics }))).status).toBe(401);
  const long = { metrics: [{ name: "m", value: 1, step: "x".repeat(2_000_000) }] };
  expect((await post(long)).status).toBe(413);
  expect((await web.ask("GET", "/api/runs/run-3/metrics", headers())).status).not.toBe(401);
});

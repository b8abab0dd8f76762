import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ListRunsInput } from "@/server/domain/inputs/run-lists";
import type { RunSummary } from "@/server/domain/views/runs";
import { archiveExperiment, restoreExperiment } from "../experiments/archive-experiment";
import { createExperiment } from "../experiments/create-experiment";
import { type TestServices, testServices } from "../testing";
import { elyraPipeline, kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { cancelRun } from "./cancel-run";
import { countRuns } from "./count-runs";
import { archiveRuns, deleteRuns, restoreRuns } from "./flag-runs";
import { getRun } from "./get-run";
import { listRuns } from "./list-runs";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const upload = (text: string, file = "p.json") =>
  storeUpload(services.context, { files: [services.receive(file, text)] });
const list = (input: Partial<ListRunsInput> = {}) => listRuns(services.context, ListRunsInput.parse(input));
const sql = () => services.context.db.$client;

const TYPED = {
  rate: { parameterType: "NUMBER_DOUBLE" },
  word: { parameterType: "STRING", defaultValue: "hi", isOptional: true },
};

test("a run is accepted pending, with its inputs resolved and a name of its own", async () => {
  const { version, pipeline } = await upload(kfpSpec("train", ["a"], TYPED), "train.json");
  const run = await startRun(services.context, { versionId: version.id, parameters: { rate: 0.5 } });
  expect(run).toMatchObject({
    name: "train 2026-11-21 10-00-00",
    state: "pending",
    pipeline: { id: pipeline.id, name: "train" },
    version: { id: version.id, number: 1 },
    experiment: { name: "Default" },
    profile: "local",
    origin: "manual",
    parameters: { rate: 0.5, word: "hi" },
  });
  expect(sql().prepare("select name, is_given from run_parameter order by name").raw().all()).toEqual([
    ["rate", 1],
    ["word", 0],
  ]);
  expect(getRun(services.context, run.id)).toMatchObject({ tasks: [], firstFailure: null });
});

test.each([
  [{}, "invalid", "Need parameter(s): rate"],
  [{ rate: "x" }, "invalid", "requires type double or integer"],
  [{ rate: 1, other: 2 }, "invalid", "not required by pipeline: other"],
])("parameters %j are refused as %s", async (parameters, code, message) => {
  const { version } = await upload(kfpSpec("train", ["a"], TYPED));
  await expect(startRun(services.context, { versionId: version.id, parameters })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  expect((await list()).total).toBe(0);
});

test("macros are filled in before values are checked, and what was given stays as it was written", async () => {
  const { version } = await upload(kfpSpec("train", ["a"], TYPED));
  const word = "[[RunUUID]] at [[CurrentTime.2006-01-02]], [[ScheduledTime]]";
  const given = { versionId: version.id, parameters: { rate: 1, word } };
  const run = await startRun(services.context, given);
  expect(run.parameters.word).toBe(`${run.id} at 2026-11-21, [[ScheduledTime]]`);
  const scheduledAt = new Date("2026-11-20T09:30:00Z");
  const planned = await startRun(services.context, { ...given, id: "planned", scheduledAt });
  expect(planned.parameters.word).toBe("planned at 2026-11-21, 20261120093000");
  expect(sql().prepare("select raw from run_parameter where name = 'word'").pluck().all()).toEqual(
    Array(2).fill(JSON.stringify(word)),
  );
});

test("an Incomplete version is refused with the names of its missing files", async () => {
  const { version } = await upload(elyraPipeline(["a.py", "b.py"]), "p.pipeline");
  await expect(startRun(services.context, { versionId: version.id })).rejects.toMatchObject({
    code: "refused",
    problems: [
      { rule: "missing-file", place: "a.py" },
      { rule: "missing-file", place: "b.py" },
    ],
  });
});

test("one idempotency key makes one run, also when asked for at once", async () => {
  const { version } = await upload(kfpSpec("p"));
  const request = { versionId: version.id, idempotencyKey: "k" };
  const runs = await Promise.all([startRun(services.context, request), startRun(services.context, request)]);
  const again = await startRun(services.context, request);
  expect(new Set([...runs, again].map((run) => run.id)).size).toBe(1);
  expect((await list()).total).toBe(1);
});

test("in a group of writes the one that fails takes nothing of the others with it", async () => {
  const { version } = await upload(kfpSpec("p"));
  const start = (profile: string) => startRun(services.context, { versionId: version.id, profile });
  const results = await Promise.allSettled([start("local"), start("nowhere"), start("local")]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect((await list()).total).toBe(2);
});

test("canceling writes the intent once and never the state; a run that is over stays as it is", async () => {
  const { version } = await upload(kfpSpec("p"));
  const run = await startRun(services.context, { versionId: version.id });
  sql().prepare("update run set is_noticed = 1").run();
  await cancelRun(services.context, run.id);
  const intent = () => sql().prepare("select state, cancel_requested_at, is_noticed from run").raw().get();
  expect(intent()).toEqual(["pending", services.context.now().getTime(), 0]);
  services.advance(1000);
  sql().prepare("update run set is_noticed = 1").run();
  await cancelRun(services.context, run.id);
  expect(intent()).toEqual(["pending", services.context.now().getTime() - 1000, 1]);
  const over = await startRun(services.context, { versionId: version.id });
  sql().prepare("update run set state = 'succeeded' where id = ?").run(over.id);
  expect(await cancelRun(services.context, over.id)).toMatchObject({ state: "succeeded" });
  await expect(cancelRun(services.context, "nobody")).rejects.toMatchObject({ code: "not-found" });
});

test("archive, restore and delete in bulk say for each run what became of it", async () => {
  const { version } = await upload(kfpSpec("p"));
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push((await startRun(services.context, { versionId: version.id })).id);
  const [first = "", second = ""] = ids;
  expect(await archiveRuns(services.context, [first, "nobody"])).toMatchObject({
    done: [first],
    failed: [{ id: "nobody", message: expect.stringContaining("not found") }],
  });
  expect([(await list()).total, (await list({ archived: true })).total]).toEqual([2, 1]);
  await restoreRuns(services.context, [first]);
  await deleteRuns(services.context, [second]);
  expect((await list()).items.map((run) => run.id)).not.toContain(second);
  expect(countRuns(services.context, {})).toEqual({ pending: 2 });
  expect(sql().prepare("select cancel_requested_at from run where id = ?").pluck().get(second)).not.toBeNull();
  await restoreRuns(services.context, [second]);
  expect((await list()).total).toBe(3);
});

test("restoring an experiment brings back exactly the runs that archiving it took", async () => {
  const { version } = await upload(kfpSpec("p"));
  const experiment = await createExperiment(services.context, { name: "night" });
  const start = () => startRun(services.context, { versionId: version.id, experimentId: experiment.id });
  const before = await start();
  const with_ = await start();
  await archiveRuns(services.context, [before.id]);
  services.advance(5);
  expect(await archiveExperiment(services.context, experiment.id)).toMatchObject({ runCounts: {} });
  expect(await restoreRuns(services.context, [with_.id])).toMatchObject({ done: [], failed: [{ id: with_.id }] });
  await restoreExperiment(services.context, experiment.id);
  expect((await list({ experimentId: experiment.id })).items.map((run) => run.id)).toEqual([with_.id]);
});

/** Rows straight into the table: what lists read, without the cost of accepting each run. */
function seedRuns(
  rows: readonly {
    name: string;
    state: RunSummary["state"];
    created: number;
    took: number | null;
    archived: boolean;
  }[],
  versionId: string,
): void {
  sql().exec("delete from run; delete from run_count");
  const insert = sql().prepare(
    `insert into run (id, name, state, version_key, pipeline_name, experiment_key, profile, origin, created_at,
       scheduled_at, started_at, finished_at, archived_at)
     select ?, ?, ?, key, 'p', 1, 'local', 'manual', ?, ?, ?, ?, ? from version where id = ?`,
  );
  rows.forEach(({ name, state, created, took, archived }, n) => {
    const finished = took === null ? null : created + took;
    insert.run(`r${n}`, name, state, created, created, created, finished, archived ? 9 : null, versionId);
  });
}

const ROW = fc.record({
  name: fc.constantFrom("a", "B", "b", "zz", "%", "a_b", "A"),
  state: fc.constantFrom<RunSummary["state"]>("pending", "running", "succeeded", "failed"),
  created: fc.integer({ min: 0, max: 5 }),
  took: fc.option(fc.integer({ min: 0, max: 3 })),
  archived: fc.boolean(),
});

test("a list tells no reason where there is none, a short one whole and a long one cut", async () => {
  const { version } = await upload(kfpSpec("told"));
  const set = sql().prepare("update run set reason = ? where id = ?");
  const told = async (reason: object | null) => {
    const { id } = await startRun(services.context, { versionId: version.id, parameters: {} });
    set.run(reason === null ? null : JSON.stringify(reason), id);
    return (await list()).items.find((item) => item.id === id)?.reason;
  };
  const short = { code: "step-failed", message: "No.", subject: { step: "a" } };
  expect(await told(null)).toBeNull();
  expect(await told(short)).toEqual(short);
  expect((await told({ ...short, message: "x".repeat(5_000) }))?.message).toMatch(/^x{300}…$/);
});

test("pages put together are the list, in every order, each run once", async () => {
  const { version } = await upload(kfpSpec("p"));
  const question = fc.record({
    sort: fc.constantFrom<ListRunsInput["sort"]>("created", "finished", "name", "duration"),
    direction: fc.constantFrom<ListRunsInput["direction"]>("asc", "desc"),
    limit: fc.integer({ min: 1, max: 4 }),
    states: fc.constantFrom<ListRunsInput["states"]>(undefined, ["failed"], ["pending", "running"]),
    search: fc.constantFrom(undefined, "b", "%", "_"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(ROW, { maxLength: 14 }), question, async (rows, asked) => {
      seedRuns(rows, version.id);
      const whole = await list({ ...asked, limit: 200 });
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await list({ ...asked, cursor });
        expect(page.total).toBe(whole.items.length);
        paged.push(...page.items.map((run) => run.id));
        cursor = page.next;
      } while (cursor !== null);
      expect(paged).toEqual(whole.items.map((run) => run.id));
      const wanted = rows.flatMap((row, n) => {
        const fits = !row.archived && (asked.states === undefined || asked.states.includes(row.state));
        const found = asked.search === undefined || row.name.toLowerCase().includes(asked.search);
        return fits && found ? [`r${n}`] : [];
      });
      expect([...paged].sort()).toEqual(wanted.sort());
    }),
    { numRuns: 150 },
  );
});

test("a page of runs takes at most four statements, whatever is asked for", async () => {
  const { version, pipeline } = await upload(kfpSpec("p"));
  for (let n = 0; n < 5; n += 1) await startRun(services.context, { versionId: version.id });
  const experiment = (await list()).items[0]?.experiment.id ?? "";
  const { db } = services.context;
  const prepare = db.$client.prepare;
  let statements = 0;
  db.$client.prepare = function counted(this: typeof db.$client, source: string) {
    statements += 1;
    return prepare.call(this, source);
  } as typeof prepare;
  const counts: number[] = [];
  for (const input of [
    {},
    { sort: "finished" as const, direction: "desc" as const, limit: 2 },
    {
      experimentId: experiment,
      pipelineId: pipeline.id,
      versionId: version.id,
      search: "p",
      states: ["pending" as const],
    },
  ]) {
    statements = 0;
    await list(input);
    counts.push(statements);
  }
  db.$client.prepare = prepare;
  expect(Math.max(...counts)).toBeLessThanOrEqual(4);
});

test("a cursor is refused when it was forged, changed, or belongs to other filters", async () => {
  const { version } = await upload(kfpSpec("p"));
  for (let n = 0; n < 3; n += 1) await startRun(services.context, { versionId: version.id });
  const { next } = await list({ limit: 1 });
  expect((await list({ limit: 1, cursor: next })).items).toHaveLength(1);
  const corpus = ["x", "..", "a.b", "'; drop table run; --", `${next}x`, `x${next}`, "e30.", `${"a".repeat(9000)}.b`];
  for (const cursor of corpus.slice(0, 7)) await expect(list({ cursor })).rejects.toThrow(/page token/i);
  expect(ListRunsInput.safeParse({ cursor: corpus[7] }).success).toBe(false);
  await expect(list({ limit: 1, cursor: next, sort: "name" })).rejects.toThrow(/other filters/);
});

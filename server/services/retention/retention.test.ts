/** Rules take what they say and nothing else; the trash gives back or lets go whole, also when it is cut off anywhere. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginPurge, purgePiece } from "@/db/queries/retention";
import { DAY_MS, type RetentionRule } from "@/server/domain/retention";
import { deleteRuns, restoreRuns } from "../runs/flag-runs";
import { setRunTags } from "../runs/set-run-tags";
import { startRun } from "../runs/start-run";
import { saveSetting } from "../settings/save-setting";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { applyRetention } from "./apply-rules";
import { diskUse } from "./disk-use";
import { finishPurges, purgeTrash, sweepRunFolders } from "./purge-trash";
import { emptyTrash, listTrash, previewRetention } from "./trash";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const sql = () => services.context.db.$client;
const one = (query: string, ...values: unknown[]) =>
  sql()
    .prepare(query)
    .pluck()
    .get(...values);
const keyOf = (id: string) => one("select key from run where id = ?", id) as number;
const folderOf = (key: number) => services.context.dataDir.run(key);
const names = (runs: readonly { readonly name: string }[]) => runs.map(({ name }) => name);

/** A run that ended days ago, with a task, an attempt, a log, a metric and an artifact of 100 bytes. */
async function ended(name: string, daysAgo: number, spec = "p", state = "succeeded"): Promise<string> {
  const file = services.receive(`${spec}.json`, kfpSpec(spec));
  const { version } = await storeUpload(services.context, { files: [file] });
  const { id } = await startRun(services.context, { versionId: version.id, name });
  const key = keyOf(id);
  const at = services.context.now().getTime() - daysAgo * DAY_MS;
  sql().exec(`update run set state = '${state}', created_at = ${at}, started_at = ${at}, finished_at = ${at} where key = ${key};
    insert into task (run_key, path, step_path, name, kind, state, attempt, created_at)
      values (${key}, 'a', 'a', 'a', 'container', '${state}', 1, ${at});
    insert into metric (run_key, name, value, format, at) values (${key}, 'loss', 1, 'raw', ${at});`);
  const task = one("select key from task where run_key = ?", key) as number;
  sql().exec(`insert into attempt (task_key, run_key, number, state, created_at, finished_at)
      values (${task}, ${key}, 1, '${state}', ${at}, ${at});
    insert into artifact (run_key, task_key, name, type, path, uri, size, is_directory, metadata, created_at)
      values (${key}, ${task}, 'model', 'system.Model', 'runs/${key}/${task}/1/out/model', 'x', 100, 0, '{}', ${at});
    insert into task_artifact (task_key, direction, name, position, artifact_key)
      values (${task}, 'output', 'model', 0, last_insert_rowid());`);
  const folder = services.context.dataDir.attempt(key, task, 1);
  mkdirSync(join(folder, "out"), { recursive: true });
  writeFileSync(join(folder, "out", "model"), "x".repeat(100), { mode: 0o444 });
  return id;
}

const rule = (part: Partial<RetentionRule>): RetentionRule => ({
  pipelineId: null,
  states: [],
  afterDays: 30,
  keepNewest: 0,
  ...part,
});
const preview = (...rules: RetentionRule[]) =>
  previewRetention(services.context, { rules }).rules.map(({ runs }) => names(runs));

test("a rule takes what ended long enough ago, and nothing that is newest, tagged to be kept, a baseline or not over", async () => {
  await ended("old", 90);
  await ended("failed", 80, "p", "failed");
  const kept = await ended("kept", 70);
  const baseline = await ended("baseline", 60);
  await ended("newest of q", 50, "q");
  await ended("young", 10);
  const running = await ended("running", 100);
  sql().exec(`update run set state = 'running', finished_at = null where id = '${running}'`);
  await setRunTags(services.context, { id: kept, tags: { keep: "" } });
  sql().exec(`update experiment set baseline_run_key = ${keyOf(baseline)}`);
  expect(preview(rule({}), rule({ states: ["failed"] }), rule({ afterDays: 85 }))).toEqual([
    ["old", "failed", "newest of q"],
    ["failed"],
    ["old"],
  ]);
  const pipelines = sql().prepare("select id from pipeline order by key").pluck().all() as string[];
  expect(preview(rule({ pipelineId: pipelines[1] ?? "" }), rule({ keepNewest: 1 }), rule({ keepNewest: 4 }))).toEqual([
    ["newest of q"],
    ["old", "failed"],
    ["old"],
  ]);
  expect(await applyRetention(services.context)).toBe(0);
  await saveSetting(services.context, { name: "retention-rules", value: [rule({ keepNewest: 1 })] });
  expect(await applyRetention(services.context)).toBe(2);
  expect(names(listTrash(services.context).runs).sort()).toEqual(["failed", "old"]);
});

test("the trash gives back until its days are over, then rows and files are gone", async () => {
  const [id, other] = [await ended("gone", 3), await ended("other", 3)];
  const key = keyOf(id);
  await deleteRuns(services.context, [id]);
  expect(await purgeTrash(services.context)).toBe(0);
  await restoreRuns(services.context, [id]);
  await deleteRuns(services.context, [id]);
  services.advance(31 * DAY_MS);
  expect(await purgeTrash(services.context)).toBe(1);
  expect(existsSync(folderOf(key))).toBe(false);
  for (const table of ["task", "attempt", "metric", "artifact", "run_metric"]) {
    expect([table, one(`select count(*) from ${table} where run_key = ?`, key)]).toEqual([table, 0]);
  }
  expect(one("select count(*) from run where key = ?", key)).toBe(0);
  expect(existsSync(folderOf(keyOf(other)))).toBe(true);
  expect((await restoreRuns(services.context, [id])).failed).toHaveLength(1);
});

test("a run whose artifact another run uses stays, and says so, until that one goes too", async () => {
  const [source, user] = [await ended("source", 3), await ended("user", 3)];
  const artifact = one("select key from artifact where run_key = ?", keyOf(source));
  const task = one("select key from task where run_key = ?", keyOf(user));
  sql().exec(`insert into task_artifact (task_key, direction, name, position, artifact_key)
    values (${task}, 'input', 'model', 0, ${artifact})`);
  await deleteRuns(services.context, [source]);
  expect(listTrash(services.context).runs[0]?.goesAt).toBeNull();
  expect(await emptyTrash(services.context, { ids: [source] })).toEqual({ gone: 0 });
  await deleteRuns(services.context, [user]);
  services.advance(31 * DAY_MS);
  expect(await purgeTrash(services.context)).toBe(2);
  expect(readdirSync(services.context.dataDir.runs)).toEqual([]);
});

test("a removal that is cut off anywhere is hidden at once and finished by the next", async () => {
  const { context } = services;
  const id = await ended("cut", 3);
  const key = keyOf(id);
  await deleteRuns(context, [id]);
  beginPurge(context.db, [key], 1);
  purgePiece(context.db, key);
  expect(listTrash(context).runs).toEqual([]);
  expect((await restoreRuns(context, [id])).failed).toHaveLength(1);
  expect(await finishPurges(context)).toBe(1);
  expect(existsSync(folderOf(key))).toBe(false);

  const next = await ended("cut later", 3);
  const nextKey = keyOf(next);
  await deleteRuns(context, [next]);
  beginPurge(context.db, [nextKey], 1);
  while (!purgePiece(context.db, nextKey));
  expect(existsSync(folderOf(nextKey))).toBe(true);
  const living = keyOf(await ended("living", 3));
  expect(await sweepRunFolders(context)).toBe(1);
  expect([existsSync(folderOf(nextKey)), existsSync(folderOf(living))]).toEqual([false, true]);
});

test("the disk is told by folder, and artifacts by pipeline, run and kind", async () => {
  await ended("first", 1);
  await ended("second", 1);
  await ended("third", 1, "q");
  const { folders, artifacts } = await diskUse(services.context);
  expect(folders.find(({ name }) => name.startsWith("Runs"))).toMatchObject({ bytes: 300, isPartial: false });
  expect(artifacts).toMatchObject({ bytes: 300, artifacts: 3 });
  expect(artifacts.pipelines.map(({ name, bytes }) => [name, bytes])).toEqual([
    ["p", 200],
    ["q", 100],
  ]);
  expect(artifacts.runs).toHaveLength(3);
  expect(artifacts.kinds.map(({ name, artifacts: count }) => [name, count])).toEqual([["system.Model", 3]]);
});

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunState, TaskState } from "@/server/domain/states";
import { type TestServices, testServices } from "../testing";
import { elyraPipeline, kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { cancelRun } from "./cancel-run";
import { archiveRuns, deleteRuns } from "./flag-runs";
import { getRun } from "./get-run";
import { planRun } from "./plan-extent";
import { planRetry } from "./plan-retry";
import { retryRun } from "./retry-run";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const sql = () => services.context.db.$client;
const N = { n: { parameterType: "NUMBER_INTEGER" } };

async function upload(text = kfpSpec("p", ["a", "b", "c"], N)): Promise<string> {
  return (await storeUpload(services.context, { files: [services.receive("p.json", text)] })).version.id;
}

/** A run that ended like this, each step with one artifact on the disk. */
async function ended(
  versionId: string,
  state: RunState,
  tasks: { readonly [step: string]: TaskState },
): Promise<{ id: string; files: { readonly [step: string]: string } }> {
  const run = await startRun(services.context, { versionId, parameters: { n: 3 } });
  const key = sql().prepare("select key from run where id = ?").pluck().get(run.id) as number;
  const files: { [step: string]: string } = {};
  for (const [step, taskState] of Object.entries(tasks)) {
    const task = sql()
      .prepare(
        "insert into task (run_key, path, step_path, name, kind, state, created_at) values (?, ?, ?, ?, 'container', ?, 0)",
      )
      .run(key, step, step, step, taskState).lastInsertRowid;
    if (taskState !== "succeeded") continue;
    const path = `runs/${key}/${task}/1/out/data`;
    files[step] = join(services.context.dataDir.home, path);
    mkdirSync(dirname(files[step]), { recursive: true });
    writeFileSync(files[step], step);
    const artifact = sql()
      .prepare(
        "insert into artifact (run_key, task_key, name, type, path, uri, metadata, created_at) values (?, ?, 'data', 't', ?, '', '{}', 0)",
      )
      .run(key, task, path).lastInsertRowid;
    sql()
      .prepare(
        "insert into task_artifact (task_key, direction, name, position, artifact_key) values (?, 'output', 'data', 0, ?)",
      )
      .run(task, artifact);
  }
  sql().prepare("update run set state = ?, is_noticed = 1 where key = ?").run(state, key);
  return { id: run.id, files };
}

const intent = (id: string) =>
  sql()
    .prepare(
      "select retry_requested_at is not null, retry_requested_by, is_noticed, cancel_requested_at is not null, is_cancel_hard from run where id = ?",
    )
    .raw()
    .get(id);

describe("a retry", () => {
  test("is an intent, written once, and the run says so until the engine has read it", async () => {
    const { id } = await ended(await upload(), "failed", { a: "succeeded", b: "failed", c: "omitted" });
    expect(await retryRun(services.context, id, "ada")).toMatchObject({ state: "failed" });
    expect(intent(id)).toEqual([1, "ada", 0, 0, 0]);
    services.advance(5);
    await retryRun(services.context, id, "grace");
    expect(intent(id)).toEqual([1, "ada", 0, 0, 0]);
    expect(getRun(services.context, id).retryRequestedAt).toBe("2026-11-21T10:00:00.000Z");
    const kinds = sql().prepare("select kind from event where subject = ? order by id").pluck().all(id);
    expect(kinds).toEqual(["created", "retry-requested"]);
  });

  test("that has not begun is taken back by a cancel, and by a deletion", async () => {
    const { id } = await ended(await upload(), "failed", { a: "failed", b: "omitted", c: "omitted" });
    await retryRun(services.context, id);
    await cancelRun(services.context, id);
    expect(intent(id)).toEqual([0, null, 0, 0, 0]);
    await retryRun(services.context, id);
    await deleteRuns(services.context, [id]);
    expect(intent(id)).toEqual([0, null, 0, 0, 0]);
  });

  test.each(["pending", "running", "canceling", "succeeded"] as const)(
    "of a run that is %s is refused",
    async (state) => {
      const { id } = await ended(await upload(), state, { a: "succeeded" });
      await expect(retryRun(services.context, id)).rejects.toMatchObject({
        code: "conflict",
        problems: [{ rule: state === "succeeded" ? "succeeded" : "not-over" }],
      });
      expect(intent(id)?.toString()).toBe("0,,1,0,0");
    },
  );

  test("of an archived run, of none, or without the results that it keeps is refused", async () => {
    const { id, files } = await ended(await upload(), "failed", { a: "succeeded", b: "failed", c: "omitted" });
    rmSync(files.a ?? "");
    await expect(retryRun(services.context, id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('The files of "data" that step "a" left are gone'),
    });
    await archiveRuns(services.context, [id]);
    await expect(retryRun(services.context, id)).rejects.toMatchObject({ problems: [{ rule: "archived" }] });
    await expect(retryRun(services.context, "nobody")).rejects.toMatchObject({ code: "not-found" });
  });

  test("is told step by step before it is asked for", async () => {
    const { id } = await ended(await upload(), "failed", { a: "succeeded", b: "failed", c: "omitted" });
    expect(await planRetry(services.context, id)).toMatchObject({
      steps: [
        { step: "a", does: "keep", why: "It succeeded; its result is kept." },
        { step: "b", does: "run", why: "It failed." },
        { step: "c", does: "run", why: "It did not run." },
      ],
      refusals: [],
    });
  });
});

test("a hard end can be asked for at once, or of a run that is ending already", async () => {
  const versionId = await upload();
  const at = await ended(versionId, "running", {});
  await cancelRun(services.context, at.id, { hard: true });
  expect(intent(at.id)).toEqual([0, null, 0, 1, 1]);
  const later = await ended(versionId, "running", {});
  await cancelRun(services.context, later.id);
  sql().prepare("update run set state = 'canceling', is_noticed = 1 where id = ?").run(later.id);
  await cancelRun(services.context, later.id);
  expect(intent(later.id)).toEqual([0, null, 1, 1, 0]);
  await cancelRun(services.context, later.id, { hard: true });
  expect(intent(later.id)).toEqual([0, null, 0, 1, 1]);
});

describe("a run up to a step", () => {
  test("keeps that in its extent, and says before what it leaves out", async () => {
    const versionId = await upload();
    const run = await startRun(services.context, { versionId, parameters: { n: 1 }, upTo: "b" });
    expect(run).toMatchObject({ extent: { kind: "up-to", step: "b" }, origin: "manual" });
    expect((await planRun(services.context, { versionId, upTo: "b" })).steps.map(({ does }) => does)).toEqual([
      "run",
      "run",
      "leave-out",
    ]);
  });

  test("that is no step of the version, or with a beginning too, is refused", async () => {
    const versionId = await upload();
    const parameters = { n: 1 };
    await expect(startRun(services.context, { versionId, parameters, upTo: "z" })).rejects.toMatchObject({
      code: "refused",
      problems: [{ rule: "no-such-step" }],
    });
    const from = { runId: "r", step: "a" };
    await expect(startRun(services.context, { versionId, parameters, upTo: "a", from })).rejects.toMatchObject({
      code: "invalid",
    });
  });
});

describe("a run from a step of another one", () => {
  test("is a clone with the inputs of that run", async () => {
    const versionId = await upload();
    const source = await ended(versionId, "failed", { a: "succeeded", b: "failed", c: "omitted" });
    const from = { runId: source.id, step: "b" };
    expect(await planRun(services.context, { versionId, from })).toMatchObject({
      steps: [
        { step: "a", does: "reuse", source: { runId: source.id } },
        { step: "b", does: "run", why: "The run begins here." },
        { step: "c", does: "run", why: 'It comes after "b", which runs again.' },
      ],
      refusals: [],
    });
    expect(await startRun(services.context, { versionId, from })).toMatchObject({
      origin: "clone",
      clonedFrom: { id: source.id },
      extent: { kind: "from", ...from },
      parameters: { n: 3 },
    });
    expect(await startRun(services.context, { versionId, from, parameters: { n: 3 } })).toMatchObject({
      parameters: { n: 3 },
    });
    await expect(startRun(services.context, { versionId, from, parameters: { n: 4 } })).rejects.toMatchObject({
      code: "refused",
      problems: [{ rule: "parameter-differs", place: "parameters.n" }],
    });
  });

  test("is refused with the step that has no result, the file that is gone, or the run that will not do", async () => {
    const versionId = await upload();
    const source = await ended(versionId, "failed", { a: "succeeded", b: "failed", c: "omitted" });
    const start = (runId: string, step: string) =>
      startRun(services.context, { versionId, from: { runId, step } }).catch(({ code, problems }) => [
        code,
        problems.map(({ rule, step: at }: { rule: string; step?: string }) => [rule, at]),
      ]);
    expect(await start(source.id, "c")).toEqual(["refused", [["no-result", "b"]]]);
    expect(await start(source.id, "nowhere")).toEqual(["refused", [["no-such-step", undefined]]]);
    expect(await start("nobody", "b")).toEqual(["not-found", []]);
    rmSync(source.files.a ?? "");
    expect(await start(source.id, "b")).toEqual(["refused", [["result-gone", "a"]]]);
    expect(await start(source.id, "a")).toMatchObject({ state: "pending" });
    const running = await ended(versionId, "running", { a: "succeeded" });
    expect(await start(running.id, "b")).toEqual(["refused", [["not-over", undefined]]]);
    const other = await ended(await upload(kfpSpec("q", ["a", "b"], N)), "succeeded", { a: "succeeded" });
    expect(await start(other.id, "b")).toEqual(["refused", [["other-version", undefined]]]);
  });

  test("goes on with the files of a shared workspace and says so; without them it is refused", async () => {
    const files = [
      services.receive("p.pipeline", elyraPipeline(["a.py", "b.py"])),
      services.receive("a.py", "1"),
      services.receive("b.py", "2"),
    ];
    const versionId = (await storeUpload(services.context, { files })).version.id;
    const source = await startRun(services.context, { versionId });
    const key = sql().prepare("select key from run").pluck().get() as number;
    sql().exec(`update run set state = 'failed';
      insert into task (run_key, path, step_path, name, kind, state, created_at) values
      (${key}, 'n0', 'n0', 'a', 'python', 'succeeded', 0), (${key}, 'n1', 'n1', 'b', 'python', 'failed', 0)`);
    const from = { runId: source.id, step: "n1" };
    await expect(startRun(services.context, { versionId, from })).rejects.toMatchObject({
      problems: [{ rule: "workspace-gone" }],
    });
    expect((await planRetry(services.context, source.id)).refusals).toMatchObject([{ rule: "workspace-gone" }]);
    mkdirSync(services.context.dataDir.workspace(key), { recursive: true });
    const run = await startRun(services.context, { versionId, from });
    expect(getRun(services.context, run.id).notices).toMatchObject([{ code: "continues-workspace" }]);
  });
});

/** Where a queued step stands: which limit holds it, how many come first, and who has the slots. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createExperiment } from "../experiments/create-experiment";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { queuePlace } from "./queue-place";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

/** A run with one task per given state, and an attempt for those that run; answers the keys. */
async function runWith(
  name: string,
  states: readonly ("queued" | "running")[],
  { priority = 0, experiment }: { priority?: number; experiment?: string } = {},
): Promise<number[]> {
  const { context } = services;
  const { version } = await storeUpload(context, { files: [services.receive("p.json", kfpSpec(name))] });
  const experimentId = experiment && (await createExperiment(context, { name: experiment })).id;
  const { id } = await startRun(context, { versionId: version.id, parameters: {}, name, experimentId });
  const sql = context.db.$client;
  const runKey = sql.prepare("select key from run where id = ?").pluck().get(id);
  return states.map((state, at) => {
    const key = sql
      .prepare(
        `insert into task (run_key, path, step_path, name, kind, state, priority, attempt, created_at, queued_at, profile,
           experiment_key)
         select key, ?, ?, ?, 'container', ?, ?, 1, 0, ?, profile, experiment_key from run where key = ?`,
      )
      .run(`s${at}`, `s${at}`, `s${at}`, state, priority, 1_000 + at, runKey).lastInsertRowid;
    if (state === "running") {
      sql
        .prepare("insert into attempt (task_key, run_key, number, state, created_at) values (?, ?, 1, 'running', 0)")
        .run(key, runKey);
    }
    return Number(key);
  });
}

test("it is counted by priority, then by the longest wait, and names what holds the slots", async () => {
  const [held, first, second] = await runWith("plain", ["running", "queued", "queued"]);
  const [urgent] = await runWith("urgent", ["queued"], { priority: 5 });
  const place = async (task = 0) => queuePlace(services.context, task);
  expect(await place(urgent)).toMatchObject({ ahead: 0, waiting: 3, used: 1, limit: { kind: "engine" } });
  expect(await place(first)).toMatchObject({ ahead: 1, higher: 1, priority: 0, experiments: 1 });
  expect(await place(second)).toMatchObject({ ahead: 2, holders: [{ task: held, step: "s0", runName: "plain" }] });
  expect(await place(held)).toBeNull();
});

test("between experiments it is counted as they take turns, what they hold included", async () => {
  const sweep = await runWith("sweep", ["running", "queued", "queued", "queued"]);
  const quiet = await runWith("quiet", ["queued", "queued"], { experiment: "Quiet" });
  const ahead = async (task = 0) => (await queuePlace(services.context, task))?.ahead;
  expect(await Promise.all(quiet.map(ahead))).toEqual([0, 2]);
  expect(await Promise.all(sweep.map(ahead))).toEqual([undefined, 1, 3, 4]);
  expect(await queuePlace(services.context, quiet[0] ?? 0)).toMatchObject({ experiments: 2, waiting: 5 });
});

test("of what all steps of a profile take together, the one that does not leave room is told", async () => {
  const { db } = services.context;
  const [, waiting] = await runWith("here", ["running", "queued"]);
  db.$client.exec(`update task set cpus = 3; update profile set limits = '{"totalCpus":4}'`);
  expect(await queuePlace(services.context, waiting ?? 0)).toMatchObject({
    limit: { kind: "cpus", total: 4 },
    used: 3,
    ahead: 0,
    holders: [{ runName: "here" }],
  });
});

test("of a profile that is full, its own steps alone count", async () => {
  const { db } = services.context;
  await runWith("elsewhere", ["queued"]);
  db.$client.exec("update run set profile = 'other'; update task set profile = 'other'");
  const [, waiting] = await runWith("here", ["running", "queued"]);
  db.$client
    .prepare("update profile set capacity = 1 where name = (select profile from run where name = 'here')")
    .run();
  expect(await queuePlace(services.context, waiting ?? 0)).toMatchObject({
    limit: { kind: "profile", slots: 1 },
    used: 1,
    waiting: 1,
    ahead: 0,
  });
});

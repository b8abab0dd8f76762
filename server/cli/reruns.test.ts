import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { kfpSpec } from "@/server/services/testing-specs";
import { type CliServer, cliServer, ranAsJson } from "./testing";

let server: CliServer;
let folder: string;
beforeEach(async () => {
  server = await cliServer();
  ({ folder } = server);
  writeFileSync(join(folder, "p.json"), kfpSpec("p", ["a", "b", "c"], { n: { parameterType: "NUMBER_INTEGER" } }));
});
afterEach(() => server.close());

const penstock = (...args: readonly string[]) => ranAsJson(server, args);

const sql = () => server.services.context.db.$client;

/** A run of which `b` failed. */
async function failedRun(): Promise<string> {
  const { run } = (await penstock("submit", "p.json", "--param", "n=3")).json;
  sql().exec(`update run set state = 'failed', is_noticed = 1;
    insert into task (run_key, path, step_path, name, kind, state, created_at) values
    (1, 'a', 'a', 'a', 'container', 'succeeded', 0), (1, 'b', 'b', 'b', 'container', 'failed', 0),
    (1, 'c', 'c', 'c', 'container', 'omitted', 0)`);
  return run.id;
}

test("retry asks for another round, and says before what it would do", async () => {
  const id = await failedRun();
  const plan = await penstock("retry", id, "--plan");
  expect(plan.exit).toBe(0);
  expect(plan.json.steps.map(({ step, does }: { step: string; does: string }) => [step, does])).toEqual([
    ["a", "keep"],
    ["b", "run"],
    ["c", "run"],
  ]);
  expect(sql().prepare("select retry_requested_at from run").pluck().get()).toBeNull();
  expect(await penstock("retry", id)).toMatchObject({ exit: 0, json: { id, state: "failed" } });
  expect(sql().prepare("select retry_requested_by from run").pluck().get()).toBe("user");
});

test("retry --wait waits for the end of the new round, not for the one that was", async () => {
  const id = await failedRun();
  const waiting = penstock("retry", id, "--wait");
  await vi.waitUntil(() => sql().prepare("select retry_requested_at from run").pluck().get() !== null, {
    timeout: 10_000,
  });
  sql().exec(`update run set state = 'succeeded', finished_at = 5, retry_requested_at = null;
    insert into event (at, topic, subject, kind, data) select 0, 'run', id, 'state', '{}' from run`);
  expect(await waiting).toMatchObject({ exit: 0, json: { state: "succeeded", tasks: [{}, {}, {}] } });
});

test("a retry that cannot be is refused with the reason", async () => {
  const id = await failedRun();
  sql().exec("update run set state = 'succeeded'");
  expect(await penstock("retry", id)).toMatchObject({ exit: 2, json: { error: { code: "conflict" } } });
  expect(await penstock("retry", id, "--plan")).toMatchObject({ exit: 2, json: { refusals: [{ rule: "succeeded" }] } });
});

test("rerun starts the same again, whole, from a step or up to one", async () => {
  const id = await failedRun();
  const whole = await penstock("rerun", id, "--name", "again");
  expect(whole.json).toMatchObject({ name: "again", origin: "clone", parameters: { n: 3 } });
  const from = await penstock("rerun", id, "--from", "b", "--stop-on-failure");
  expect(from).toMatchObject({ exit: 0, json: { origin: "clone" } });
  const row = sql().prepare("select extent, stops_on_failure from run where id = ?").raw();
  expect(row.get(from.json.id)).toEqual([JSON.stringify({ kind: "from", step: "b", runId: id }), 1]);
  const upTo = await penstock("rerun", id, "--up-to", "b");
  expect(row.get(upTo.json.id)).toEqual([JSON.stringify({ kind: "up-to", step: "b" }), 0]);
  expect((await penstock("rerun", id, "--from", "b", "--plan")).json.steps[0]).toMatchObject({
    step: "a",
    does: "reuse",
  });
  expect(await penstock("rerun", id, "--from", "c")).toMatchObject({ exit: 2, json: { error: { code: "refused" } } });
  expect(await penstock("rerun", id, "--from", "nowhere")).toMatchObject({ exit: 2 });
  expect(await penstock("rerun", id, "--from", "a", "--up-to", "b")).toMatchObject({ exit: 2 });
});

test("submit goes up to a step and stops on a failure when asked to", async () => {
  const { json } = await penstock("submit", "p.json", "--param", "n=1", "--up-to", "b", "--stop-on-failure");
  expect(json.run.state).toBe("pending");
  const row = sql().prepare("select extent, stops_on_failure from run").raw().get();
  expect(row).toEqual([JSON.stringify({ kind: "up-to", step: "b" }), 1]);
});

test("cancel --hard asks for the hard end, also of a run that is ending", async () => {
  const { run } = (await penstock("submit", "p.json", "--param", "n=1")).json;
  expect((await penstock("cancel", run.id)).exit).toBe(0);
  const isHard = () => sql().prepare("select is_cancel_hard from run").pluck().get();
  expect(isHard()).toBe(0);
  expect((await penstock("cancel", run.id, "--hard")).exit).toBe(0);
  expect(isHard()).toBe(1);
});

/** Runs once they are there: their states, rounds and tasks, and what may be done with them when. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { items, type Json, plainSpec, type TestClient, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

const start = () => client.ok("POST", "/runs", { display_name: "r", pipeline_spec: plainSpec() });
const sql = (text: string) => client.services.context.db.$client.exec(text);
const states = (run: Json) => items(run.state_history).map(({ state }) => state);

test("terminate shows at once, ends as FAILED, and is no error afterwards", async () => {
  const { run_id } = await start();
  expect(await client.ok("POST", `/runs/${run_id}:terminate`)).toEqual({});
  const ending = await client.ok("GET", `/runs/${run_id}`);
  expect(ending).toMatchObject({ state: "CANCELING", finished_at: "1970-01-01T00:00:00Z" });
  expect(states(ending)).toEqual(["PENDING"]);
  sql("update run set state = 'canceled', started_at = created_at, finished_at = created_at + 5");
  const run = await client.ok("GET", `/runs/${run_id}`);
  expect(run).toMatchObject({ state: "FAILED", error: { code: 1, message: "terminated by user" } });
  expect(states(run)).toEqual(["PENDING", "RUNNING", "FAILED"]);
  expect(await client.ok("POST", `/runs/${run_id}:terminate`)).toEqual({});
  expect(await client.ok("GET", `/runs/${run_id}`)).toEqual(run);
  expect(await client.send("POST", "/runs/nobody:terminate")).toMatchObject({ status: 404 });
});

test("a retry shows at once as pending again, and its rounds stay in the history", async () => {
  const { run_id } = await start();
  expect(await client.send("POST", `/runs/${run_id}:retry`)).toMatchObject({ status: 409, body: { code: 10 } });
  sql(
    `update run set state = 'failed', reason = '{"code":"step-failed","message":"Step a failed."}',
       started_at = created_at + 1000, finished_at = created_at + 2000`,
  );
  client.services.advance(5000);
  expect(await client.ok("POST", `/runs/${run_id}:retry`)).toEqual({});
  const waiting = await client.ok("GET", `/runs/${run_id}`);
  expect(waiting).toMatchObject({ state: "PENDING", finished_at: "1970-01-01T00:00:00Z" });
  expect(waiting.error).toBeUndefined();
  expect(states(waiting)).toEqual(["PENDING", "RUNNING", "FAILED", "PENDING"]);
  // What the engine writes when it follows the retry, and when the second round ends.
  sql("update run set state = 'running', reason = null, finished_at = null, retry_requested_at = null");
  const running = await client.ok("GET", `/runs/${run_id}`);
  expect(running.state).toBe("RUNNING");
  expect(running.state_history).toEqual([
    { update_time: "2026-11-21T10:00:00.000Z", state: "PENDING" },
    { update_time: "2026-11-21T10:00:01.000Z", state: "RUNNING" },
    { update_time: "2026-11-21T10:00:02.000Z", state: "FAILED", error: { code: 2, message: "Step a failed." } },
    { update_time: "2026-11-21T10:00:05.000Z", state: "PENDING" },
    { update_time: "2026-11-21T10:00:05.000Z", state: "RUNNING" },
  ]);
  sql("update run set state = 'succeeded', finished_at = created_at + 9000");
  const over = await client.ok("GET", `/runs/${run_id}`);
  expect(states(over)).toEqual(["PENDING", "RUNNING", "FAILED", "PENDING", "RUNNING", "SUCCEEDED"]);
  expect(await client.ok("GET", "/runs")).toMatchObject({ runs: [{ state_history: over.state_history }] });
  expect(await client.send("POST", `/runs/${run_id}:retry`)).toMatchObject({ status: 409, body: { code: 10 } });
  expect(await client.send("POST", "/runs/nobody:retry")).toMatchObject({ status: 404, body: { code: 5 } });
});

test("archive and unarchive change the storage alone, in any state, as often as they are asked", async () => {
  const { run_id } = await start();
  for (const [verb, storage_state] of [
    ["archive", "ARCHIVED"],
    ["archive", "ARCHIVED"],
    ["unarchive", "AVAILABLE"],
    ["unarchive", "AVAILABLE"],
  ]) {
    expect(await client.ok("POST", `/runs/${run_id}:${verb}`)).toEqual({});
    expect(await client.ok("GET", `/runs/${run_id}`)).toMatchObject({ storage_state, state: "PENDING" });
  }
  for (const verb of ["archive", "unarchive"]) {
    expect(await client.send("POST", `/runs/nobody:${verb}`)).toMatchObject({ status: 404, body: { code: 5 } });
  }
});

test("a run is deleted in any state, once", async () => {
  const { run_id } = await start();
  expect(await client.ok("DELETE", `/runs/${run_id}`)).toEqual({});
  for (const method of ["GET", "DELETE"]) {
    expect(await client.send(method, `/runs/${run_id}`)).toMatchObject({
      status: 404,
      body: { code: 5, details: [{ message: expect.stringContaining(`Run ${run_id} not found`) }] },
    });
  }
  expect(await client.ok("GET", "/runs")).toEqual({});
});

test("tasks of a run are told with their states, times, histories, parents and children", async () => {
  const { run_id } = await start();
  sql(
    `insert into task (run_key, parent_key, path, step_path, name, kind, state, reason, created_at, started_at, finished_at)
     values (1, null, 'g', 'g', 'group', 'dag', 'running', null, 5, 6, null),
            (1, 1, 'g/a', 'g/a', 'a', 'container', 'cached', null, 5, null, 7),
            (1, 1, 'g/b', 'g/b', 'b', 'container', 'failed', '{"code":"exit","message":"It exited with 1."}', 5, 6, 8)`,
  );
  const at = (ms: number) => `1970-01-01T00:00:00.00${ms}Z`;
  const error = { code: 2, message: "It exited with 1." };
  const common = { run_id, create_time: at(5) };
  expect((await client.ok("GET", `/runs/${run_id}`)).run_details).toEqual({
    task_details: [
      {
        ...common,
        task_id: "1",
        execution_id: "1",
        display_name: "group",
        state: "RUNNING",
        start_time: at(6),
        child_tasks: [{ task_id: "2" }, { task_id: "3" }],
        state_history: [
          { update_time: at(5), state: "PENDING" },
          { update_time: at(6), state: "RUNNING" },
        ],
      },
      {
        ...common,
        task_id: "2",
        execution_id: "2",
        display_name: "a",
        state: "SKIPPED",
        end_time: at(7),
        parent_task_id: "1",
        state_history: [
          { update_time: at(5), state: "PENDING" },
          { update_time: at(7), state: "SKIPPED" },
        ],
      },
      {
        ...common,
        task_id: "3",
        execution_id: "3",
        display_name: "b",
        state: "FAILED",
        start_time: at(6),
        end_time: at(8),
        error,
        parent_task_id: "1",
        state_history: [
          { update_time: at(5), state: "PENDING" },
          { update_time: at(6), state: "RUNNING" },
          { update_time: at(8), state: "FAILED", error },
        ],
      },
    ],
  });
});

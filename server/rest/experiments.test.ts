/** Experiments: unique names, the Default one, and what archiving and deleting take along. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { filter, items, plainSpec, type TestClient, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

test("a name is wanted, short and unique", async () => {
  const made = await client.ok("POST", "/experiments", { displayName: "night", description: "d", namespace: "n" });
  expect(made).toMatchObject({ display_name: "night", description: "d", last_run_created_at: "1970-01-01T00:00:00Z" });
  expect(made.namespace).toBeUndefined();
  expect(await client.send("POST", "/experiments", { display_name: "night" })).toMatchObject({
    status: 409,
    body: {
      code: 6,
      details: [
        {
          message: expect.stringContaining(
            "Failed to create a new experiment. The name night already exists. Please specify a new name",
          ),
        },
      ],
    },
  });
  for (const [body, text] of [
    [{}, "name cannot be empty"],
    [{ display_name: "é".repeat(65) }, "Experiment.Name length cannot exceed 128"],
    [{ display_name: "a\nb" }, "display_name: "],
    [{ display_name: "x", description: "d".repeat(10_001) }, "description: "],
    [{ display_name: ["x"] }, "display_name"],
  ] as const) {
    expect(await client.send("POST", "/experiments", body)).toMatchObject({
      status: 400,
      body: { code: 3, details: [{ message: expect.stringContaining(text) }] },
    });
  }
});

test("archive takes the runs along, unarchive brings back the experiment alone", async () => {
  const { experiment_id } = await client.ok("POST", "/experiments", { display_name: "e" });
  const start = () => client.ok("POST", "/runs", { display_name: "r", experiment_id, pipeline_spec: plainSpec() });
  const { run_id } = await start();
  expect(await client.ok("POST", `/experiments/${experiment_id}:archive`)).toEqual({});
  expect(await client.ok("GET", `/experiments/${experiment_id}`)).toMatchObject({ storage_state: "ARCHIVED" });
  expect(await client.ok("GET", `/runs/${run_id}`)).toMatchObject({ storage_state: "ARCHIVED" });
  expect(await client.send("POST", `/runs/${run_id}:unarchive`)).toMatchObject({
    status: 400,
    body: { code: 9, details: [{ message: expect.stringContaining("must be un-archived first") }] },
  });
  expect(await start()).toMatchObject({ storage_state: "AVAILABLE" });
  await client.ok("POST", `/experiments/${experiment_id}:unarchive`);
  expect(await client.ok("GET", `/runs/${run_id}`)).toMatchObject({ storage_state: "ARCHIVED" });
  await client.ok("POST", `/runs/${run_id}:unarchive`);
  await client.ok("POST", `/runs/${run_id}:unarchive`);
  expect(await client.ok("GET", `/runs?experiment_id=${experiment_id}`)).toMatchObject({
    total_size: 2,
    runs: [{ storage_state: "AVAILABLE" }, { storage_state: "AVAILABLE" }],
  });
  for (const verb of ["archive", "unarchive"]) {
    expect(await client.ok("POST", `/experiments/nobody:${verb}`)).toEqual({});
  }
});

test("a deleted experiment leaves its runs; the Default one stays, and is where runs go that name none", async () => {
  const { experiment_id } = await client.ok("POST", "/experiments", { display_name: "e" });
  const { run_id } = await client.ok("POST", "/runs", {
    display_name: "r",
    experiment_id,
    pipeline_spec: plainSpec(),
  });
  expect(await client.ok("DELETE", `/experiments/${experiment_id}`)).toEqual({});
  expect(await client.send("GET", `/experiments/${experiment_id}`)).toMatchObject({
    status: 404,
    body: { details: [{ message: expect.stringContaining(`Experiment ${experiment_id} not found`) }] },
  });
  expect(await client.send("DELETE", `/experiments/${experiment_id}`)).toMatchObject({ status: 404 });
  expect(await client.ok("GET", `/runs/${run_id}`)).toMatchObject({ experiment_id });
  expect(await client.send("GET", `/runs?experiment_id=${experiment_id}`)).toMatchObject({ status: 404 });
  const named = filter({ operation: 1, key: "name", stringValue: "Default" });
  const [standard] = items((await client.ok("GET", `/experiments?${named}`)).experiments);
  expect(standard?.description).toBe("All runs created without specifying an experiment will be grouped here.");
  expect(await client.send("DELETE", `/experiments/${standard?.experiment_id}`)).toMatchObject({
    status: 409,
    body: { code: 10, details: [{ message: "The default experiment cannot be deleted" }] },
  });
  client.services.advance(60_000);
  expect(await client.ok("POST", "/runs", { display_name: "r", pipeline_spec: plainSpec() })).toMatchObject({
    experiment_id: standard?.experiment_id,
  });
  expect((await client.ok("GET", `/experiments/${standard?.experiment_id}`)).last_run_created_at).toBe(
    "2026-11-21T10:01:00.000Z",
  );
});

/** Creation of runs: what a message may say, how it comes back, and every refusal in Kubeflow's words. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { updatePipeline } from "@/server/services/pipelines/update-pipeline";
import { removeProfile } from "@/server/services/profiles/remove-profile";
import { saveProfile } from "@/server/services/profiles/save-profile";
import { getRun } from "@/server/services/runs/get-run";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { numberSpec, plainSpec, type TestClient, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

const CREATED = "2026-11-21T10:00:00.000Z";

test("a run of an inline spec gives the spec back key by key, with only the parameters that were sent", async () => {
  const experiment = await client.ok("POST", "/experiments", { displayName: "night" });
  const run = await client.ok("POST", "/runs", {
    display_name: "r1",
    experiment_id: experiment.experiment_id,
    pipeline_spec: numberSpec(),
    runtime_config: { parameters: { n: 1.0 } },
    state: "SUCCEEDED",
    finished_at: "2020-01-01T00:00:00Z",
    unknown_field: 1,
  });
  expect(run).toEqual({
    run_id: expect.any(String),
    experiment_id: experiment.experiment_id,
    display_name: "r1",
    storage_state: "AVAILABLE",
    state: "PENDING",
    pipeline_spec: numberSpec(),
    runtime_config: { parameters: { n: 1 } },
    service_account: "pipeline-runner",
    created_at: CREATED,
    scheduled_at: CREATED,
    finished_at: "1970-01-01T00:00:00Z",
    state_history: [{ update_time: CREATED, state: "PENDING" }],
  });
  await client.ok("POST", "/runs", {
    display_name: "r2",
    pipeline_spec: numberSpec(),
    runtime_config: { parameters: { n: 2 } },
  });
  expect(client.services.context.db.$client.prepare("select count(*) from version").pluck().get()).toBe(1);
});

test.each(["pipeline_spec", "pipelineSpec"])("an inline spec wrapped as %s goes round unchanged", async (key) => {
  const platform = { kubernetes: { deploymentSpec: { executors: { "exec-a": { imagePullPolicy: "Always" } } } } };
  const spec = { pipeline_spec: plainSpec("wrapped"), platform_spec: { platforms: platform } };
  const run = await client.ok("POST", "/runs", { display_name: "r", [key]: spec });
  expect(run.pipeline_spec).toEqual(spec);
});

test("the rest of a message: storage, schedule, account, root, id, plugins and macros", async () => {
  const parameters = { word: "[[RunUUID]] [[ScheduledTime.2006]]", list: ["[[RunUUID]]"] };
  const message = {
    run_id: "my-run_1",
    display_name: "r",
    description: "why",
    storage_state: 2,
    scheduled_at: "2026-11-20T09:30:00+01:00",
    service_account: "someone",
    runtime_config: { parameters, pipeline_root: "s3://here" },
    plugins_input: { mlflow: { experiment_name: "e", disabled: false } },
    pipeline_spec: JSON.parse(
      kfpSpec("macros", ["a"], { word: { parameterType: "STRING" }, list: { parameterType: "LIST" } }),
    ),
  };
  const run = await client.ok("POST", "/runs", message);
  expect(run).toMatchObject({
    ...message,
    storage_state: "ARCHIVED",
    scheduled_at: "2026-11-20T08:30:00.000Z",
    created_at: CREATED,
  });
  expect(await client.ok("GET", "/runs")).toMatchObject({ total_size: 1, runs: [run] });
  const { $client: sql } = client.services.context.db;
  const value = (name: string) =>
    JSON.parse(String(sql.prepare("select value from run_parameter where name = ?").pluck().get(name)));
  expect([value("word"), value("list")]).toEqual(["my-run_1 2026", ["[[RunUUID]]"]]);
  expect(await client.send("POST", "/runs", message)).toMatchObject({ status: 409 });
});

const PLAIN = { display_name: "r", pipeline_spec: plainSpec() };
const N = (value: unknown) => ({
  display_name: "r",
  pipeline_spec: numberSpec(),
  runtime_config: { parameters: { n: value } },
});
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

test.each([
  [
    { display_name: "r", pipeline_spec: numberSpec() },
    "pipeline requiring input has no parameter(s) provided. Need parameter(s): n",
  ],
  [
    { ...N(1), runtime_config: { parameters: { m: 1 } } },
    "parameter n is not optional, yet has neither default value nor user provided value",
  ],
  [
    { ...N(1), runtime_config: { parameters: { n: 1, b: 1, a: 1 } } },
    "parameter(s) provided are not required by pipeline: a, b",
  ],
  [N("1"), "input parameter n requires type double or integer"],
  [N(null), "input parameter n requires type double or integer"],
  [{ ...PLAIN, display_name: "" }, "name"],
  [{ ...PLAIN, display_name: 7 }, "display_name"],
  [{ ...PLAIN, display_name: "x".repeat(256) }, "display_name length cannot exceed 255"],
  [{ display_name: "r" }, "pipeline spec"],
  [{ ...PLAIN, run_id: "../x" }, "run id"],
  [{ ...PLAIN, pipeline_spec: { a: 1 } }, ""],
  [{ ...PLAIN, pipeline_spec: "text" }, "pipeline_spec"],
  [{ ...PLAIN, pipeline_version_reference: { pipeline_id: "p" } }, "not both"],
  [{ ...PLAIN, pipeline_version_reference: {} }, "not both"],
  [{ display_name: "r", pipeline_version_reference: [] }, "pipeline_version_reference"],
  [{ ...PLAIN, runtime_config: [] }, "runtime_config"],
  [{ ...PLAIN, runtime_config: { parameters: [] } }, "parameters"],
  [{ ...PLAIN, scheduled_at: "tomorrow" }, "scheduled_at"],
  [{ ...PLAIN, storage_state: "GONE" }, "storage_state"],
  [{ ...PLAIN, service_account: {} }, "service_account"],
  [{ ...PLAIN, plugins_input: { a: "text" } }, "plugins_input"],
  [{ ...PLAIN, plugins_input: { a: nested(11) } }, "nests deeper than 10"],
  [{ ...PLAIN, plugins_input: { a: { b: "x".repeat(65_536) } } }, "more than 64 KiB"],
  [{ ...PLAIN, plugins_input: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`p${n}`, {}])) }, "16"],
  [
    {
      ...PLAIN,
      plugins_input: Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`p${n}`, { b: "x".repeat(60_000) }])),
    },
    "256 KiB",
  ],
])("%j is refused with %j", async (body, text) => {
  expect(await client.send("POST", "/runs", body)).toMatchObject({
    status: 400,
    body: {
      code: 3,
      message: expect.stringContaining("Failed to create a run"),
      details: [{ message: expect.stringContaining(text) }],
    },
  });
  expect(await client.ok("GET", "/runs")).toEqual({});
});

test.each([
  [
    { display_name: "r", pipeline_version_reference: { pipeline_version_id: "v" } },
    404,
    5,
    "PipelineVersion v not found",
  ],
  [{ display_name: "r", pipeline_version_reference: { pipeline_id: "p" } }, 404, 5, "Pipeline p not found"],
  [{ ...PLAIN, experiment_id: "e" }, 404, 5, "Experiment e not found"],
  [{ ...PLAIN, plugins_output: { mlflow: { state: "PLUGIN_RUNNING" } } }, 409, 10, "plugins_output"],
])("%j is answered %i", async (body, status, code, text) => {
  expect(await client.send("POST", "/runs", body)).toMatchObject({
    status,
    body: { code, details: [{ code, message: expect.stringContaining(text) }] },
  });
});

test("a value outside the literals is told with those that are allowed", async () => {
  const spec = JSON.parse(kfpSpec("l", ["a"], { mode: { parameterType: "STRING", literals: ["fast", "slow"] } }));
  const body = { display_name: "r", pipeline_spec: spec, runtime_config: { parameters: { mode: "odd" } } };
  expect(await client.send("POST", "/runs", body)).toMatchObject({
    status: 400,
    body: {
      details: [
        {
          message: expect.stringMatching(
            /input parameter "mode" value .*odd.* does not match any of the allowed literal values: .*fast.*slow/,
          ),
        },
      ],
    },
  });
});

test("a version of another pipeline is refused, and one key starts one run", async () => {
  const uploads = await Promise.all(
    ["a", "b"].map(async (name) => {
      const { pipeline_id } = await client.ok("POST", "/pipelines", { name });
      const data = new FormData();
      data.append("uploadfile", new File([kfpSpec(name)], "p.json"));
      return client.ok("POST", `/pipelines/upload_version?name=v&pipelineid=${pipeline_id}`, data);
    }),
  );
  const [a, b] = uploads;
  const mixed = { pipeline_id: a?.pipeline_id, pipeline_version_id: b?.pipeline_version_id };
  expect(await client.send("POST", "/runs", { display_name: "r", pipeline_version_reference: mixed })).toMatchObject({
    status: 400,
    body: {
      details: [
        {
          message: `Pipeline version ${b?.pipeline_version_id} belongs to pipeline ${b?.pipeline_id} (not ${a?.pipeline_id})`,
        },
      ],
    },
  });
  const once = { "idempotency-key": "k" };
  const body = { display_name: "r", pipeline_version_reference: { pipeline_id: a?.pipeline_id } };
  const run = await client.ok("POST", "/runs", body, once);
  const data = new FormData();
  data.append("uploadfile", new File([kfpSpec("later")], "p.json"));
  await client.ok("POST", `/pipelines/upload_version?name=v2&pipelineid=${a?.pipeline_id}`, data);
  expect(await client.ok("POST", "/runs", body, once)).toEqual(run);
  expect(await client.send("POST", "/runs", { ...body, display_name: "s" }, once)).toMatchObject({ status: 409 });
});

test("a run of a pipeline goes under the profile that the pipeline names, since a message cannot name one", async () => {
  const { context } = client.services;
  const { pipeline } = await storeUpload(context, { files: [client.services.receive("p.json", kfpSpec("p"))] });
  await saveProfile(context, { name: "gpu" });
  await updatePipeline(context, { id: pipeline.id, profile: "gpu" });
  const message = { display_name: "r", pipeline_version_reference: { pipeline_id: pipeline.id } };
  const { run_id: id } = await client.ok("POST", "/runs", message);
  expect(getRun(context, String(id)).profile).toBe("gpu");
  await removeProfile(context, "gpu");
  const refused = await client.send("POST", "/runs", message);
  expect(JSON.stringify(refused)).toContain("The profile of this pipeline, gpu, is not there any more.");
});

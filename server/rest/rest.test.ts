import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { answerKubeflow } from "./handler";

let services: TestServices;
let isKnown = true;
beforeEach(() => {
  services = testServices();
  isKnown = true;
});
afterEach(() => services.close());

interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: never };
}

async function send(method: string, path: string, body?: unknown): Promise<Answer> {
  const init =
    body === undefined || method === "GET" ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) };
  const request = new Request(`http://localhost/apis/v2beta1${path}`, { method, ...init });
  const response = await answerKubeflow(request, { context: () => services.context, isKnown: () => isKnown });
  expect(response.headers.get("content-type")).toContain("application/json");
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await send(method, path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as { [key: string]: string & never };
};

function form(name: string, content: string): FormData {
  const data = new FormData();
  data.append("uploadfile", new File([content], name, { type: "application/octet-stream" }));
  return data;
}

const YAML =
  "# PIPELINE DEFINITION\ncomponents:\n  comp-a: {executorLabel: exec-a}\ndeploymentSpec:\n  executors:\n    exec-a: {container: {image: alpine, command: ['true']}}\npipelineInfo: {name: two-docs}\nroot: {dag: {tasks: {a: {componentRef: {name: comp-a}, taskInfo: {name: a}}}}}\nschemaVersion: 2.1.0\n---\nplatforms: {kubernetes: {deploymentSpec: {executors: {exec-a: {imagePullPolicy: Always}}}}}\n";
const SPEC = JSON.parse(kfpSpec("inline", ["a"], { n: { parameterType: "NUMBER_INTEGER" } }));

test("healthz is open and says single user; all else wants the token, unknown paths too", async () => {
  isKnown = false;
  expect(await ok("GET", "/healthz")).toMatchObject({ multi_user: false, pipeline_store: "database" });
  for (const path of ["/pipelines", "/runs/x", "/nothing", "/runs/x:terminate"]) {
    expect(await send("GET", path)).toMatchObject({ status: 401, body: { code: 16 } });
  }
});

test("unknown paths are JSON 404, known paths under another method 501", async () => {
  expect(await send("GET", "/recurringruns")).toMatchObject({ status: 404, body: { code: 5, message: "Not Found" } });
  expect(await send("POST", "/runs/x:fly")).toMatchObject({ status: 404, body: { code: 5 } });
  expect(await send("PUT", "/pipelines")).toMatchObject({ status: 501, body: { code: 12 } });
  expect(await send("GET", "/pipelines/%E0%A4%A")).toMatchObject({ status: 404 });
});

test("an upload makes a pipeline and its first version under the file's whole name", async () => {
  const pipeline = await ok("POST", "/pipelines/upload", form("hello-world.yaml", YAML));
  expect(pipeline).toMatchObject({
    name: "hello-world.yaml",
    display_name: "hello-world.yaml",
    created_at: "2026-11-21T10:00:00.000Z",
  });
  const { pipeline_versions: versions, total_size } = await ok("GET", `/pipelines/${pipeline.pipeline_id}/versions`);
  expect(total_size).toBe(1);
  expect(versions).toMatchObject([
    {
      name: "hello-world.yaml",
      pipeline_id: pipeline.pipeline_id,
      pipeline_spec: { pipeline_spec: { schemaVersion: "2.1.0" }, platform_spec: { platforms: { kubernetes: {} } } },
    },
  ]);
});

test("upload errors have their own shape", async () => {
  await ok("POST", "/pipelines/upload?name=p", form("p.yaml", YAML));
  expect(await send("POST", "/pipelines/upload?name=p", form("p.yaml", YAML))).toMatchObject({
    status: 409,
    body: { error_message: expect.stringContaining("The name p already exist(s). Please specify a new name") },
  });
  expect(await send("POST", "/pipelines/upload", form("p.yaml", "a: 1"))).toMatchObject({
    status: 400,
    body: { error_message: expect.stringContaining("Failed to create a pipeline"), error_details: expect.any(String) },
  });
  expect(await send("POST", "/pipelines/upload", new FormData())).toMatchObject({ status: 400 });
  expect(await send("POST", "/pipelines/upload_version?name=v2", form("p.yaml", YAML))).toMatchObject({ status: 400 });
  expect((await ok("GET", "/pipelines")).total_size).toBe(1);
});

test("versions are added, read whatever pipeline the path names, and the newest one wins", async () => {
  const { pipeline_id } = await ok("POST", "/pipelines/upload?name=p", form("p.yaml", YAML));
  services.advance(10);
  const v2 = await ok(
    "POST",
    `/pipelines/upload_version?name=v2&pipelineid=${pipeline_id}`,
    form("p.json", kfpSpec("two")),
  );
  expect(v2).toMatchObject({ pipeline_id, name: "v2", pipeline_spec: { pipelineInfo: { name: "two" } } });
  expect(await ok("GET", `/pipelines/other/versions/${v2.pipeline_version_id}`)).toMatchObject({ name: "v2" });
  const run = await ok("POST", "/runs", { display_name: "r", pipeline_version_reference: { pipeline_id } });
  expect(run.pipeline_version_reference).toEqual({ pipeline_id, pipeline_version_id: v2.pipeline_version_id });
  expect(await send("DELETE", `/pipelines/${pipeline_id}`)).toMatchObject({
    status: 400,
    body: { details: [{ message: expect.stringContaining("Set cascade=true") }] },
  });
  expect(await ok("DELETE", `/pipelines/${pipeline_id}?cascade=True`)).toEqual({});
  expect(await send("GET", `/pipelines/${pipeline_id}`)).toMatchObject({
    status: 404,
    body: { code: 5, message: expect.stringContaining("Failed to get a pipeline: Pipeline"), details: [{ code: 5 }] },
  });
});

test("a run of an inline spec gives the spec back key by key, with only the parameters that were sent", async () => {
  const experiment = await ok("POST", "/experiments", { displayName: "night" });
  const run = await ok("POST", "/runs", {
    display_name: "r1",
    experiment_id: experiment.experiment_id,
    pipeline_spec: SPEC,
    runtime_config: { parameters: { n: 1.0 } },
  });
  expect(run).toEqual({
    run_id: expect.any(String),
    experiment_id: experiment.experiment_id,
    display_name: "r1",
    storage_state: "AVAILABLE",
    state: "PENDING",
    pipeline_spec: SPEC,
    runtime_config: { parameters: { n: 1 } },
    service_account: "pipeline-runner",
    created_at: "2026-11-21T10:00:00.000Z",
    scheduled_at: "2026-11-21T10:00:00.000Z",
    finished_at: "1970-01-01T00:00:00Z",
    state_history: [{ update_time: "2026-11-21T10:00:00.000Z", state: "PENDING" }],
  });
  const again = { display_name: "r2", pipeline_spec: SPEC, runtime_config: { parameters: { n: 2 } } };
  await ok("POST", "/runs", again);
  expect(services.context.db.$client.prepare("select count(*) from version").pluck().get()).toBe(1);
  expect((await ok("GET", `/experiments/${experiment.experiment_id}`)).last_run_created_at).toBe(
    "2026-11-21T10:00:00.000Z",
  );
});

test("an inline spec with its platform document goes round unchanged", async () => {
  const spec = {
    pipeline_spec: JSON.parse(kfpSpec("wrapped")),
    platform_spec: {
      platforms: { kubernetes: { deploymentSpec: { executors: { "exec-a": { imagePullPolicy: "Always" } } } } },
    },
  };
  const run = await ok("POST", "/runs", { display_name: "r", pipeline_spec: spec });
  expect(run.pipeline_spec).toEqual(spec);
});

test.each([
  [{ display_name: "r", pipeline_spec: SPEC }, 400, 3, "pipeline requiring input has no parameter(s) provided"],
  [
    { display_name: "r", pipeline_spec: SPEC, runtime_config: { parameters: { n: "1" } } },
    400,
    3,
    "requires type double or integer",
  ],
  [{ display_name: "r", pipeline_version_reference: { pipeline_version_id: "v" } }, 404, 5, "not found"],
  [
    { display_name: "r", experiment_id: "e", pipeline_spec: SPEC, runtime_config: { parameters: { n: 1 } } },
    404,
    5,
    "Experiment e not found",
  ],
  [{ display_name: "", pipeline_spec: SPEC }, 400, 3, "name"],
  [{ display_name: "r" }, 400, 3, "pipeline spec"],
  [
    { display_name: "r", run_id: "../x", pipeline_spec: SPEC, runtime_config: { parameters: { n: 1 } } },
    400,
    3,
    "run id",
  ],
  [{ display_name: "r", pipeline_spec: { a: 1 } }, 400, 3, ""],
])("the run %j is refused", async (body, status, code, text) => {
  expect(await send("POST", "/runs", body)).toMatchObject({
    status,
    body: {
      code,
      message: expect.stringContaining("Failed to create a run"),
      details: [{ message: expect.stringContaining(text) }],
    },
  });
});

test("terminate asks for the end, shows FAILED once it came, and is no error afterwards", async () => {
  const { run_id } = await ok("POST", "/runs", { display_name: "r", pipeline_spec: JSON.parse(kfpSpec("p")) });
  expect(await ok("POST", `/runs/${run_id}:terminate`)).toEqual({});
  services.context.db.$client
    .prepare("update run set state = 'canceled', started_at = created_at, finished_at = created_at + 5")
    .run();
  const run = await ok("GET", `/runs/${run_id}`);
  expect(run).toMatchObject({ state: "FAILED", error: { message: "terminated by user" } });
  expect((run.state_history as unknown as { state: string }[]).map(({ state }) => state)).toEqual([
    "PENDING",
    "RUNNING",
    "FAILED",
  ]);
  expect(await ok("POST", `/runs/${run_id}:terminate`)).toEqual({});
  expect(await send("POST", "/runs/nobody:terminate")).toMatchObject({ status: 404 });
});

test("tasks of a run are told with their states and children", async () => {
  const { run_id } = await ok("POST", "/runs", { display_name: "r", pipeline_spec: JSON.parse(kfpSpec("p")) });
  services.context.db.$client.exec(
    `insert into task (run_key, parent_key, path, step_path, name, kind, state, created_at, started_at, finished_at)
     values (1, null, 'g', 'g', 'group', 'dag', 'running', 5, 6, null), (1, 1, 'g/a', 'g/a', 'a', 'container', 'cached', 5, 6, 7)`,
  );
  expect(await ok("GET", `/runs/${run_id}`)).toMatchObject({
    run_details: {
      task_details: [
        { task_id: "1", display_name: "group", state: "RUNNING", child_tasks: [{ task_id: "2" }] },
        { task_id: "2", parent_task_id: "1", state: "SKIPPED", end_time: "1970-01-01T00:00:00.007Z" },
      ],
    },
  });
});

const filter = (...predicates: unknown[]) => `filter=${encodeURIComponent(JSON.stringify({ predicates }))}`;

test("the SDK's filter, sizes, orders and tokens", async () => {
  for (const name of ["b", "a", "c", "a b"]) {
    services.advance(1000);
    await ok("POST", "/experiments", { display_name: name });
  }
  const names = async (query: string) =>
    ((await ok("GET", `/experiments?${query}`)).experiments as unknown as { display_name: string }[] | undefined)?.map(
      ({ display_name }) => display_name,
    );
  expect(await names(filter({ operation: 1, key: "display_name", stringValue: "a" }))).toEqual(["a"]);
  expect(await names(filter({ operation: "IS_SUBSTRING", key: "name", string_value: "a" }))).toEqual([
    "Default",
    "a",
    "a b",
  ]);
  expect(await names(filter({ operation: "IN", key: "name", string_values: { values: ["a", "c"] } }))).toEqual([
    "a",
    "c",
  ]);
  expect(await names(filter({ operation: "LESS_THAN", key: "created_at", string_value: "1795255202" }))).toEqual([
    "Default",
    "b",
  ]);
  expect(await names(filter({ operation: "NOT_EQUALS", key: "storage_state", string_value: "ARCHIVED" }))).toHaveLength(
    5,
  );
  expect(await names(filter({ operation: "EQUALS", key: "storage_state", string_value: "ARCHIVED" }))).toBeUndefined();
  expect(
    await names(
      `filter=${encodeURIComponent(encodeURIComponent('{"predicates":[{"operation":"EQUALS","key":"name","string_value":"a b"}]}'))}`,
    ),
  ).toEqual(["a b"]);
  expect(await names("namespace=&page_token=&sort_by=&filter=")).toHaveLength(5);
  const first = await ok("GET", "/experiments?page_size=2&sort_by=created_at+desc");
  expect(first).toMatchObject({ total_size: 5, experiments: [{ display_name: "a b" }, { display_name: "c" }] });
  const second = await ok("GET", `/experiments?page_size=9&page_token=${first.next_page_token}`);
  expect(second).toMatchObject({
    experiments: [{ display_name: "a" }, { display_name: "b" }, { display_name: "Default" }],
  });
  expect(second.next_page_token).toBeUndefined();
});

test.each([
  ["/experiments?page_size=-1", "The page size should be greater than 0. Got -1"],
  ["/experiments?page_token=abc", "Invalid page token"],
  ["/experiments?sort_by=nothing", 'Invalid sorting field: "nothing" on listable type Experiment'],
  ["/runs?sort_by=created_at%20sideways", "Received invalid sort by format"],
  ["/runs?sort_by=id;drop%20table%20run", "Received invalid sort by format"],
  ["/runs?filter={", "failed to parse valid filter"],
  [
    `/runs?${filter({ operation: 1, key: "x'; --", stringValue: "a" })}`,
    "no support for filtering on unrecognized field",
  ],
  [
    `/runs?${filter({ operation: 1, key: "__proto__", stringValue: "a" })}`,
    "no support for filtering on unrecognized field",
  ],
  [
    `/runs?${filter({ operation: 8, key: "name", stringValue: "a" })}`,
    "cannot use IN operator with scalar type string",
  ],
  [`/runs?${filter({ operation: 4, key: "name", stringValue: "a" })}`, "operation"],
  [`/runs?${filter({ operation: 1, key: "name" })}`, "exactly one value"],
])("%s is refused in Kubeflow's words", async (path, text) => {
  expect(await send("GET", path)).toMatchObject({
    status: 400,
    body: { code: 3, details: [{ message: expect.stringContaining(text) }] },
  });
});

test("a token of one list or question is refused by another", async () => {
  for (const name of ["a", "b"]) await ok("POST", "/experiments", { display_name: name });
  const { next_page_token: token } = await ok("GET", "/experiments?page_size=1");
  expect(await send("GET", `/experiments?page_token=${token}&sort_by=name`)).toMatchObject({ status: 400 });
  expect(await send("GET", `/runs?page_token=${token}`)).toMatchObject({ status: 400 });
});

test("archive and unarchive keep Kubeflow's rules", async () => {
  const { experiment_id } = await ok("POST", "/experiments", { display_name: "e" });
  const { run_id } = await ok("POST", "/runs", {
    display_name: "r",
    experiment_id,
    pipeline_spec: JSON.parse(kfpSpec("p")),
  });
  await ok("POST", `/experiments/${experiment_id}:archive`);
  expect(await ok("GET", `/runs/${run_id}`)).toMatchObject({ storage_state: "ARCHIVED" });
  expect(await send("POST", `/runs/${run_id}:unarchive`)).toMatchObject({ status: 400, body: { code: 9 } });
  await ok("POST", `/experiments/${experiment_id}:unarchive`);
  expect(await ok("GET", `/runs/${run_id}`)).toMatchObject({ storage_state: "ARCHIVED" });
  await ok("POST", `/runs/${run_id}:unarchive`);
  expect(await ok("GET", `/runs?experiment_id=${experiment_id}`)).toMatchObject({
    total_size: 1,
    runs: [{ storage_state: "AVAILABLE" }],
  });
  expect(await send("GET", "/runs?experiment_id=nobody")).toMatchObject({ status: 404 });
  const { experiments } = await ok(
    "GET",
    `/experiments?${filter({ operation: 1, key: "name", stringValue: "Default" })}`,
  );
  const [standard] = experiments as unknown as { experiment_id: string }[];
  expect(await send("DELETE", `/experiments/${standard?.experiment_id}`)).toMatchObject({
    status: 409,
    body: { code: 10 },
  });
});

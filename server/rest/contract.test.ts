/** Every operation of the table answers in the shape of its message; what deviates from a shape is noticed. */
import { expect, test } from "vitest";
import { ANSWERS } from "./messages";
import { ROUTES } from "./routes";
import { form, items, numberSpec, plainSpec, TWO_DOCUMENTS, testClient } from "./testing/client";
import { answerProblems } from "./testing/contract";

test("each deviation is found, with its place", () => {
  const run = {
    experiment_id: "e",
    run_id: "r",
    display_name: "n",
    storage_state: "AVAILABLE",
    service_account: "s",
    created_at: "2026-11-21T10:00:00Z",
    scheduled_at: "2026-11-21T10:00:00.5Z",
    finished_at: "1970-01-01T00:00:00Z",
    state: "PENDING",
    state_history: [{ update_time: "2026-11-21T10:00:00Z", state: "PENDING" }],
  };
  const found = (change: object) => answerProblems("GET", "/runs/r", { ...run, ...change });
  expect(found({})).toEqual([]);
  expect(found({ invented: 1 })).toEqual(["Run.invented is no field of Run"]);
  expect(found({ state: "pending" })).toEqual(["Run.state is no word of its enumeration"]);
  expect(found({ finished_at: undefined })).toContain("Run.finished_at is missing");
  expect(found({ created_at: "2026-11-21 10:00" })).toHaveLength(1);
  expect(found({ description: "" })).toEqual(["Run.description is sent though it is unset"]);
  expect(found({ display_name: 5 })).toHaveLength(1);
  expect(found({ run_details: { pipeline_context_id: 5 } })).toHaveLength(1);
  expect(found({ state_history: [{ state: "PENDING" }] })).toEqual(["Run.state_history[0].update_time is missing"]);
  expect(answerProblems("DELETE", "/runs/r", { done: true })).toHaveLength(1);
});

/** What answers with no message at all: an import that is off, and the bytes of nodes. */
const WITHOUT_MESSAGE = new Set([
  "POST /pipelines/create",
  "POST /pipelines/{pipeline_id}/versions",
  "GET /runs/{run_id}/nodes/{node_id}/artifacts/{name}:read",
  "GET /runs/{run_id}/nodes/{node_id}/log",
]);

test("a scenario through every operation holds to the contract", async () => {
  const client = testClient();
  const { ok } = client;
  const { $client: sql } = client.services.context.db;
  try {
    await ok("GET", "/healthz");
    const { pipeline_id } = await ok(
      "POST",
      "/pipelines/upload?name=p&tags=%7B%22a%22%3A%22b%22%7D",
      form("p.yaml", TWO_DOCUMENTS),
    );
    const upload = `/pipelines/upload_version?name=v&pipelineid=${pipeline_id}&description=d&code_source_url=https://x.example`;
    const { pipeline_version_id } = await ok("POST", upload, form("p.yaml", TWO_DOCUMENTS));
    const empty = await ok("POST", "/pipelines", { name: "empty", description: "none yet" });
    await ok("GET", "/pipelines?page_size=1");
    await ok("GET", "/pipelines/names/p");
    await ok("PATCH", `/pipelines/${pipeline_id}`, { display_name: "P" });
    await ok("GET", `/pipelines/${pipeline_id}`);
    const version = `/pipelines/${pipeline_id}/versions/${pipeline_version_id}`;
    await ok("PATCH", version, { tags: { c: "d" } });
    await ok("GET", version);
    await ok("GET", `/pipelines/${pipeline_id}/versions?page_size=1`);

    const { experiment_id } = await ok("POST", "/experiments", { display_name: "e", description: "d" });
    const config = { parameters: { n: 1 }, pipeline_root: "s3://x" };
    const inline = { display_name: "inline", description: "d", pipeline_spec: numberSpec(), runtime_config: config };
    const plugins = { plugins_input: { mlflow: { experiment_name: "x" } } };
    const { run_id } = await ok("POST", "/runs", { ...inline, ...plugins, experiment_id });
    const reference = { display_name: "by version", pipeline_version_reference: { pipeline_id, pipeline_version_id } };
    // The platform document asks for nothing that a process lacks.
    await ok("POST", "/runs", { ...reference, experiment_id });
    await ok("GET", "/experiments?page_size=1");
    await ok("GET", `/experiments/${experiment_id}`);
    const failed = `'{"code":"exit","message":"It exited with 1."}'`;
    sql.exec(
      `insert into task (run_key, path, step_path, name, kind, state, reason, created_at, started_at, finished_at)
         values (1, 'a', 'a', 'a', 'container', 'failed', ${failed}, 5, 6, 7);
       update run set state = 'failed', reason = ${failed}, started_at = created_at, finished_at = created_at where key = 1`,
    );
    await ok("GET", `/runs/${run_id}`);
    await ok("POST", `/runs/${run_id}:retry`);
    sql.exec("update run set state = 'running', finished_at = null, retry_requested_at = null where key = 1");
    await ok("GET", `/runs/${run_id}`);
    await ok("POST", `/runs/${run_id}:terminate`);
    await ok("GET", `/runs/${run_id}`);
    sql.exec("update run set state = 'canceled', finished_at = created_at where key = 1");
    await ok("GET", "/runs?page_size=1");
    await ok("POST", `/runs/${run_id}:archive`);
    await ok("GET", "/runs");
    await ok("POST", `/runs/${run_id}:unarchive`);
    await ok("POST", `/experiments/${experiment_id}:archive`);
    await ok("GET", `/experiments/${experiment_id}`);
    await ok("POST", `/experiments/${experiment_id}:unarchive`);

    if (ROUTES.some(({ path }) => path === "/recurringruns")) {
      const schedule = { display_name: "s", max_concurrency: "1", mode: "ENABLE", pipeline_spec: plainSpec() };
      const trigger = { periodic_schedule: { interval_second: "60" } };
      const recurring = await ok("POST", "/recurringruns", { ...schedule, trigger, experiment_id });
      await ok("POST", "/recurringruns", { ...schedule, trigger: { cron_schedule: { cron: "0 0 2 * * ?" } } });
      const path = `/recurringruns/${recurring.recurring_run_id}`;
      await ok("GET", path);
      await ok("POST", `${path}:disable`);
      await ok("POST", `${path}:enable`);
      await ok("GET", "/recurringruns?page_size=1");
      await ok("DELETE", path);
    }

    await ok("DELETE", `/runs/${run_id}`);
    await ok("DELETE", `/experiments/${experiment_id}`);
    await ok("DELETE", version);
    await ok("DELETE", `/pipelines/${pipeline_id}?cascade=true`);
    await ok("DELETE", `/pipelines/${empty.pipeline_id}`);
    expect(items((await ok("GET", "/pipelines")).pipelines)).toEqual([]);
    const operations = ROUTES.map(({ method, path }) => `${method} ${path}`);
    const expected = operations.filter((operation) => !WITHOUT_MESSAGE.has(operation));
    expect([...client.asked].sort()).toEqual(expected.sort());
    const served = Object.keys(ANSWERS).filter((operation) => operations.includes(operation));
    console.log(
      `contract: ${client.asked.size} of ${operations.length} operations asked, ${served.length} messages known`,
    );
  } finally {
    client.close();
  }
});

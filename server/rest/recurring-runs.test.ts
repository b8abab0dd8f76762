import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { owner } from "@/server/auth/identity";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { answerKubeflow } from "./handler";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

type Body = { [key: string]: never };

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const init = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) };
  const request = new Request(`http://localhost/apis/v2beta1${path}`, { method, ...init });
  const response = await answerKubeflow(request, { context: () => services.context, identity: owner("bearer") });
  return { status: response.status, body: (await response.json()) as Body };
}

async function ok(method: string, path: string, body?: unknown): Promise<{ [key: string]: string & never }> {
  const answer = await send(method, path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

const rowsOf = (list: unknown) => (list ?? []) as { readonly [key: string]: string }[];

async function refused(body: unknown, words: string, status = 400): Promise<void> {
  const answer = await send("POST", "/recurringruns", body);
  expect(answer).toMatchObject({ status, body: { details: [{ message: expect.stringContaining(words) }] } });
  expect(await ok("GET", "/recurringruns")).toEqual({});
}

const PARAMETERS = {
  n: { parameterType: "NUMBER_INTEGER", isOptional: true },
  s: { parameterType: "STRING", isOptional: true },
};
const SPEC = JSON.parse(kfpSpec("inline", ["a"], PARAMETERS));
const EVERY_MINUTE = { periodic_schedule: { interval_second: "60" } };
const given = (more: object = {}) => ({
  display_name: "nightly",
  pipeline_spec: SPEC,
  max_concurrency: "1",
  mode: "ENABLE",
  trigger: EVERY_MINUTE,
  ...more,
});

async function uploaded(name: string): Promise<{ pipeline_id: string; pipeline_version_id: string }> {
  const form = new FormData();
  form.append("uploadfile", new File([kfpSpec(name, ["a"], PARAMETERS)], `${name}.json`));
  const { pipeline_id = "" } = await ok("POST", `/pipelines/upload?name=${name}`, form);
  const { pipeline_versions } = await ok("GET", `/pipelines/${pipeline_id}/versions`);
  return { pipeline_id, pipeline_version_id: rowsOf(pipeline_versions)[0]?.pipeline_version_id ?? "" };
}

describe("a recurring run over the Kubeflow API", () => {
  test("is told as Kubeflow tells it, with whole numbers as texts and both words for its switch", async () => {
    const made = await ok("POST", "/recurringruns", {
      ...given(),
      description: "each minute",
      no_catchup: true,
      service_account: "me",
      runtime_config: { parameters: { n: 1, s: "[[ScheduledTime]]" }, pipeline_root: "gs://x" },
      trigger: {
        periodic_schedule: {
          start_time: "2026-11-21T09:00:00.7+01:00",
          end_time: "2026-12-01T00:00:00Z",
          interval_second: 90,
        },
      },
      plugins_input: { mlflow: { experiment_name: "e" } },
    });
    const { experiments } = await ok("GET", "/experiments");
    expect(made).toEqual({
      recurring_run_id: expect.any(String),
      display_name: "nightly",
      description: "each minute",
      pipeline_spec: SPEC,
      runtime_config: { parameters: { n: 1, s: "[[ScheduledTime]]" }, pipeline_root: "gs://x" },
      service_account: "me",
      max_concurrency: "1",
      mode: "ENABLE",
      status: "ENABLED",
      created_at: "2026-11-21T10:00:00.000Z",
      updated_at: "2026-11-21T10:00:00.000Z",
      no_catchup: true,
      namespace: "kubeflow",
      experiment_id: rowsOf(experiments)[0]?.experiment_id,
      plugins_input: { mlflow: { experiment_name: "e" } },
      trigger: {
        periodic_schedule: {
          start_time: "2026-11-21T08:00:00.000Z",
          end_time: "2026-12-01T00:00:00.000Z",
          interval_second: "90",
        },
      },
    });
    expect(await ok("GET", `/recurringruns/${made.recurring_run_id}`)).toEqual(made);
    expect(await ok("GET", "/recurringruns")).toEqual({ recurringRuns: [made], total_size: 1 });
  });

  test("reads a cron of five fields seconds first and gives six back", async () => {
    for (const [cron, stored] of [
      ["*/5 * * * *", "*/5 * * * * *"],
      ["0 0 2 * * ?", "0 0 2 * * ?"],
      ["@daily", "0 0 0 * * *"],
      ["@every 1h30m", "@every 1h30m"],
    ]) {
      const made = await ok("POST", "/recurringruns", given({ trigger: { cronSchedule: { cron } } }));
      expect(made.trigger).toEqual({ cron_schedule: { cron: stored } });
    }
  });

  test("without a trigger is a one-off; without a mode it is disabled; numbers stand for words", async () => {
    const { trigger: _, mode: __, ...rest } = given();
    const made = await ok("POST", "/recurringruns", rest);
    expect(made).toMatchObject({ trigger: {}, mode: "DISABLE", status: "DISABLED" });
    expect(await ok("POST", "/recurringruns", given({ mode: 1 }))).toMatchObject({ mode: "ENABLE" });
    expect(await ok("POST", "/recurringruns", given({ mode: 2 }))).toMatchObject({ mode: "DISABLE" });
  });

  test("pins a version, or follows the latest one of a pipeline", async () => {
    const ids = await uploaded("p");
    const pinned = await ok(
      "POST",
      "/recurringruns",
      given({ pipeline_spec: undefined, pipeline_version_reference: ids }),
    );
    expect(pinned.pipeline_version_reference).toEqual(ids);
    const { pipeline_id } = ids;
    const latest = given({ pipeline_spec: undefined, pipeline_version_reference: { pipeline_id } });
    expect((await ok("POST", "/recurringruns", latest)).pipeline_version_reference).toEqual({ pipeline_id });
    await ok("DELETE", `/pipelines/${pipeline_id}?cascade=true`);
    const { recurringRuns } = await ok("GET", "/recurringruns?sort_by=created_at asc");
    expect(recurringRuns).toMatchObject([
      { pipeline_version_reference: ids },
      { pipeline_version_reference: { pipeline_id } },
    ]);
  });

  test("is refused with Kubeflow's words, and nothing is stored", async () => {
    const cap = "Max concurrency of a recurring run must be at least 1 and at most 10. Received";
    await refused(given({ max_concurrency: undefined }), `${cap} 0`);
    await refused(given({ max_concurrency: "11" }), `${cap} 11`);
    await refused(given({ max_concurrency: "many" }), "invalid value for int64 field max_concurrency");
    const both = { ...EVERY_MINUTE, cron_schedule: { cron: "* * * * * *" } };
    await refused(given({ trigger: both }), "either cron_schedule or periodic_schedule");
    const site = "Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: ";
    const cron = (text: string) => given({ trigger: { cron_schedule: { cron: text } } });
    await refused(cron("bad"), `${site}Expected 5 to 6 fields, found 1: bad`);
    await refused(cron("0 0 0 * * 7"), `${site}End of range (7) above maximum (6): 7`);
    await refused(cron("0 0 0 L * *"), `${site}Failed to parse int from L`);
    await refused(cron(""), `${site}Empty spec string`);
    await refused(given({ trigger: { periodic_schedule: {} } }), "Found invalid period schedule interval 0");
    await refused(
      given({ trigger: { periodic_schedule: { interval_second: -5 } } }),
      "invalid period schedule interval -5",
    );
    await refused(given({ mode: "MAYBE" }), "invalid value for enum field mode");
    await refused(given({ no_catchup: "yes" }), "invalid value for bool field no_catchup");
    await refused(given({ display_name: "" }), "display_name");
    await refused(given({ pipeline_spec: undefined }), "Failed to fetch a pipeline spec");
    await refused(given({ pipeline_version_reference: { pipeline_id: "p" } }), "not both");
    await refused(
      given({ runtime_config: { parameters: { n: "1" } } }),
      "input parameter n requires type double or integer",
    );
    await refused(given({ runtime_config: { parameters: { x: 1 } } }), "not required by pipeline: x");
    await refused(given({ experiment_id: "nobody" }), "Experiment nobody not found", 404);
    const unknown = { pipeline_spec: undefined, pipeline_version_reference: { pipeline_version_id: "v" } };
    await refused(given(unknown), "not found", 404);
    const plugins = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`p${at}`, {}]));
    await refused(given({ plugins_input: plugins }), "at most 16 are taken");
    await refused(given({ plugins_input: { p: { big: "x".repeat(65_536) } } }), "more than 64 KiB");
    const times = { start_time: "2026-11-22T00:00:00Z", end_time: "2026-11-21T00:00:00Z", interval_second: 60 };
    await refused(given({ trigger: { periodic_schedule: times } }), "end is not after the start");
  });

  test("is switched without a trace when nothing changes, and is gone once it is deleted", async () => {
    const { recurring_run_id: id } = await ok("POST", "/recurringruns", given());
    services.advance(5_000);
    expect(await ok("POST", `/recurringruns/${id}:enable`)).toEqual({});
    expect(await ok("GET", `/recurringruns/${id}`)).toMatchObject({ updated_at: "2026-11-21T10:00:00.000Z" });
    await ok("POST", `/recurringruns/${id}:disable`);
    const disabled = { mode: "DISABLE", status: "DISABLED", updated_at: "2026-11-21T10:00:05.000Z" };
    expect(await ok("GET", `/recurringruns/${id}`)).toMatchObject(disabled);
    expect(await send("DELETE", `/recurringruns/${id}?propagation_policy=SOMETIMES`)).toMatchObject({ status: 400 });
    expect(await ok("DELETE", `/recurringruns/${id}?propagation_policy=ORPHAN`)).toEqual({});
    for (const [method, path] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", ":enable"],
      ["POST", ":disable"],
    ] as const) {
      const missing = { status: 404, body: { code: 5, details: [{ message: `Job ${id} not found` }] } };
      expect(await send(method, `/recurringruns/${id}${path}`)).toMatchObject(missing);
    }
  });

  test("is listed by experiment, filter and order, a page at a time", async () => {
    const { experiment_id } = await ok("POST", "/experiments", { display_name: "e" });
    for (const name of ["a", "b", "c"]) {
      await ok("POST", "/recurringruns", given({ display_name: name, ...(name !== "a" && { experiment_id }) }));
      services.advance(1_000);
    }
    const names = async (query: string) =>
      rowsOf((await ok("GET", `/recurringruns${query}`)).recurringRuns).map((one) => one.display_name);
    expect(await names("")).toEqual(["a", "b", "c"]);
    expect(await names("?sort_by=display_name+desc")).toEqual(["c", "b", "a"]);
    expect(await names(`?experiment_id=${experiment_id}`)).toEqual(["b", "c"]);
    const filter = (key: string, value: object) =>
      `?filter=${encodeURIComponent(JSON.stringify({ predicates: [{ operation: "EQUALS", key, ...value }] }))}`;
    expect(await names(filter("display_name", { string_value: "b" }))).toEqual(["b"]);
    expect(await names(filter("updated_at", { timestamp_value: "2026-11-21T10:00:02Z" }))).toEqual(["c"]);
    expect(await send("GET", `/recurringruns${filter("status", { string_value: "x" })}`)).toMatchObject({
      status: 400,
    });
    expect(await send("GET", "/recurringruns?experiment_id=nobody")).toMatchObject({ status: 404 });
    const first = await ok("GET", "/recurringruns?page_size=2");
    expect(first.total_size).toBe(3);
    expect(await names(`?page_size=2&page_token=${first.next_page_token}`)).toEqual(["c"]);
  });

  test("is disabled when its experiment is archived, and stays so when that is unarchived", async () => {
    const { experiment_id } = await ok("POST", "/experiments", { display_name: "e" });
    const { recurring_run_id: id } = await ok("POST", "/recurringruns", given({ experiment_id }));
    await ok("POST", `/experiments/${experiment_id}:archive`);
    expect(await ok("GET", `/recurringruns/${id}`)).toMatchObject({ status: "DISABLED" });
    await ok("POST", `/experiments/${experiment_id}:unarchive`);
    expect(await ok("GET", `/recurringruns/${id}`)).toMatchObject({ status: "DISABLED" });
  });
});

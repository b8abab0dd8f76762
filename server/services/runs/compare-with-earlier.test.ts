/** What the earlier runs of a pipeline tell of one of them. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { compareWithEarlier } from "./compare-with-earlier";
import { startRun } from "./start-run";

let services: TestServices;
let versionId: string;

const upload = async (name: string) => {
  const parameters = { lr: { parameterType: "NUMBER_DOUBLE", defaultValue: 0.01 } };
  const file = services.receive(`${name}.json`, kfpSpec(name, ["a"], parameters));
  return (await storeUpload(services.context, { files: [file] })).version.id;
};

beforeEach(async () => {
  services = testServices();
  versionId = await upload("churn");
});
afterEach(() => services.close());

async function runThat(
  name: string,
  state: string,
  options: { tookMs?: number; parameters?: { [name: string]: JsonValue }; version?: string } = {},
): Promise<string> {
  services.advance(1000);
  const { tookMs = 10, parameters = {}, version = versionId } = options;
  const { id } = await startRun(services.context, { versionId: version, name, parameters });
  const sql = services.context.db.$client;
  sql.prepare("update run set state = ?, started_at = 0, finished_at = ? where id = ?").run(state, tookMs, id);
  const add = sql.prepare(
    `insert into task (run_key, path, step_path, name, kind, state, created_at, started_at, finished_at)
     values ((select key from run where id = ?), ?, ?, 's', 'container', ?, 0, 0, ?)`,
  );
  add.run(id, "fit", "fit", state, tookMs);
  add.run(id, "each/[0]/inner", "each/inner", state, 999);
  return id;
}

const about = (id: string) => compareWithEarlier(services.context, id);

test("tells the last good run with what is different, and how many failed since", async () => {
  await runThat("older", "succeeded", { tookMs: 20 });
  await runThat("good", "succeeded", { tookMs: 40 });
  await runThat("bad", "failed", { tookMs: 7000 });
  await runThat("stopped", "canceled");
  await runThat("of another", "succeeded", { version: await upload("other") });
  const id = await runThat("now", "failed", { parameters: { lr: 0.1 } });
  await runThat("later", "succeeded", { tookMs: 1 });
  expect(about(id)).toEqual({
    lastGood: {
      run: { id: expect.any(String), name: "good" },
      differences: [{ what: "parameter", name: "lr", from: 0.01, to: 0.1 }],
    },
    failedBefore: 1,
    expectedMs: 40,
    expectedStepMs: { fit: 40 },
  });
});

test("a first run has nothing to be held against", async () => {
  const id = await runThat("first", "failed");
  expect(about(id)).toEqual({ lastGood: null, failedBefore: 0, expectedMs: null, expectedStepMs: {} });
  const second = await runThat("second", "failed");
  expect(about(second)).toMatchObject({ lastGood: null, failedBefore: 1 });
});

test("a run that is not there is not found", () => {
  expect(() => about("nope")).toThrow(/not found/);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { owner } from "@/server/auth/identity";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { createCaller } from "./caller";
import { answerTrpc } from "./handler";
import { appRouter } from "./root";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const user = owner("bearer");
const procedures = Object.keys(appRouter._def.procedures);
const isQuery = (path: string) =>
  (appRouter._def.procedures as unknown as { [path: string]: { _def: { type: string } } })[path]?._def.type === "query";

function ask(path: string, input: unknown, identity: typeof user | null = user): Promise<Response> {
  const url = `http://localhost/api/trpc/${path}`;
  const request = isQuery(path)
    ? new Request(`${url}?input=${encodeURIComponent(JSON.stringify(input ?? {}))}`)
    : new Request(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input ?? {}),
      });
  return answerTrpc(request, { services: services.context, identity });
}

const errorOf = async (response: Response) => ({ status: response.status, ...(await response.json()).error });

test.each(procedures)("%s is closed without a credential", async (path) => {
  const { status, data } = await errorOf(await ask(path, undefined, null));
  expect([status, data.problem.code]).toEqual([401, "unauthenticated"]);
});

test("our errors keep code, status and problems; nothing says where in the code they arose", async () => {
  const missing = await errorOf(await ask("runs.get", { id: "nobody" }));
  expect(missing).toMatchObject({ status: 404, data: { problem: { code: "not-found", problems: [] } } });
  expect(JSON.stringify(missing)).not.toMatch(/stack|\.ts:/);
  const upload = await storeUpload(services.context, {
    files: [services.receive("p.json", kfpSpec("p", ["a"], { n: { parameterType: "NUMBER_INTEGER" } }))],
  });
  expect(
    await errorOf(await ask("runs.create", { versionId: upload.version.id, parameters: { n: "1" } })),
  ).toMatchObject({
    status: 400,
    data: { problem: { code: "invalid", problems: [{ place: "parameters.n", rule: "parameter-type" }] } },
  });
});

test("a wrong input names its field", async () => {
  expect(await errorOf(await ask("runs.list", { limit: 1000 }))).toMatchObject({
    status: 400,
    data: { problem: { code: "invalid", problems: [{ place: "limit", rule: "invalid-input" }] } },
  });
});

test("an error of the server itself says nothing of what it was", async () => {
  services.context.db.$client.exec("drop table profile");
  services.context.db.$client.exec("drop table heartbeat");
  const error = await errorOf(await ask("system.status", undefined));
  expect(error).toMatchObject({ status: 500, message: "Internal error", data: { problem: null } });
  expect(JSON.stringify(error)).not.toContain("heartbeat");
});

const HOSTILE = [
  "../../etc/passwd",
  "..%2f",
  "a/b",
  "a\0b",
  "'; drop table run; --",
  "1 or 1=1",
  "",
  "x".repeat(65),
  "𝕏",
  ".",
  "-a",
];

test.each(HOSTILE)("the id %j is refused before anything is looked up", async (id) => {
  for (const path of ["runs.get", "pipelines.get", "experiments.get", "runs.cancel"]) {
    expect((await ask(path, { id })).status).toBe(400);
  }
});

test.each(["created; drop table run", "(select 1)", "name collate", "__proto__", "key"])(
  "the order %j is refused",
  async (sort) => {
    for (const path of ["runs.list", "pipelines.list"]) expect((await ask(path, { sort })).status).toBe(400);
  },
);

test("texts that look like SQL are only looked for", async () => {
  for (const search of ["' or 1=1 --", "%", "_", "\\", "a' union select * from setting --"]) {
    for (const path of ["runs.list", "pipelines.list", "experiments.list"]) {
      const response = await ask(path, { search });
      expect([response.status, (await response.json()).result.data.items]).toEqual([200, []]);
    }
  }
});

test("pipelines, versions and experiments are read back as they were stored", async () => {
  const caller = createCaller({ services: services.context, identity: user });
  const first = await storeUpload(services.context, { files: [services.receive("p.json", kfpSpec("p"))] });
  services.advance(1000);
  const second = await storeUpload(services.context, { files: [services.receive("p.json", kfpSpec("p", ["a", "b"]))] });
  const run = await caller.runs.create({ versionId: first.version.id });
  const { id } = first.pipeline;
  expect(await caller.pipelines.list({})).toMatchObject({
    total: 1,
    items: [{ id, versionCount: 2, latestVersion: { number: 2, stepCount: 2 }, lastRun: { id: run.id }, runCount: 1 }],
  });
  expect((await caller.pipelines.versions({ id })).items.map((version) => version.number)).toEqual([2, 1]);
  expect(await caller.pipelines.version({ id })).toMatchObject({
    id: second.version.id,
    pipeline: { id },
    refusals: [],
  });
  expect(await caller.pipelines.specText({ versionId: first.version.id })).toMatchObject({ file: "p.json" });
  expect(await caller.pipelines.update({ id, name: "q", tags: { team: "a" } })).toMatchObject({
    name: "q",
    tags: { team: "a" },
  });
  await caller.pipelines.delete({ id });
  expect((await caller.pipelines.list({})).total).toBe(0);
  await expect(caller.runs.create({ versionId: first.version.id })).rejects.toThrow(/not found/);
  expect(await caller.runs.get({ id: run.id })).toMatchObject({ version: { number: 1 } });
  await caller.pipelines.restore({ id });
  expect((await caller.pipelines.get({ id })).name).toBe("q");
  expect(await caller.experiments.list({})).toMatchObject({ items: [{ name: "Default", runCounts: { pending: 1 } }] });
  expect(await caller.system.status()).toMatchObject({ engine: { alive: false }, slots: { used: 0, total: 2 } });
});

test("one damaged row stops no list, and a damaged version says so", async () => {
  const caller = createCaller({ services: services.context, identity: user });
  const { version, pipeline } = await storeUpload(services.context, {
    files: [services.receive("p.json", kfpSpec("p"))],
  });
  const run = await caller.runs.create({ versionId: version.id });
  await caller.runs.create({ versionId: version.id });
  const sql = services.context.db.$client;
  sql.prepare("update run set reason = '{', task_counts = 'x' where id = ?").run(run.id);
  sql.exec("update run_parameter set value = '{'; update event set data = '{'");
  expect(await caller.runs.list({})).toMatchObject({ total: 2, items: [{}, {}] });
  expect(await caller.runs.get({ id: run.id })).toMatchObject({ reason: null, taskCounts: {} });
  for (const graph of ["{", "null", "[]", '{"steps": 3}', '{"format":"kfp","steps":[{"path":"a"}]}']) {
    sql.prepare("update version_spec set graph = ?, problems = '{', missing = '['").run(graph);
    expect((await ask("pipelines.version", { id: pipeline.id })).status).toBe(409);
  }
  expect((await ask("pipelines.list", {})).status).toBe(200);
});

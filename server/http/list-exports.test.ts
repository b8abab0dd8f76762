import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRun } from "@/server/services/runs/start-run";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { type TestWeb, testWeb } from "@/server/web/testing";

/** More than two pages of a file. */
const COUNT = 1_203;

let web: TestWeb;
beforeAll(async () => {
  web = await testWeb();
  const { context, receive } = web.services;
  const { version } = await storeUpload(context, { files: [receive("p.json", kfpSpec("p"))] });
  const run = await startRun(context, { versionId: version.id, name: "=made" });
  const sql = context.db.$client;
  const runKey = sql.prepare("select key from run where id = ?").pluck().get(run.id);
  const addTask = sql.prepare(
    `insert into task (run_key, path, step_path, name, kind, state, attempt, created_at, started_at, finished_at)
     values (?, ?, 'fit', 'fit', 'container', ?, 1, 1000, ?, ?)`,
  );
  const addArtifact = sql.prepare(
    `insert into artifact (run_key, task_key, name, type, uri, size, metadata, created_at)
     values (?, ?, ?, 'system.Model', 'file:///m', ?, '{}', 1000)`,
  );
  sql.transaction(() => {
    for (let at = 0; at < COUNT; at += 1) {
      const isOver = at % 3 !== 0;
      const times = isOver ? [2_000, 3_500 + at] : [null, null];
      const task = addTask.run(runKey, `fit/[${at}]`, isOver ? "succeeded" : "pending", ...times);
      addArtifact.run(runKey, task.lastInsertRowid, `model ${String(at).padStart(4, "0")}`, at % 7 === 0 ? null : at);
    }
  })();
});
afterAll(() => web.close());

const asked = async (list: string, query: string | { readonly [name: string]: string }) => {
  const answer = await web.ask("GET", `/api/${list}/export?${new URLSearchParams(query)}`, web.bearer);
  return { ...answer, text: answer.body.toString() };
};
type Rows = readonly { readonly [column: string]: string | number | null }[];

describe("executions", () => {
  test("are a file whole, over all pages, in the order of the list", async () => {
    const { headers, text } = await asked("executions", "format=json&direction=asc&columns=id&columns=path");
    expect(headers["content-disposition"]).toContain("executions.json");
    const rows: Rows = JSON.parse(text);
    expect(rows.map(({ path }) => path)).toEqual(Array.from({ length: COUNT }, (_, at) => `fit/[${at}]`));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(COUNT);
  });

  test("are those that the filter leaves, by a column that not all have", async () => {
    const query = { where: "not state = pending", sort: "duration", direction: "asc", format: "json" };
    const rows: Rows = JSON.parse((await asked("executions", query)).text);
    expect(rows).toHaveLength(COUNT - Math.ceil(COUNT / 3));
    expect(rows[0]).toMatchObject({ path: "fit/[1]", duration: 1.501, run: "=made", pipeline: "p", attempt: 1 });
    const all: Rows = JSON.parse((await asked("executions", { ...query, where: "" })).text);
    expect(all).toHaveLength(COUNT);
    expect(all.at(-1)?.duration).toBeNull();
  });

  test("quote what a table would take for a formula", async () => {
    const query = "where=path%20%3D%20fit/[1]&columns=path&columns=run&columns=finished&columns=error";
    expect((await asked("executions", query)).text).toBe(
      "path,run,finished,error\r\nfit/[1],'=made,1970-01-01T00:00:03.501Z,\r\n",
    );
  });
});

test("artifacts are a file whole, filtered and in order", async () => {
  const all: Rows = JSON.parse((await asked("artifacts", "format=json&sort=name&direction=asc")).text);
  expect(all).toHaveLength(COUNT);
  expect(all[1]).toMatchObject({ name: "model 0001", type: "system.Model", step: "fit/[1]", run: "=made", size: 1 });
  const { text, headers } = await asked("artifacts", {
    where: "size >= 1200 or name contains 0008",
    columns: "size",
    sort: "size",
  });
  expect(headers["content-disposition"]).toContain("artifacts.csv");
  expect(text).toBe("size\r\n1202\r\n1201\r\n1200\r\n8\r\n");
});

test("experiments are a file with the counts of their runs", async () => {
  const query = { where: "runs > 0", columns: "runs", format: "json" };
  expect(JSON.parse((await asked("experiments", query)).text)).toEqual([{ runs: 1 }]);
  expect((await asked("experiments", "where=state%20%3D%20archived")).text).toBe("id,name,state,runs,last,created\r\n");
  const usual = (await asked("experiments", "sort=name")).text.split("\r\n")[1];
  expect(usual).toMatch(/^[^,]+,Default,active,1,2026-11-21T10:00:00.000Z,/);
});

test("pipelines are a file with their latest version", async () => {
  const query = { where: "runs > 0", format: "json", columns: "state" };
  expect(JSON.parse((await asked("pipelines", query)).text)).toEqual([{ state: "runnable" }]);
});

test("what cannot be asked is refused in words", async () => {
  for (const list of ["executions", "artifacts", "runs", "recurring-runs", "experiments", "pipelines"]) {
    expect((await asked(list, "format=xml")).status, list).toBe(400);
    expect(await asked(list, "where=weight%20%3D%203"), list).toMatchObject({
      status: 400,
      text: expect.stringContaining("There is no field weight"),
    });
  }
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { createRecurringRun } from "@/server/services/recurring-runs/create-recurring-run";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { type TestWeb, testWeb } from "@/server/web/testing";

const COUNT = 230;

let web: TestWeb;
beforeAll(async () => {
  web = await testWeb();
  const { context, receive } = web.services;
  const { pipeline } = await storeUpload(context, { files: [receive("p.json", kfpSpec("p"))] });
  for (let at = 0; at < COUNT; at += 1) {
    await createRecurringRun(context, {
      name: at === 7 ? 'with "marks", and =1' : `schedule ${String(at).padStart(3, "0")}`,
      pipelineId: pipeline.id,
      trigger: at % 2 === 0 ? { kind: "interval", seconds: 3_600 } : { kind: "cron", cron: "30 2 * * *" },
      timeZone: "Europe/Berlin",
      maxConcurrency: 1,
      overlap: "wait",
      catchUp: "latest",
      parameters: {},
      isEnabled: at % 5 !== 0,
    });
  }
});
afterAll(() => web.close());

const asked = async (query: string) => {
  const answer = await web.ask("GET", `/api/recurring-runs/export?${query}`, web.bearer);
  return { ...answer, text: answer.body.toString() };
};

test("a file holds every recurring run of the choice, over all pages, in the order and with the columns asked for", async () => {
  const { status, headers, text } = await asked("format=json&sort=name&direction=asc&columns=name&columns=state");
  expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
  expect(headers["content-disposition"]).toContain("recurring-runs.json");
  const rows = JSON.parse(text) as { readonly name: string; readonly state: string }[];
  expect(rows).toHaveLength(COUNT);
  expect(rows.map(({ name }) => name)).toEqual(rows.map(({ name }) => name).sort());
  expect(rows.filter(({ state }) => state === "disabled")).toHaveLength(COUNT / 5);
  const disabled = JSON.parse((await asked("format=json&enabled=false&columns=name")).text);
  expect(disabled).toHaveLength(COUNT / 5);
});

test("a table quotes what would break it or be taken for a formula", async () => {
  const { text } = await asked("search=marks&columns=name&columns=cron&columns=zone&columns=success&columns=nothing");
  expect(text).toBe(`name,cron,zone,success,nothing\r\n"with ""marks"", and =1",0 30 2 * * *,Europe/Berlin,,\r\n`);
});

test("what cannot be asked is refused in words", async () => {
  expect(await asked("format=xml")).toMatchObject({ status: 400 });
  expect((await asked("sort=odd")).text).toContain("sort");
});

/** Recurring runs in the browser: understood before they are saved, trusted afterwards. */

import type { Overlap } from "@/server/domain/recurrence/words";
import { isRunOver } from "@/server/domain/states";
import type { RecurringRunView, SlotView } from "@/server/domain/views/recurring-runs";
import type { RunSummary } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";
import { until } from "./support/server";

const DAILY = { kind: "interval", seconds: 86_400 };

test("one is made with the builder, whose text follows, and edited in place", async ({
  page,
  api,
  expectAccessible,
}) => {
  const parameters = { day: { parameterType: "STRING", defaultValue: "today" } };
  await api.upload({ "built.json": oneStep("built", "true", parameters) });
  await page.goto("/recurring-runs");
  await page.getByRole("link", { name: "Create recurring run" }).first().click();
  await page.getByRole("combobox", { name: /^Pipeline/ }).click();
  await page.getByRole("option", { name: /^built/ }).click();
  await page.getByLabel("Due", { exact: true }).selectOption("weekly");
  await page.getByLabel("At", { exact: true }).fill("02:30");
  await page.getByRole("button", { name: "Saturday" }).click();
  await expect(page.getByLabel("The same as cron text")).toHaveValue("30 2 * * 1,2,3,4,5,6");
  await page.getByRole("button", { name: "Saturday" }).click();
  await expect(page.getByText("At 02:30, Monday through Friday, UTC.")).toBeVisible();
  await expect(page.getByText("Saving starts 0 missed runs.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Next moments" }).getByRole("row")).toHaveCount(11);
  await expectAccessible();

  await page.getByRole("button", { name: "Create recurring run" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Name: Give it a name." })).toBeVisible();
  await page.getByLabel("Name (required)").fill("weekdays at night");
  await page.getByRole("textbox", { name: "day", exact: true }).fill("[[ScheduledTime.2006-01-02]]");
  await page.getByRole("button", { name: "Create recurring run" }).click();
  await expect(page.getByRole("heading", { name: "weekdays at night" })).toBeVisible();
  await expect(page.getByText("day = [[ScheduledTime.2006-01-02]]")).toBeVisible();
  await expectAccessible();

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Due", { exact: true }).selectOption("daily");
  await expect(page.getByLabel("The same as cron text")).toHaveValue("30 2 * * *");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { name: "weekdays at night" })).toBeVisible();
  await page.getByRole("tab", { name: "Changes" }).click();
  await expect(page.getByText("At 02:30 (0 30 2 * * *)")).toBeVisible();
  const { items } = await api.query<PageView<RecurringRunView>>("recurringRuns.list", { search: "weekdays at night" });
  expect(items).toMatchObject([{ words: "At 02:30", parameters: { day: "[[ScheduledTime.2006-01-02]]" } }]);
});

test("one is made by text; a bad cron and an end before the start are refused at their fields", async ({
  page,
  api,
}) => {
  const { pipeline } = await api.upload({ "typed.json": oneStep("typed", "true") });
  await page.goto(`/recurring-runs/new?pipeline=${pipeline.id}`);
  const text = page.getByLabel("The same as cron text");
  await text.fill("61 * * * *");
  await expect(page.locator("#rule-text-error")).toContainText("61");
  await expect(page.getByRole("button", { name: "Create recurring run" })).toHaveAttribute("aria-disabled", "true");
  await text.fill("0 0 30 2 *");
  await expect(page.locator("#rule-text-error")).toContainText("There is no such day");
  await text.fill("15 6 L * *");
  await expect(page.getByLabel("Due", { exact: true })).toHaveValue("monthly");
  await expect(page.getByLabel("Day", { exact: true })).toHaveValue("last");
  await expect(page.getByText("At 06:15, on the last day of the month, UTC.")).toBeVisible();

  await page.getByLabel("Start", { exact: true }).fill("2027-03-27T00:00");
  await page.getByLabel("End", { exact: true }).fill("2027-03-26T00:00");
  await expect(page.locator("#recurring-end-error")).toContainText("The end is not after the start");
  await page.getByLabel("Name (required)").fill("typed");
  await page.getByRole("button", { name: "Create recurring run" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "End: The end is not after the start." })).toBeVisible();
  await page.getByLabel("End", { exact: true }).fill("");

  await text.fill("30 2 * * *");
  await page.getByRole("combobox", { name: /^Time zone/ }).click();
  await page.getByPlaceholder("Search time zones").fill("Europe/Berlin");
  await page.getByRole("option", { name: "Europe/Berlin" }).click();
  const moments = page.getByRole("table", { name: "Next moments" }).getByRole("row");
  await expect(moments.nth(1)).toContainText("Sat 27 Mar 2027 02:30 GMT+1");
  await expect(moments.nth(2)).toContainText("Sun 28 Mar 2027 03:00 GMT+2");
  await expect(moments.nth(2)).toContainText("the clock skips its time that day");
  await expect(moments.nth(2)).toContainText("01:00");
  await expect(moments.nth(3)).toContainText("Mon 29 Mar 2027 02:30 GMT+2");

  await page.getByLabel("Start", { exact: true }).fill("2026-01-01T00:00");
  await expect(page.getByText(/Saving starts 1 missed run and records \d+ passed moments as skipped/)).toBeVisible();
  await page.getByLabel("Made up for").selectOption("none");
  await expect(page.getByText(/Saving starts 0 missed runs and records \d+ passed moments as skipped/)).toBeVisible();
  await page.getByRole("button", { name: "Create recurring run" }).click();
  await expect(page.getByRole("heading", { name: "typed" })).toBeVisible();
  await page.getByRole("tab", { name: "Slots" }).click();
  await expect(page.getByText(/\d+ skipped: missed, and not to be made up for/)).toBeVisible();
});

test("with one run at once and a step longer than the interval, each policy does what it says", async ({
  page,
  api,
}) => {
  const { pipeline } = await api.upload({ "long.json": oneStep("long", "sleep 1.4") });
  const made = async (overlap: Overlap) => {
    const endAt = new Date(Date.now() + 4_500).toISOString();
    const trigger = { kind: "interval", seconds: 1 };
    const asked = { name: `long, ${overlap}`, pipelineId: pipeline.id, trigger, endAt, overlap, catchUp: "all" };
    return (await api.mutate<RecurringRunView>("recurringRuns.create", asked)).id;
  };
  const ids = { wait: await made("wait"), skip: await made("skip"), cancel: await made("cancel") };
  const told = async (id: string) => {
    const { state } = await api.query<RecurringRunView>("recurringRuns.get", { id });
    const { items: slots } = await api.query<PageView<SlotView>>("recurringRuns.slots", { id });
    const { items: runs } = await api.query<PageView<RunSummary>>("runs.list", { recurringRunId: id });
    return state === "ended" && runs.every((run) => isRunOver(run.state)) ? { slots, runs } : null;
  };
  for (const [overlap, id] of Object.entries(ids)) {
    const { slots, runs } = await until(`${overlap} to be over`, () => told(id), 40_000);
    const times = runs.flatMap(({ startedAt, finishedAt }) =>
      startedAt !== null && finishedAt !== null ? [{ startedAt, finishedAt }] : [],
    );
    times.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    times.forEach(({ startedAt }, at) => {
      if (at > 0) expect(startedAt >= (times[at - 1]?.finishedAt ?? ""), `${overlap}: two at once`).toBe(true);
    });
    const skipped = slots.filter(({ skipReason }) => skipReason === "overlap");
    const canceled = runs.filter(({ state }) => state === "canceled");
    expect(runs.length + skipped.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(4);
    expect(skipped.length > 0, `${overlap} skips`).toBe(overlap === "skip");
    expect(canceled.length > 0, `${overlap} cancels`).toBe(overlap === "cancel");
  }
  await page.goto(`/recurring-runs/${ids.skip}?tab=slots`);
  await expect(page.getByText("earlier runs still went on").first()).toBeVisible();
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByText("Ended", { exact: true })).toBeVisible();
  await expect(page.getByRole("list", { name: /^Slots of/ })).toContainText("skipped");
});

test("several are switched at once, a deletion is taken back, and a clone begins as the original", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { pipeline } = await api.upload({ "bulk.json": oneStep("bulk", "true") });
  const names = ["bulk a", "bulk b"];
  for (const name of names) {
    await api.mutate("recurringRuns.create", { name, pipelineId: pipeline.id, trigger: DAILY, maxConcurrency: 7 });
  }
  await page.goto(`/pipelines/${pipeline.id}?tab=recurring`);
  for (const name of names) await page.getByRole("checkbox", { name: `Select ${name}` }).click();
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("cell", { name: "Disabled" })).toHaveCount(2);
  await expectAccessible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("cell", { name: "Enabled" })).toHaveCount(2);
  await page.getByRole("button", { name: "Run now" }).click();
  await expect(page.getByText("2 recurring runs made a run", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("This pipeline is on no schedule")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByRole("link", { name: "bulk a" }).click();
  await expect(page.getByText("Every day", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Clone" }).click();
  await expect(page.getByLabel("Name (required)")).toHaveValue("Copy of bulk a");
  await expect(page.getByLabel("Runs at once")).toHaveValue("7");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/recurring-runs");
  await expect(page.getByRole("link", { name: "bulk b" })).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("the list keeps its columns and order as a view, and the whole of it is a file", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { pipeline } = await api.upload({ "listed.json": oneStep("listed", "true") });
  for (const name of ["listed a", "listed b"]) {
    await api.mutate("recurringRuns.create", { name, pipelineId: pipeline.id, trigger: DAILY, maxConcurrency: 4 });
  }
  await page.goto("/recurring-runs?q=listed");
  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns.getByRole("checkbox", { name: "Show At once" }).click();
  await columns.getByRole("checkbox", { name: "Show Schedule" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "At once" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Schedule" })).toHaveCount(0);
  await expectAccessible();

  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the new view").fill("caps");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/view=/);
  await page.goto("/recurring-runs");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "caps", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "At once" })).toBeVisible();

  await page.goto("/recurring-runs?q=listed&cols=name,cap,pipeline&sort=name&dir=asc");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe("name,cap,pipeline\r\nlisted a,4,listed\r\nlisted b,4,listed\r\n");
});

test("the list is filtered by and, or and not; an experiment lists its own, and a tab keeps its filter to itself", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { pipeline } = await api.upload({ "built.json": oneStep("built", "true") });
  const experiment = await api.mutate<{ id: string }>("experiments.create", { name: "built nightly" });
  const make = (name: string, more: object) =>
    api.mutate("recurringRuns.create", { name, pipelineId: pipeline.id, trigger: DAILY, ...more });
  await make("built one", { experimentId: experiment.id, maxConcurrency: 3 });
  await make("built two", { maxConcurrency: 3, isEnabled: false });
  await make("built three", { maxConcurrency: 1 });

  await page.goto("/recurring-runs?q=built");
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.keyboard.press("f");
  const dialog = page.getByRole("dialog", { name: "Filter" });
  await dialog.getByLabel("As text").fill("name contains built and cap >= 3 and not state = disabled");
  await expect(dialog.getByText("1 recurring run matches")).toBeVisible();
  await expectAccessible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("link", { name: "built one" })).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "JSON" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject([{ name: "built one" }]);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("combobox", { name: "Filter by state" }).selectOption("Disabled");
  await expect(page).toHaveURL(/filter=state/);
  await expect(page.getByRole("link", { name: "built two" })).toBeVisible();
  await expect(page.getByRole("link", { name: "built one" })).toHaveCount(0);

  await page.goto(`/experiments/${experiment.id}?q=nothing+like+it`);
  await expect(page.getByText("No run matches")).toBeVisible();
  await page.getByRole("tab", { name: "Recurring runs" }).click();
  await expect(page).toHaveURL(/\?tab=recurring$/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("link", { name: "built one" })).toBeVisible();
  await expectAccessible();
  await page.getByRole("checkbox", { name: "Select built one" }).click();
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("cell", { name: "Disabled" })).toBeVisible();
  await page.goBack();
  await expect(page.getByText("No run matches")).toBeVisible();
});

test("what was chosen for a run goes along when it is put on a schedule instead", async ({ page, api }) => {
  const { pipeline, version } = await api.upload({ "along.json": oneStep("along", "true") });
  await page.goto(`/runs/new?pipeline=${pipeline.id}&version=${version.id}`);
  await page.getByLabel("Priority", { exact: true }).selectOption("High (10)");
  await page.getByLabel("Results of earlier runs").selectOption("Run everything");
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByLabel("Tag name").fill("team");
  await page.getByLabel("Tag value").fill("risk");
  await page.getByRole("button", { name: "On a schedule" }).click();
  await expect(page.getByRole("heading", { name: "Create recurring run" })).toBeVisible();
  await expect(page.getByLabel("Priority", { exact: true })).toHaveValue("10");
  await expect(page.getByLabel("Results of earlier runs")).toHaveValue("ignore");
  await expect(page.getByLabel("Tag value")).toHaveValue("risk");
});

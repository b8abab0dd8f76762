/** Running again: a retry from the page with its plan, the preview of what is reused, and parts of a run. */
import { writeFileSync } from "node:fs";
import type { RunSummary } from "@/server/domain/views/runs";
import { shellSteps } from "./constructs";
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

test("a failed run is retried from its page: the plan first, then the same run goes on", async ({
  page,
  api,
  folder,
  expectAccessible,
}) => {
  const gate = `${folder}/mended`;
  const upload = await api.upload({
    "mend.json": shellSteps("mend", {
      load: { script: "echo loaded" },
      train: { script: `[ -e '${gate}' ] || { echo broken >&2; exit 4; }; echo trained`, after: ["load"] },
      publish: { script: "echo published", after: ["train"] },
    }),
  });
  const { id } = await api.createRun(upload.version.id, {}, "mend");
  await api.finished(id);
  await page.goto(`/runs/${id}`);
  await page.getByRole("button", { name: "Retry" }).click();
  const plan = page.getByRole("list", { name: "What happens with each step" });
  await expect(plan.getByRole("listitem").filter({ hasText: "load" })).toContainText("is kept");
  await expect(plan.getByRole("listitem").filter({ hasText: "train" })).toContainText("will run");
  await expectAccessible();
  writeFileSync(gate, "");
  await page.getByRole("button", { name: "Retry run" }).click();
  await expect(page).toHaveTitle(/mend · succeeded/);
  await expect(page.locator('button[data-step="publish"]')).toHaveAccessibleName(/Succeeded/);
  await expect(page.getByRole("button", { name: "Retry" })).toHaveCount(0);
  await page.locator('button[data-step="train"]').click();
  await page.getByRole("tab", { name: "Attempts" }).click();
  await expect(page.getByRole("table", { name: "Attempts" }).getByRole("row", { name: /2 Succeeded/ })).toBeVisible();
  await expect(page.getByRole("table", { name: "Attempts" }).getByRole("row", { name: /1 Failed/ })).toBeVisible();
});

test("the form tells what will be reused, follows the parameters, and can be told to run a step in any case", async ({
  page,
  api,
  expectAccessible,
}) => {
  const upload = await api.upload({
    "reuse.json": shellSteps(
      "reuse",
      {
        load: { script: "echo loaded", caches: true },
        train: { script: 'echo "rate $1"', takes: ["rate"], after: ["load"], caches: true },
      },
      { rate: { parameterType: "STRING", defaultValue: "low" } },
    ),
  });
  const first = await api.createRun(upload.version.id, {}, "first");
  await api.finished(first.id);

  await page.goto(`/runs/new?pipeline=${upload.pipeline.id}`);
  const plan = page.getByRole("list", { name: "What happens with each step" });
  const line = (name: string) => plan.getByRole("listitem").filter({ hasText: name });
  await expect(line("load")).toContainText("will be reused");
  await expect(line("train")).toContainText("will be reused");
  await expect(line("train").getByRole("link")).toHaveAttribute("href", new RegExp(`^/runs/${first.id}`));
  await page.getByRole("textbox", { name: "rate" }).fill("high");
  await expect(line("train")).toContainText("will run");
  await expect(line("train")).toContainText("rate");
  await page.getByRole("button", { name: "Run load in any case" }).click();
  await expect(line("load")).toContainText("will run");
  await page.getByRole("button", { name: "Let load reuse a result" }).click();
  await expect(line("load")).toContainText("will be reused");
  await expectAccessible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.locator('button[data-step="load"]')).toHaveAccessibleName(/Cached/);
  await expect(page.locator('button[data-step="train"]')).toHaveAccessibleName(/Succeeded/);
  await page.locator('button[data-step="load"]').click();
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByRole("note", { name: "Why" }).getByRole("link")).toContainText("first");
  await expectAccessible();
});

test("a run of a part is begun from a step", async ({ page, api }) => {
  const upload = await api.upload({
    "part.json": shellSteps("part", {
      load: { script: "echo loaded" },
      train: { script: "echo trained", after: ["load"] },
      publish: { script: "echo published", after: ["train"] },
    }),
  });
  const { id } = await api.createRun(upload.version.id, {}, "part");
  await api.finished(id);
  await page.goto(`/runs/${id}?step=train`);
  await page.getByRole("button", { name: "Actions of train" }).click();
  await page.getByRole("menuitem", { name: "Run up to here" }).click();
  const plan = page.getByRole("list", { name: "What happens with each step" });
  await expect(plan.getByRole("listitem").filter({ hasText: "publish" })).toContainText("is left out");
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page).toHaveTitle(/Clone of part · succeeded/);
  const latest = await api.query<{ items: RunSummary[] }>("runs.list", { limit: 1 });
  expect(latest.items[0]?.extent).toEqual({ kind: "up-to", step: "train" });
});

test("a form keeps its values over versions, says what changed, and takes values from text, file and run", async ({
  page,
  api,
  expectAccessible,
}) => {
  test.setTimeout(150_000);
  const spec = (parameters: Parameters<typeof oneStep>[2]) => oneStep("carried", "true", parameters);
  const number = (defaultValue: number) => ({ parameterType: "NUMBER_DOUBLE", defaultValue });
  const old = { parameterType: "STRING", defaultValue: "x" };
  const one = await api.upload({ "carried.json": spec({ rate: number(0.1), size: old, old }) });
  const two = await api.upload(
    { "carried.json": spec({ rate: number(0.2), size: { parameterType: "NUMBER_INTEGER", defaultValue: 1 } }) },
    { pipelineId: one.pipeline.id },
  );
  await page.goto(`/runs/new?pipeline=${one.pipeline.id}&version=${one.version.id}`);
  await page.getByLabel("rate").fill("0.7");
  await page.getByLabel("size").fill("12");
  await page.getByLabel("old", { exact: true }).fill("kept for later");
  await page.getByRole("combobox", { name: "Version", exact: true }).selectOption(two.version.id);
  const change = page.getByRole("region", { name: "Version 2 instead of 1" });
  await expect(change).toContainText("string → integer");
  await expect(change).toContainText("0.1 → 0.2");
  await expect(change).toContainText("kept for later");
  await expect(page.getByLabel("rate")).toHaveValue("0.7");
  await expect(page.getByLabel("size")).toHaveValue("12");
  await page.getByRole("combobox", { name: "Version", exact: true }).selectOption(one.version.id);
  await expect(page.getByLabel("old", { exact: true })).toHaveValue("kept for later");

  await page.getByRole("button", { name: "YAML" }).click();
  const text = page.getByRole("textbox", { name: "Values as YAML" });
  await expect(text).toHaveValue(/rate: 0.7\nsize: "12"\nold: kept for later\n/);
  await expectAccessible();
  await text.fill("rate: fast");
  await expect(page.getByText("rate takes a number.")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").filter({ hasText: "cannot start" })).toContainText("rate takes a number.");
  await text.fill("rate: 0.9\nold: again");
  await page.getByRole("button", { name: "Fields" }).click();
  await expect(page.getByLabel("rate")).toHaveValue("0.9");
  await expect(page.getByLabel("size")).toHaveValue("x");

  await page.getByLabel("File with values").setInputFiles({
    name: "values.yaml",
    mimeType: "text/yaml",
    buffer: Buffer.from("parameters: {rate: 0.3, gone: 1}"),
  });
  await expect(page.getByText("1 value taken from values.yaml")).toBeVisible();
  await expect(page.getByText("Left out, because this version has none: gone.")).toBeVisible();
  await expect(page.getByLabel("rate")).toHaveValue("0.3");

  await api.createRun(one.version.id, { rate: 0.55 }, "of values");
  await page.getByRole("combobox", { name: "Take values from a run" }).click();
  await page.getByPlaceholder("Search runs by name or id").fill("of values");
  await page.getByRole("option", { name: /of values/ }).click();
  await expect(page.getByLabel("rate")).toHaveValue("0.55");

  await page.getByRole("textbox", { name: "Notes" }).fill("why this is tried");
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByLabel("Tag name").fill("team");
  await page.getByLabel("Tag value").fill("risk");
  const kept = () =>
    page.evaluate(() =>
      Object.entries(localStorage).some(([key, text]) => key.includes("draft") && text.includes("risk")),
    );
  await expect.poll(kept).toBe(true);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.getByText("What you had typed")).toBeVisible();
  await expect(page.getByLabel("rate")).toHaveValue("0.55");
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  const id = page.url().split("/").at(-1) ?? "";
  const run = await api.finished(id.split("?")[0] ?? "");
  expect(run).toMatchObject({ description: "why this is tried", tags: { team: "risk" }, parameters: { rate: 0.55 } });
  await page.goto(`/runs/new?pipeline=${one.pipeline.id}`);
  await expect(page.getByText("What you had typed")).toHaveCount(0);
});

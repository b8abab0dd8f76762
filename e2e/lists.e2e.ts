/** Lists by pointer and by keys: filters built and written, columns, views, files, all that match, executions and lineage. */
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

const TYPED = { nu: { parameterType: "NUMBER_DOUBLE", defaultValue: 0.1 } };

test.beforeAll(async ({ api }) => {
  const { version } = await api.upload({ "tuned.json": oneStep("tuned", "true", TYPED) });
  for (const [name, nu] of [
    ["tuned-a", 0.1],
    ["tuned-b", 0.01],
    ["tuned-c", 0.5],
  ] as const) {
    const run = await api.finished((await api.createRun(version.id, { nu }, name)).id);
    await api.mutate("runs.setTags", { id: run.id, tags: { team: name === "tuned-c" ? "speech" : "vision" } });
  }
});

test("a filter is built by keys, shown in words, counted before it is applied, and taken back", async ({
  page,
  expectAccessible,
}) => {
  await page.goto("/runs");
  await expect(page.getByRole("row", { name: /tuned-a/ })).toBeVisible();
  await page.keyboard.press("f");
  const dialog = page.getByRole("dialog", { name: "Filter" });
  await dialog
    .getByRole("textbox", { name: "Field" })
    .or(dialog.getByRole("combobox", { name: "Field" }))
    .fill("param.nu");
  await dialog.getByRole("combobox", { name: "Comparison" }).selectOption(">=");
  await dialog.getByLabel("Value").fill("0.1");
  await expect(dialog.getByText("2 runs match")).toBeVisible();
  await expect(dialog.getByLabel("As text")).toHaveValue("param.nu >= 0.1");
  await expectAccessible();
  await dialog.getByRole("button", { name: "Apply" }).press("Enter");
  await expect(page).toHaveURL(/filter=param\.nu/);
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.reload();
  await expect(page.getByRole("row")).toHaveCount(3);
  await expectAccessible();
  await page.getByRole("button", { name: "Remove param.nu >= 0.1" }).click();
  await expect(page.getByRole("row", { name: /tuned-b/ })).toBeVisible();
});

test("a filter is written, and what cannot be read is said at its place", async ({ page }) => {
  await page.goto("/runs");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const text = page.getByLabel("As text");
  await text.fill("param.nu > 0.01 and not (tag.team = speech");
  await expect(page.getByText(/At character 43: A closing/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Apply" })).toHaveAttribute("aria-disabled", "true");
  await text.fill("param.nu > 0.01 and not (tag.team = speech)");
  await text.press("Control+Enter");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("row", { name: /tuned-a/ })).toBeVisible();
});

test("columns are added, ordered and pinned, sorted by, and kept as a view that tells when it was changed", async ({
  page,
  expectAccessible,
}) => {
  await page.goto("/runs?q=tuned-");
  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns.getByLabel("Search columns").fill("nu");
  await columns.getByRole("checkbox", { name: "Show nu (parameter)" }).click();
  for (let i = 0; i < 5; i++) await columns.getByRole("button", { name: "Move nu (parameter) up" }).click();
  await columns.getByRole("button", { name: /^Pin Name/ }).click();
  await expectAccessible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/cols=state,name,param\.nu/);
  const header = page.getByRole("columnheader", { name: /^nu/ });
  await header.getByRole("button", { name: "nu" }).click();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  const names = page.getByRole("row").getByRole("link", { name: /^tuned-/ });
  await expect(names).toHaveText(["tuned-c", "tuned-a", "tuned-b"]);
  await expectAccessible();

  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the new view").fill("by rate");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/view=/);
  await header.getByRole("button", { name: "nu" }).click();
  await expect(names).toHaveText(["tuned-b", "tuned-a", "tuned-c"]);
  const views = page.getByRole("button", { name: /by rate/ });
  await expect(views.getByRole("img", { name: "changed" })).toBeVisible();
  await views.click();
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(names).toHaveText(["tuned-c", "tuned-a", "tuned-b"]);
  await page.getByRole("button", { name: /by rate/ }).click();
  await page.getByRole("button", { name: "Delete the view by rate" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(names).toHaveText(["tuned-c", "tuned-a", "tuned-b"]);
  await page.getByRole("button", { name: "Views" }).click();
  await expect(page.getByRole("button", { name: "by rate", exact: true })).toBeVisible();
});

test("the whole list is a file, and formulas in it are text", async ({ page, api, server }) => {
  const { items } = await api.query<{ items: readonly { id: string }[] }>("runs.list", { search: "tuned-a" });
  await api.mutate("runs.rename", { id: items[0]?.id, name: "=tuned-a" });
  await page.goto("/runs?q=tuned-&cols=name,param.nu,tag.team&sort=param.nu");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const stream = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe(
    "name,param.nu,tag.team\r\ntuned-c,0.5,speech\r\n'=tuned-a,0.1,vision\r\ntuned-b,0.01,vision\r\n",
  );
  const bad = await page.request.get(`${server.url}/api/runs/export?where=${encodeURIComponent("state = odd")}`);
  expect(bad.status()).toBe(400);
  expect(await bad.text()).toContain("character 1");
});

test("all that match are counted, then archived with their progress, and what is long is passed on short", async ({
  page,
  api,
  context,
}) => {
  const { version } = await api.upload({ "crowd.json": oneStep("crowd", "true") });
  for (let i = 0; i < 55; i++) await api.createRun(version.id, {}, `crowd-${i}`);
  await page.goto("/runs?q=crowd-");
  await page.getByRole("checkbox", { name: "Select all rows shown" }).click();
  await page.getByRole("button", { name: "Select all 55" }).click();
  await expect(page.getByText("All 55 runs selected")).toBeVisible();
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive 55 runs" }).click();
  await expect(page.getByRole("dialog", { name: "55 runs archived" })).toBeVisible();
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(page.getByText("No run matches “crowd-”")).toBeVisible();

  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const long = `name contains ${"x".repeat(300)}`;
  await page.goto(`/runs?filter=${encodeURIComponent(long)}`);
  await expect(page.getByText("No run matches these filters")).toBeVisible();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("A short link was copied", { exact: true })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/\/s\/[A-Za-z0-9]{12}$/);
  await page.goto(copied);
  await expect(page).toHaveURL(/filter=name/);
});

test("executions of all runs are filtered to those that failed, and one leads to its step", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { version } = await api.upload({ "breaks.json": oneStep("breaks", "echo no; exit 3") });
  await api.finished((await api.createRun(version.id, {}, "executed-broken")).id);
  await page.goto("/executions");
  const broken = page.getByRole("row", { name: /executed-broken/ });
  await expect(broken).toBeVisible();
  await expectAccessible();
  await page.getByRole("combobox", { name: "Filter by state" }).selectOption("failed");
  await expect(page).toHaveURL(/filter=state/);
  await expect(page.getByRole("row", { name: /succeeded/i })).toHaveCount(0);
  await page.keyboard.press("f");
  const dialog = page.getByRole("dialog", { name: "Filter" });
  await dialog.getByLabel("As text").fill("state = failed and run = executed-broken");
  await expect(dialog.getByText("1 execution matches")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("row")).toHaveCount(2);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "JSON" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject([{ state: "failed", run: "executed-broken" }]);
  await broken.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/runs\/[^/]+\?task=\d+/);
});

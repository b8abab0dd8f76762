/** What a page does, told for other places: the dialog that copies it, and the reference of the whole API. */
import { gzipSync } from "node:zlib";
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

const BUDGET = 250_000;

test("a run's actions are chosen, read and copied by keys alone", async ({ api, page, context, expectAccessible }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { version } = await api.upload({ "told.json": oneStep("told", "true") });
  const run = await api.finished((await api.createRun(version.id, {}, "it's told")).id);
  await page.goto(`/runs/${run.id}`);
  await page.getByRole("button", { name: "More actions" }).press("Enter");
  await page.getByRole("menuitem", { name: "Copy as curl, Python or command" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Copy as curl, Python or command" });
  await dialog.getByLabel("Action").selectOption({ label: "Rename" });
  await dialog.getByRole("tab", { name: "curl" }).press("ArrowRight");
  await expect(dialog.getByText("The Kubeflow API gives a run its name")).toBeVisible();
  await expectAccessible();
  await page.keyboard.press("ArrowRight");
  await dialog.getByRole("button", { name: "Copy the penstock text" }).press("Enter");
  await expect(dialog.getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `npx penstock runs rename ${run.id} 'it'\\''s told'`,
  );
  // A press closes the button's tip first, while that is still there.
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden({ timeout: 500 });
  }).toPass();
});

test("an operation of the reference is found by words, opened, and has an address", async ({
  page,
  expectAccessible,
}) => {
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") bodies.push(response.body());
  });
  await page.goto("/api-reference");
  await expect(page.getByRole("banner").getByText("live", { exact: true })).toBeVisible();
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  expect(bytes).toBeLessThanOrEqual(BUDGET);
  await expectAccessible();

  await page.getByRole("searchbox", { name: "Search the operations" }).fill("terminate");
  await expect(page.getByRole("heading", { level: 3 })).toHaveCount(1);
  await expect(page).toHaveURL(/\?q=terminate$/);
  await page.getByRole("button", { name: /:terminate/ }).click();
  await expect(page.getByLabel("the curl text", { exact: true })).toContainText(":terminate");
  await expectAccessible();

  await page.goto("/api-reference#get-runs-run-id");
  await expect(page.getByRole("button", { name: /Get a run with its tasks/ })).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByLabel("the shape of the answer", { exact: true })).toContainText('"task_details"');
});

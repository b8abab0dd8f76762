/** The main flows by keys alone, and where the focus is after each: it is never lost to nobody. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { shellSteps } from "./constructs";
import { expect, test } from "./fixture";
import { elyraWithScript, oneStep } from "./pipelines";

/** Presses Tab until what has this role and name has the focus; fails where it is not reached. */
async function tabTo(page: Page, role: "button" | "link" | "tab", name: string, within = "body"): Promise<void> {
  const wanted = page.locator(within).getByRole(role, { name, exact: true }).first();
  await expect(wanted).toBeVisible();
  for (let pressed = 0; pressed < 90; pressed += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${role} ${name} is not reached with Tab`);
}

const focusIsKept = (page: Page) =>
  expect.poll(() => page.evaluate(() => document.activeElement !== document.body), "somebody has the focus").toBe(true);

test("a pipeline is uploaded, run and opened without a pointer", async ({ page, folder }) => {
  writeFileSync(join(folder, "keys.pipeline"), elyraWithScript("keys", "say.py"));
  writeFileSync(join(folder, "say.py"), "print('hello')\n");
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("u");
  await expect(page.getByRole("heading", { name: "Upload a pipeline" })).toBeVisible();
  await tabTo(page, "button", "Choose files");
  // The window of the system is not ours to press keys in: the button asks for it, and the test answers.
  const files = page.getByLabel("Files", { exact: true });
  await files.evaluate((input: HTMLElement) =>
    input.addEventListener("click", (event) => {
      event.preventDefault();
      input.dataset.asked = "yes";
    }),
  );
  await page.keyboard.press("Enter");
  await expect(files).toHaveAttribute("data-asked", "yes");
  await files.setInputFiles([join(folder, "keys.pipeline"), join(folder, "say.py")]);
  await tabTo(page, "button", "Upload 2 files");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "keys v1 is ready to run" })).toBeVisible();
  await focusIsKept(page);
  await tabTo(page, "link", "Create run");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Create run" })).toBeVisible();
  await focusIsKept(page);
  await expect(page.getByRole("button", { name: "Start run" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  await focusIsKept(page);
});

test("a failed run is opened from its list, its step and log are read, and windows give the focus back", async ({
  page,
  api,
}) => {
  const { version } = await api.upload({
    "fails.json": shellSteps("fails", {
      load: { script: "echo loaded" },
      train: { script: "echo 'ValueError: quince'; exit 3", after: ["load"] },
    }),
  });
  await api.finished((await api.createRun(version.id, {}, "fails by keys")).id);
  await page.goto("/runs?q=fails+by+keys");
  await expect(page.getByRole("link", { name: "fails by keys" })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "fails by keys" })).toBeVisible();
  await focusIsKept(page);
  await expect(page.getByText("ValueError: quince").last()).toBeVisible();
  await tabTo(page, "button", "Retry");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Retry fails by keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Retry", exact: true })).toBeFocused();
  await tabTo(page, "button", "More actions");
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Delete fails by keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "More actions" }).first()).toBeFocused();
  await tabTo(page, "tab", "Graph");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Timeline" })).toBeFocused();
});

test("rows are selected, archived and taken back by keys; the focus stays on the list", async ({ page, api }) => {
  const { version } = await api.upload({ "rows.json": oneStep("rows", "true") });
  for (const name of ["rows-1", "rows-2", "rows-3"]) await api.finished((await api.createRun(version.id, {}, name)).id);
  await page.goto("/runs?q=rows-");
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: "rows-3" })).toBeFocused();
  await page.keyboard.press("x");
  await tabTo(page, "button", "Archive");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("link", { name: "rows-2" })).toBeFocused();
  await page.keyboard.press("F8");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row")).toHaveCount(4);
  await focusIsKept(page);
  // Two rows side by side, and back out of the comparison.
  await page.keyboard.press("j");
  if (
    !(await page
      .getByRole("link", { name: /^rows-/ })
      .first()
      .evaluate((link) => link === document.activeElement))
  )
    await page.getByRole("link", { name: "rows-3" }).focus();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await tabTo(page, "link", "Compare");
  // The sidebar has a place of that name too: the bar's is the last.
  await page.getByRole("link", { name: "Compare", exact: true }).last().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Compare 2 runs" })).toBeVisible();
  await focusIsKept(page);
});

test("a row that is deleted elsewhere hands the focus to its neighbour; the palette and views give it back", async ({
  page,
  api,
}) => {
  const made = [];
  for (const name of ["neighbour a", "neighbour b"])
    made.push(await api.mutate<{ id: string }>("experiments.create", { name }));
  await page.goto("/experiments?q=neighbour");
  await expect(page.getByRole("row")).toHaveCount(3);
  const first = page.getByRole("link", { name: "neighbour b" });
  await first.focus();
  await api.mutate("experiments.delete", { id: made[1]?.id });
  await expect(first).toHaveCount(0);
  await expect(page.getByRole("link", { name: "neighbour a" })).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "neighbour a" })).toBeFocused();
  await page.goto("/runs");
  await tabTo(page, "button", "Views");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Views" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Views" })).toBeFocused();
});

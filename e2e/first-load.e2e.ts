/** What a list page weighs when it is opened cold, and that what comes later comes whole: by key, by pointer, without a server. */
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

/** The budget for compressed script; an exact count of bytes, so a gate. */
const BUDGET = 250_000;

const LISTS = [
  { path: "/runs", row: "weighed run" },
  { path: "/pipelines", row: "weighed" },
  { path: "/experiments", row: "Default" },
  { path: "/recurring-runs", row: "weighed schedule" },
];

/** Compressed bytes of every script the page asked for until nothing was under way. */
async function scriptBytes(page: Page, open: () => Promise<void>): Promise<number> {
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") bodies.push(response.body());
  });
  await open();
  return (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
}

test.beforeEach(async ({ api }) => {
  const { version } = await api.upload({ "weighed.json": oneStep("weighed", "true") });
  await api.createRun(version.id, {}, "weighed run");
  const trigger = { kind: "interval", seconds: 86_400 };
  await api.mutate("recurringRuns.create", { name: "weighed schedule", versionId: version.id, trigger });
});

for (const { path, row } of LISTS) {
  test(`the first load of ${path} keeps the budget of script`, async ({ page }) => {
    const bytes = await scriptBytes(page, async () => {
      await page.goto(path);
      await expect(page.getByRole("link", { name: row, exact: true }).first()).toBeVisible();
      await expect(page.getByRole("banner").getByText("live", { exact: true })).toBeVisible();
    });
    expect(bytes, "react alone weighs more: nothing was counted").toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(BUDGET);
  });
}

test("a menu that comes with the first press marks its first entry for keys, and gives the focus back", async ({
  page,
  expectAccessible,
}) => {
  await page.goto("/runs");
  const zone = page.getByRole("button", { name: /^Time zone/ });
  await expect(page.getByRole("banner").getByText("live", { exact: true })).toBeVisible();
  await expectAccessible();
  await zone.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitemradio", { name: "This device's zone" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitemradio", { name: "UTC" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Time zone: UTC" })).toBeFocused();

  await page.getByRole("button", { name: "Theme and session" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a list that comes with the first press is searched, chosen from and left by keys", async ({ page }) => {
  await page.goto("/runs");
  const filter = page.getByRole("combobox", { name: "Filter by pipeline" });
  await expect(page.getByRole("banner").getByText("live", { exact: true })).toBeVisible();
  await filter.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByPlaceholder("Search pipelines")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(filter).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByPlaceholder("Search pipelines").fill("weighed");
  const found = page.getByRole("option", { name: /weighed/ }).first();
  await expect(found).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(found).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/pipeline=/);
  await expect(filter).toContainText("weighed");
});

test("selected rows bring their bar", async ({ page, expectAccessible }) => {
  await page.goto("/runs");
  await page.getByRole("checkbox", { name: "Select weighed run" }).first().click();
  await expect(page.getByText("1 run selected")).toBeVisible();
  await expectAccessible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("1 run selected")).toHaveCount(0);
});

test("what cannot be fetched says so, and the page stays", async ({ page }) => {
  await page.goto("/runs");
  await expect(page.getByRole("banner").getByText("live", { exact: true })).toBeVisible();
  await page.route("**/*.js", (route) => route.abort());
  await page.keyboard.press("?");
  await expect(page.getByText("This part of the page did not arrive").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "weighed run", exact: true }).first()).toBeVisible();
});

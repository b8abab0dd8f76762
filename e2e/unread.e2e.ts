/** Pages whose subject is not there or cannot be read: each has its name, its place and a way on, and comes back by itself. */
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

const GONE = "00000000-0000-4000-8000-000000000000";

const SUBJECTS = [
  { noun: "run", path: `/runs/${GONE}`, list: "All runs" },
  { noun: "pipeline", path: `/pipelines/${GONE}`, list: "All pipelines" },
  { noun: "experiment", path: `/experiments/${GONE}`, list: "All experiments" },
  { noun: "recurring run", path: `/recurring-runs/${GONE}`, list: "All recurring runs" },
  { noun: "recurring run", path: `/recurring-runs/${GONE}/edit`, list: "All recurring runs" },
  { noun: "artifact", path: "/artifacts/999999999", list: "All artifacts" },
] as const;

test("what does not exist is said under a heading, with the way to what does", async ({ page, expectAccessible }) => {
  for (const { noun, path, list } of SUBJECTS) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`There is no such ${noun}`);
    await expect(page.getByRole("main").getByRole("link", { name: list })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText("Not found");
    await expectAccessible();
  }
});

test("what could not be read is said under a heading, and is there once the server answers", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { pipeline } = await api.upload({ "unread.json": oneStep("unread", "true") });
  await page.goto("/settings");
  await expect(page.getByRole("heading", { level: 1, name: "General" })).toBeVisible();
  await page.route("**/api/trpc/**", (route) => route.abort());
  await page.goto(`/runs/${GONE}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The run could not be loaded");
  await expectAccessible();
  for (const path of ["/", "/runs", "/recurring-runs", "/artifacts"]) {
    await page.goto(path);
    await expect(page.getByRole("alert").first(), path).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 }), path).toHaveCount(1);
  }
  await page.goto(`/pipelines/${pipeline.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The pipeline could not be loaded");
  await page.unroute("**/api/trpc/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("unread");
});

/** The queue in the browser: where runs go by default, what comes first, and what the step that waits says of it. */

import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

test("a pipeline has its profile, a run its priority, and the step that waits says who holds the slot", async ({
  page,
  api,
  expectAccessible,
}) => {
  await api.mutate("profiles.save", { name: "narrow", capacity: 1 });
  const { pipeline, version } = await api.upload({ "slow.json": oneStep("slow", "sleep 300") });
  await page.goto(`/pipelines/${pipeline.id}?tab=settings`);
  await page.getByLabel("Profile", { exact: true }).selectOption("narrow");
  await expect
    .poll(async () => (await api.query("pipelines.get", { id: pipeline.id })) as object)
    .toMatchObject({
      profile: "narrow",
    });
  await expectAccessible();

  const holder = await api.createRun(version.id, {}, "holds it");
  await expect.poll(async () => (await api.query<RunView>("runs.get", { id: holder.id })).state).toBe("running");
  const first = await api.createRun(version.id, {}, "came first");

  await page.goto(`/runs/new?pipeline=${pipeline.id}`);
  await expect(page.getByLabel("Profile", { exact: true })).toContainText("The pipeline's: narrow");
  await page.getByLabel("Priority", { exact: true }).selectOption("High (10)");
  await page.getByLabel("Name", { exact: false }).first().fill("came later");
  await expectAccessible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("priority High (10)")).toBeVisible();
  await expect(page.getByText("profile narrow")).toBeVisible();
  await page.getByRole("button", { name: "say", exact: false }).first().click();
  const why = page.getByRole("note", { name: "Why" });
  await expect(why).toContainText("1 of 1 step slots of the profile narrow in use. It is next, of 2 that wait.");
  await expect(why).toContainText("Its priority is 10.");
  await expect(why.getByRole("link", { name: /^holds it/ })).toBeVisible();
  await expectAccessible();

  await page.goto(`/runs/${first.id}`);
  await page.getByRole("button", { name: "say", exact: false }).first().click();
  await expect(why).toContainText("1 comes first as things stand, of 2 that wait.");
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Move to the front" }).click();
  await expect(why).toContainText("It is next, of 2 that wait.");
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Priority" }).click();
  await page.getByLabel("Priority", { exact: true }).selectOption("Low (-10)");
  await expectAccessible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(why).toContainText("1 comes first as things stand");

  await page.goto(`/runs?filter=${encodeURIComponent("priority < 0")}&cols=name,state,priority`);
  await expect(page.getByRole("row").filter({ hasText: "came first" })).toContainText("Low (-10)");
  // Other tests share the server's slots.
  const { items } = await api.query<PageView<RunSummary>>("runs.list", { pipelineId: pipeline.id });
  for (const { id } of items) await api.mutate("runs.cancel", { id, hard: true });
  await api.mutate("profiles.remove", { name: "narrow" });
  await page.goto(`/runs/new?pipeline=${pipeline.id}`);
  await expect(page.getByText("There is no profile narrow any more. Choose another.")).toBeVisible();
});

/** The page of a run with more iterations than it lists: failed ones first, every one reachable and linkable. */
import { loopOf } from "./constructs";
import { expect, test } from "./fixture";

/** With its iterations and their two steps, more tasks than a page is given at once. */
const ITERATIONS = 140;

const PIPELINE = loopOf("many", ITERATIONS, {
  train: {
    script: 'echo "training $1"; [ $(($1 % 50)) != 7 ] || { echo "ValueError: bad item $1" >&2; exit 3; }',
    takes: ["item"],
  },
  score: {
    script: "echo scored $1",
    takes: ["item"],
    after: ["train"],
    condition: "inputs.parameter_values['item'] > 1",
  },
});

test("a loop is one stack with its iterations, the failed ones first, each with an address", async ({
  page,
  api,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  const upload = await api.upload({ "many.json": PIPELINE });
  const { id } = await api.createRun(upload.version.id, {}, "many");
  const run = await api.finished(id, 90_000);
  expect(run.tasksLeftOut).toBeGreaterThan(0);

  await page.goto(`/runs/${id}`);
  await expect(page.getByRole("button", { name: /^First failure: train \[7\]/ })).toContainText("bad item 7");
  await expect(page.getByRole("log")).toContainText("ValueError: bad item 7");
  const node = page.locator('button[data-step="sweep"]');
  await expect(node).toHaveAccessibleName(/140 iterations: 137 succeeded, 3 failed/);

  await page.getByRole("navigation", { name: "Iteration" }).getByRole("button", { name: "sweep" }).click();
  const iterations = page.getByRole("list", { name: "Iterations" });
  await expect(iterations.getByRole("listitem").first()).toContainText("[7]");
  await expect(iterations.getByRole("listitem")).toHaveCount(50);
  await expectAccessible();
  await page.getByRole("button", { name: /^Failed 3/ }).click();
  await expect(iterations.getByRole("listitem")).toHaveCount(3);
  await expect(page).toHaveURL(/show=failed/);
  await page.getByRole("button", { name: /^All 140/ }).click();
  await page.getByRole("searchbox", { name: "Number of an iteration" }).fill("88");
  await iterations.getByRole("button", { name: /\[88\]/ }).click();

  await expect(page.getByRole("heading", { name: "sweep [88]" })).toBeVisible();
  await page.getByRole("tab", { name: "Steps" }).last().click();
  await page.getByRole("list", { name: "Tasks" }).getByRole("button", { name: /train/ }).click();
  await expect(page.getByRole("log")).toContainText("training 88");
  await page.getByRole("button", { name: "Iteration after" }).click();
  await expect(page.getByRole("log")).toContainText("training 89");
  await expect(page).toHaveURL(/step=sweep/);
  await page.reload();
  await expect(page.getByRole("log")).toContainText("training 89");
  await page.goBack();
  await expect(page.getByRole("log")).toContainText("training 88");
});

test("a step that a condition left out says so with the values; steps and timeline fold the loop", async ({
  page,
  api,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  const upload = await api.upload({
    "few.json": loopOf("few", 8, {
      score: { script: "echo $1", takes: ["item"], condition: "inputs.parameter_values['item'] > 1" },
    }),
  });
  const { id } = await api.createRun(upload.version.id, {}, "few");
  await api.finished(id);
  await page.goto(`/runs/${id}?step=${encodeURIComponent("sweep/[0]/score")}&tab=overview`);
  const why = page.getByRole("note", { name: "Why" });
  await expect(why).toContainText("condition is false");
  await expect(why).toContainText("item > 1");
  await expect(why).toContainText("0");
  await page.goto(`/runs/${id}?view=steps`);
  await expect(page.getByRole("rowheader", { name: /sweep ×8/ })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: /sweep \[0\]/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Unfold sweep", exact: true }).click();
  await page.getByRole("button", { name: "Unfold sweep [0]" }).click();
  await expect(page.getByRole("row", { name: /score Skipped/ })).toBeVisible();
  await expectAccessible();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByRole("button", { name: /^sweep \[3\], Succeeded/ })).toBeVisible();
  await expectAccessible();
});

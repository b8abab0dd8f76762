/** The grid of a pipeline's last runs: what failed stands out, a cell opens its step, the keyboard walks it, a metric is followed. */
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

const SCRIPT = "test \"{{$.inputs.parameters['word']}}\" != bad";
const PARAMETERS = { word: { parameterType: "STRING", defaultValue: "good" } };

/** `oneStep` declares parameters at its root only; this one hands its own to the step. */
function pipeline(name: string): string {
  const spec = JSON.parse(oneStep(name, SCRIPT, PARAMETERS));
  spec.components["comp-say"].inputDefinitions = { parameters: { word: { parameterType: "STRING" } } };
  spec.root.dag.tasks.say.inputs = { parameters: { word: { componentInputParameter: "word" } } };
  return JSON.stringify(spec);
}

test("the last runs by steps: states, a metric over the runs, and the step behind a cell", async ({
  page,
  api,
  server,
  expectAccessible,
}) => {
  const { pipeline: made, version } = await api.upload({ "grid.json": pipeline("grid") });
  await page.goto(`/pipelines/${made.id}`);
  await expect(page.getByText("This pipeline has not run yet")).toBeVisible();
  await expectAccessible();

  for (const [at, word] of ["good", "bad", "better"].entries()) {
    const run = await api.createRun(version.id, { word }, `run ${at}`);
    await api.finished(run.id);
    const reported = await fetch(`${server.url}/api/runs/${run.id}/metrics`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify({ metrics: [{ name: "score", value: at / 4 }] }),
    });
    expect(reported.status).toBe(200);
  }
  // The runs arrive without a reload.
  await expect(page.getByRole("heading", { name: "The last 3 runs" })).toBeVisible();
  await expect(page.getByText(/^2 of 3 succeeded/)).toBeVisible();
  const grid = page.getByRole("table", { name: "Runs by steps" });
  await expect(grid.getByRole("link", { name: /^say, Failed.* in run 1$/ })).toBeVisible();
  await expect(
    page.getByRole("img", { name: /^score over 3 runs: lowest 0, highest 0.5, last 0.5 in run 2/ }),
  ).toBeVisible();
  await expectAccessible();

  await grid.getByRole("link", { name: /^run 2, v1, Succeeded/ }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(grid.getByRole("link", { name: /^run 1, v1, Failed/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(grid.getByRole("link", { name: /^say, Failed/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}\?task=\d+/);
  await expect(page.getByRole("heading", { name: "say" })).toBeVisible();
});

test("two versions are held against each other: parameters, steps, text; the choice stands in the address", async ({
  page,
  api,
  expectAccessible,
}) => {
  const spec = (script: string, parameters = {}) => oneStep("differs", script, parameters);
  const { pipeline } = await api.upload({ "differs.json": spec("echo one") });
  const rate = { rate: { parameterType: "NUMBER_DOUBLE", defaultValue: 0.1 } };
  await api.upload({ "differs.json": spec("echo two", rate) }, { pipelineId: pipeline.id });
  await api.upload(
    { "differs.json": spec("echo two", rate).replaceAll('"say"', '"tell"') },
    { pipelineId: pipeline.id },
  );
  await page.goto(`/pipelines/${pipeline.id}`);
  await page.getByRole("link", { name: "Compare v3" }).click();
  await expect(page).toHaveURL(/from=2&to=3/);
  const steps = page.getByRole("list", { name: "Steps that differ" });
  await expect(steps).toContainText("+ addedtell");
  await expect(steps).toContainText("− removedsay");
  await expect(page.getByText("The same parameters")).toBeVisible();
  await page.getByLabel("To version").selectOption({ label: "v1" });
  await expect(page).toHaveURL(/to=1/);
  await page.getByRole("button", { name: "Swap the versions" }).click();
  await expect(page).toHaveURL(/from=1&to=2/);
  await expect(page.getByRole("list", { name: "Parameters that differ" })).toContainText("rate 0.1");
  await expect(steps).toContainText("~ changedsay · code");
  await expect(page.getByRole("region", { name: "Differences of the texts" })).toContainText("echo two");
  await expectAccessible();
});

/** Capabilities of runs, tried as `e2e/acceptance.ts` says: failures, ends, clones, outputs, lineage, figures, code, search. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { document, node } from "@/pipelines/elyra/sample-document";
import type { RunView } from "@/server/domain/views/runs";
import { shellSteps } from "./constructs";
import { expect, test } from "./fixture";
import { HANDED_ON, oneStep } from "./pipelines";
import { type Api, apiOf } from "./support/api";
import { startServer, until } from "./support/server";

const written = (text: string): string => `seq -f '${text} %g' 1 60; echo 'ValueError: ${text}' >&2; exit 1`;

test("a run with three failures opens at the earliest, its error and last 50 lines in view", async ({ page, api }) => {
  const { version } = await api.upload({
    "thrice.json": shellSteps("thrice", {
      late: { script: `sleep 0.6; ${written("late")}` },
      first: { script: written("first") },
      between: { script: `sleep 0.3; ${written("between")}` },
      after: { script: "echo never", after: ["first"] },
    }),
  });
  const { id } = await api.createRun(version.id, {}, "thrice");
  await api.finished(id);
  await page.setViewportSize({ width: 1440, height: 1500 });
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole("button", { name: /^First failure: first/ })).toContainText("2 more failed, 1 omitted");
  await expect(page.getByRole("heading", { name: "first" })).toBeVisible();
  const log = page.getByRole("log");
  for (const line of ["ValueError: first", "first 60", "first 12"]) {
    await expect(log.getByText(line, { exact: true })).toBeInViewport();
  }
});

/** A run whose steps sleep in every slot there is, and whose last one comes after the first of them. */
async function holdSlots(api: Api, name: string): Promise<RunView> {
  const { slots } = await api.query<{ slots: { total: number } }>("system.status");
  const sleeping = Array.from({ length: slots.total }, (_, at) => [`hold-${at}`, { script: "sleep 300" }] as const);
  const last = { last: { script: "echo last", after: ["hold-0"] } };
  const { version } = await api.upload({
    "holds.json": shellSteps("holds", { ...Object.fromEntries(sleeping), ...last }),
  });
  const { id } = await api.createRun(version.id, {}, name);
  return until("every slot to be held", async () => {
    const run = await api.query<RunView>("runs.get", { id });
    return run.taskCounts.running === slots.total ? run : null;
  });
}

test("from the list runs are canceled, terminated and retried; what is impossible says why", async ({
  page,
  api,
  folder,
}) => {
  const mended = `${folder}/mended`;
  const failing = await api.upload({ "breaks.json": oneStep("breaks", `[ -e '${mended}' ] || exit 1`) });
  const failed = await api.createRun(failing.version.id, {}, "ends failed");
  await api.finished(failed.id);
  const running = await holdSlots(api, "ends running");
  const pending = await api.createRun(failing.version.id, {}, "ends pending");

  await page.goto("/runs?q=ends&sort=name&dir=asc");
  const choose = (name: string) => page.getByRole("checkbox", { name: new RegExp(name) }).click();
  await choose("ends failed");
  const terminate = page.getByRole("button", { name: "Terminate", exact: true });
  await expect(terminate).toHaveAttribute("aria-disabled", "true");
  await terminate.hover();
  await expect(page.getByRole("tooltip")).toContainText("None of them is pending or running");
  writeFileSync(mended, "");
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Retry/ })
    .click();
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await choose("ends running");
  await choose("ends pending");
  await terminate.click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Terminate 2 runs/ })
    .click();
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  expect((await api.finished(pending.id)).state).toBe("canceled");
  expect((await api.finished(running.id)).state).toBe("canceled");
  await expect(page.getByRole("row", { name: /ends failed/ })).toContainText("Succeeded");
});

test("a waiting step says which limit holds it, its place, and who has the slots; a stopped run says who stopped it", async ({
  page,
  api,
  expectAccessible,
}) => {
  const waiting = await api.upload({ "queued.json": oneStep("queued", "echo begun") });
  const holder = await holdSlots(api, "holds the slots");
  await page.goto(`/runs/${holder.id}?step=last`);
  const why = page.getByRole("note", { name: "Why" });
  await expect(why).toContainText("waits for");
  await expect(why.getByRole("list", { name: "Waits for" })).toContainText("hold-0");
  const { id } = await api.createRun(waiting.version.id, {}, "waits for them");
  await page.goto(`/runs/${id}?step=say`);
  await expect(why).toContainText("It waits for a step slot");
  await expect(why).toContainText(/step slots in use\. It is next/);
  await expect(why.getByRole("link", { name: "holds the slots, hold-0" })).toBeVisible();
  await expectAccessible();
  await api.mutate("runs.cancel", { id: holder.id });
  await expect(page.getByRole("log")).toContainText("begun");
  await page.goto(`/runs/${holder.id}?step=hold-0`);
  await expect(page.getByRole("note", { name: "What holds the run" })).toContainText("Somebody ended it.");
  await expect(page.getByRole("note", { name: "Why" })).toContainText("Its run was ended");
});

test("a clone that changes nothing is asked for the same, and is linked to its original", async ({ page, api }) => {
  const parameters = {
    word: { parameterType: "STRING", defaultValue: "a" },
    count: { parameterType: "NUMBER_INTEGER" },
  };
  const { version } = await api.upload({ "cloned.json": oneStep("cloned", "true", parameters) });
  const original = await api.createRun(version.id, { word: "quince", count: 7 }, "the original");
  await api.finished(original.id);
  await page.goto(`/runs/${original.id}`);
  await page.getByRole("link", { name: "Clone", exact: true }).click();
  await expect(page.getByText(/depended on its time.* is not made anew/)).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page).toHaveTitle(/Clone of the original · succeeded/);
  const clone = await api.query<RunView>("runs.get", { id: page.url().split("/").at(-1)?.split("?")[0] });
  expect(clone.parameters).toEqual({ word: "quince", count: 7 });
  await page.getByText("cloned from").getByRole("link", { name: "the original" }).click();
  await expect(page).toHaveURL(new RegExp(original.id));
});

test("two archived runs leave the active list and stand in the archive; undo takes both back unchanged", async ({
  page,
  api,
}) => {
  const { version } = await api.upload({ "counted.json": oneStep("counted", "true") });
  for (const name of ["counted-1", "counted-2", "counted-3"])
    await api.finished((await api.createRun(version.id, {}, name)).id);
  const total = async (archived: boolean) =>
    (await api.query<{ total: number }>("runs.list", { search: "counted-", archived })).total;
  await page.goto("/runs?q=counted-");
  for (const name of ["counted-1", "counted-2"]) await page.getByRole("checkbox", { name: new RegExp(name) }).click();
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  expect([await total(false), await total(true)]).toEqual([1, 2]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("row")).toHaveCount(4);
  expect([await total(false), await total(true)]).toEqual([3, 0]);
  await expect(page.getByRole("row", { name: /counted-1/ })).toContainText("Succeeded");
});

/** Two scripts one after the other; each leaves a metric and a file, and the second reads what the first has left. */
async function leaving(api: Api): Promise<RunView> {
  const script = (name: string, more: string) =>
    `import json\njson.dump({"metrics": [{"name": "score-${name}", "numberValue": 0.5, "format": "RAW"}]}, open("mlpipeline-metrics.json", "w"))\n${more}\nopen("${name}.txt", "w").write("left by ${name}")\n`;
  const pipeline = document(
    [
      node("make", { parameters: { filename: "make.py", outputs: ["make.txt"] } }),
      node("use", { after: ["make"], parameters: { filename: "use.py", outputs: ["use.txt"] } }),
    ],
    { properties: { name: "leaves" } },
  );
  const { version } = await api.upload({
    "leaves.pipeline": JSON.stringify(pipeline),
    "make.py": script("make", ""),
    "use.py": script("use", "open('make.txt').read()"),
  });
  const run = await api.finished((await api.createRun(version.id, {}, "leaves")).id);
  expect(run.state, JSON.stringify(run.reason)).toBe("succeeded");
  return run;
}

test("what two steps have left, a metric and a file each, is on one tab", async ({ page, api }) => {
  const run = await leaving(api);
  await page.goto(`/runs/${run.id}?view=outputs`);
  for (const name of ["make", "use"]) {
    await expect(page.getByText(`score-${name}`).first()).toBeVisible();
    await expect(page.getByRole("region", { name: `Artifact ${name}.txt` })).toContainText(`left by ${name}`);
  }
});

test("from an artifact one comes to its producer, to a consumer, and back", async ({ page, api }) => {
  const { version } = await api.upload({ "handed-on.json": HANDED_ON });
  const run = await api.createRun(version.id, {}, "handed on");
  await api.finished(run.id);
  await page.goto("/artifacts?q=model");
  await page
    .getByRole("row", { name: /handed on/ })
    .getByRole("link", { name: "model" })
    .click();
  await expect(page).toHaveURL(/\/artifacts\/\d+/);
  const lineage = page.getByRole("region", { name: "Lineage graph" });
  for (const step of ["make", "take"]) {
    await lineage.getByRole("link", { name: new RegExp(`^${step} Succeeded`) }).click();
    await expect(page.getByRole("heading", { name: step })).toBeVisible();
    await page.goBack();
    await expect(lineage).toBeVisible();
  }
});

test("a step that sleeps a second and holds 100 MB shows both, also after a restart", async ({ page }) => {
  const first = await startServer({ env: { PENSTOCK_AUTH: "off" } });
  const api = apiOf(first);
  const script =
    "python3 -c 'import time; held = bytearray(100_000_000); held[::4096] = b\"x\" * len(held[::4096]); time.sleep(1.2)'";
  const { version } = await api.upload({ "holds.json": oneStep("holds", script) });
  const run = await api.finished((await api.createRun(version.id, {}, "measured")).id);
  const look = async (url: string) => {
    await page.goto(`${url}/runs/${run.id}?step=say&tab=overview`);
    const facts = page.getByRole("region", { name: "Step say" });
    await expect(facts.getByText(/^Peak memory/)).toBeVisible();
    await expect(facts).toContainText(/Peak memory\s*1[0-9]{2} MB/);
    await expect(facts).toContainText(/Ran\s*[1-9]/);
    await page.goto("about:blank");
  };
  await look(first.url);
  await first.stop();
  const again = await startServer({ home: first.home, env: { PENSTOCK_AUTH: "off" } });
  await look(again.url);
  await again.remove();
});

test("the command of a step, pasted into a terminal, writes the same", async ({ page, api, context }) => {
  const { version } = await api.upload({
    "said.json": oneStep("said", `printf '%s\\n' "it's 6 * 7" "$HOME" | sed s/6/7/`),
  });
  const run = await api.finished((await api.createRun(version.id, {}, "said")).id);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/runs/${run.id}?step=say&tab=code`);
  await page.getByRole("button", { name: "Copy the command" }).click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain("6 * 7");
  const command = await copied();
  const log = await (await page.request.get(`/api/tasks/${run.tasks[0]?.id}/attempts/1/log`)).text();
  expect(log).toContain("it's 7 * 7");
  expect(execFileSync("sh", ["-c", command], { encoding: "utf8", env: process.env })).toBe(log);
});

test("three letters of a tag lead to its run from anywhere", async ({ page, api }) => {
  const { version } = await api.upload({ "tagged.json": oneStep("tagged", "true") });
  const run = await api.createRun(version.id, {}, "nothing special");
  await api.mutate("runs.rename", { id: run.id, name: "nothing special", tags: { fruit: "zwetschge" } });
  await page.goto("/pipelines");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("zwe");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${run.id}`));
});

test("an experiment is made where it is chosen, and the run is in it", async ({ page, api }) => {
  const { pipeline } = await api.upload({ "placed.json": oneStep("placed", "true") });
  await page.goto(`/runs/new?pipeline=${pipeline.id}`);
  await page.getByRole("combobox", { name: "Experiment" }).click();
  await page.getByPlaceholder("Search experiments").fill("made on the spot");
  await page.getByRole("option", { name: "Create “made on the spot”" }).click();
  await expect(page.getByRole("combobox", { name: "Experiment" })).toContainText("made on the spot");
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page).toHaveTitle(/succeeded/);
  await page.getByRole("link", { name: "made on the spot" }).click();
  await expect(page).toHaveURL(/\/experiments\//);
});

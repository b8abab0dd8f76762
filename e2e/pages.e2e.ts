/** Every page but the run's: its main job by keyboard and pointer, its address, its empty and its broken state, and axe. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixture";
import { elyraWithScript, oneStep } from "./pipelines";
import { startServer } from "./support/server";

const EVERY_TYPE = {
  rounds: { parameterType: "NUMBER_INTEGER", description: "How often." },
  rate: { parameterType: "NUMBER_DOUBLE", defaultValue: 0.5 },
  verbose: { parameterType: "BOOLEAN", defaultValue: false },
  tags: { parameterType: "LIST", defaultValue: ["a"] },
  options: { parameterType: "STRUCT", defaultValue: { depth: 3 } },
  label: { parameterType: "STRING", defaultValue: "one" },
};

test("a new installation offers examples, and one of them runs with a click", async ({ page, expectAccessible }) => {
  const server = await startServer({ env: { PENSTOCK_AUTH: "off" } });
  try {
    await page.goto(server.url);
    await expect(page.getByRole("heading", { name: "Welcome to Penstock" })).toBeVisible();
    await expectAccessible();
    await page.getByRole("button", { name: /^Run / }).first().click();
    await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
    // The browser lets go of the stream first, or the server would wait for it.
    await page.goto("about:blank");
  } finally {
    await server.remove();
  }
});

test("a .pipeline without its script is incomplete; the script added, it runs", async ({
  page,
  folder,
  expectAccessible,
}) => {
  const pipeline = join(folder, "lonely.pipeline");
  writeFileSync(pipeline, elyraWithScript("lonely", "say.py"));
  writeFileSync(join(folder, "say.py"), "print('hello')\n");
  await page.goto("/pipelines/new");
  await page.getByLabel("Files", { exact: true }).setInputFiles(pipeline);
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await expect(page.getByRole("heading", { name: "lonely v1 is incomplete" })).toBeVisible();
  await expect(page.getByText("say.py")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create run" })).toHaveAttribute("aria-disabled", "true");
  await expectAccessible();
  await page.getByLabel("Files", { exact: true }).setInputFiles(join(folder, "say.py"));
  await expect(page.getByRole("heading", { name: "lonely v1 is ready to run" })).toBeVisible();
  await page.getByRole("link", { name: "Create run" }).click();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
});

test("a folder is uploaded with its paths", async ({ page, folder }) => {
  const root = join(folder, "project");
  mkdirSync(join(root, "steps"), { recursive: true });
  writeFileSync(join(root, "whole.pipeline"), elyraWithScript("whole", "steps/say.py"));
  writeFileSync(join(root, "steps", "say.py"), "print('hello')\n");
  await page.goto("/pipelines/new");
  await page.getByLabel("Folder", { exact: true }).setInputFiles(root);
  await expect(page.getByRole("list", { name: "Chosen files" })).toContainText("project/steps/say.py");
  await page.getByRole("button", { name: "Upload 2 files" }).click();
  await expect(page.getByRole("heading", { name: "whole v1 is ready to run" })).toBeVisible();
});

test("a file that is no pipeline is refused with the reason, and nothing is stored", async ({ page, folder, api }) => {
  const file = join(folder, "picture.pipeline");
  writeFileSync(file, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
  const before = await api.query<{ total: number }>("pipelines.list", {});
  await page.goto("/pipelines/new");
  await page.getByLabel("Files", { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "nothing was stored" })).toBeVisible();
  expect((await api.query<{ total: number }>("pipelines.list", {})).total).toBe(before.total);
});

test("a run is created by keyboard; what is missing or wrong is said at its field", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { pipeline } = await api.upload({ "typed.json": oneStep("typed", "true", EVERY_TYPE) });
  await page.goto(`/runs/new?pipeline=${pipeline.id}`);
  await expect(page.getByLabel("rounds")).toBeVisible();
  await expectAccessible();
  await page.getByLabel("tags").fill("[1,");
  await page.keyboard.press("Control+Enter");
  const summary = page.getByRole("alert").filter({ hasText: "cannot start" });
  await expect(summary).toBeFocused();
  await expect(summary).toContainText("rounds: This value is required.");
  await expect(summary).toContainText("tags: This is not JSON");
  await summary.getByRole("link", { name: "rounds" }).press("Enter");
  await expect(page.getByLabel("rounds")).toBeFocused();
  await page.keyboard.type("three");
  await page.keyboard.press("Tab");
  await expect(page.getByText("Write a whole number, such as 42.")).toBeVisible();
  await page.getByLabel("rounds").fill("3");
  await page.getByLabel("tags").fill('["x", "y"]');
  await page.getByRole("switch", { name: "verbose" }).click();
  await page.getByLabel("Name", { exact: true }).fill("typed once");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  const runs = await api.query<{ items: readonly { parameters: unknown }[] }>("runs.list", { search: "typed once" });
  expect(runs.items).toHaveLength(1);
  expect(runs.items[0]?.parameters).toEqual({
    rounds: 3,
    rate: 0.5,
    verbose: true,
    tags: ["x", "y"],
    options: { depth: 3 },
    label: "one",
  });
});

test("the list of runs: filters stand in the address, a selection is archived and comes back", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { version } = await api.upload({ "listed.json": oneStep("listed", "true") });
  const broken = await api.upload({ "breaks.json": oneStep("breaks", "echo no; exit 3") });
  for (const name of ["listed-1", "listed-2", "listed-3"])
    await api.finished((await api.createRun(version.id, {}, name)).id);
  await api.finished((await api.createRun(broken.version.id, {}, "listed-broken")).id);
  await page.goto("/runs");
  await page.keyboard.press("/");
  await page.keyboard.type("listed-");
  await expect(page).toHaveURL(/q=listed-/);
  await expect(page.getByRole("row")).toHaveCount(5);
  await expectAccessible();
  await page.getByRole("button", { name: /^Failed/ }).click();
  await expect(page).toHaveURL(/state=failed/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.goBack();
  await expect(page.getByRole("row")).toHaveCount(5);
  await page.getByRole("searchbox").blur();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("2 runs selected")).toBeVisible();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("row")).toHaveCount(5);
  await page.getByRole("searchbox").fill("no such run");
  await expect(page.getByText("No run matches “no such run”")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page).toHaveURL(/\/runs$/);
});

test("a run that comes in waits behind a pill, and one that ends says so without reload", async ({
  page,
  api,
  server,
}) => {
  const gate = join(server.home, "tmp", "pill");
  const { version } = await api.upload({
    "waits.json": oneStep("waits", `while [ ! -e '${gate}' ]; do sleep 0.05; done`),
  });
  const first = await api.createRun(version.id, {}, "waits-1");
  await page.goto("/runs?q=waits-");
  await expect(page.getByRole("row", { name: /waits-1/ })).toContainText(/Running/);
  await api.createRun(version.id, {}, "waits-2");
  await expect(page.getByRole("button", { name: "1 new run" })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "1 new run" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  writeFileSync(gate, "");
  await api.finished(first.id);
  await expect(page.getByRole("row", { name: /waits-1/ })).toContainText(/Succeeded/);
});

test("a pipeline: versions, tabs in the address, text, and its name edited", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { pipeline } = await api.upload({ "shown.json": oneStep("shown", "echo one") });
  await api.upload({ "shown.json": oneStep("shown", "echo two", EVERY_TYPE) }, { pipelineId: pipeline.id });
  await page.goto(`/pipelines/${pipeline.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "shown" })).toBeVisible();
  for (const [tab, sign] of [
    ["Parameters", "How often."],
    ["Spec", "echo two"],
    ["Problems", "Nothing to report"],
  ] as const) {
    await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
    await expect(page.getByText(sign).first()).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`tab=${tab.toLowerCase()}`));
    await expectAccessible();
  }
  await page.getByRole("tab", { name: "Spec" }).click();
  await page.getByRole("textbox", { name: /^Text of shown/ }).focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("echo two");
  await page.keyboard.press("Enter");
  await expect(page.locator(".cm-searchMatch-selected")).toHaveText("echo two");
  await expectAccessible();
  await page.keyboard.press("Escape");
  await page.getByTitle("Fold line").filter({ visible: true }).first().click();
  await expect(page.getByText("echo two")).toHaveCount(0);
  await page.getByTitle("Unfold line").filter({ visible: true }).click();
  await page.getByRole("link", { name: /^v1/ }).click();
  await expect(page).toHaveURL(/versions\/1\?tab=spec/);
  await expect(page.getByText("echo one").first()).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /^Edit/ }).click();
  await page.getByLabel(/^Name/).fill("shown anew");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "shown anew" })).toBeVisible();
});

test("experiments: created, listed, archived and brought back", async ({ page, expectAccessible }) => {
  await page.goto("/experiments");
  await expectAccessible();
  await page.getByRole("link", { name: "Create experiment" }).click();
  await page.getByRole("button", { name: "Create experiment" }).click();
  await expect(page.getByText("Give it a name.")).toBeVisible();
  await page.getByLabel(/^Name/).fill("nightly");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "nightly" })).toBeVisible();
  await expectAccessible();
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Archive" })).toBeVisible();
});

test("experiments are filtered, kept as a view and taken away as a file", async ({ page, api, expectAccessible }) => {
  const { version } = await api.upload({ "counted.json": oneStep("counted", "true") });
  for (const name of ["counted one", "counted two"]) {
    const { id } = await api.mutate<{ id: string }>("experiments.create", { name });
    if (name === "counted one") await api.mutate("runs.create", { versionId: version.id, experimentId: id });
  }
  await page.goto("/experiments?q=counted");
  await expect(page.getByRole("row")).toHaveCount(3);
  await expectAccessible();
  await page.keyboard.press("f");
  const dialog = page.getByRole("dialog", { name: "Filter" });
  await dialog.getByLabel("As text").fill("name contains counted and runs >= 1");
  await expect(dialog.getByText("1 experiment matches")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the new view").fill("counted ones");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "JSON" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject([{ name: "counted one", runs: 1 }]);

  await page.goto("/experiments");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "counted ones", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("checkbox", { name: "Select counted one" }).click();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("No experiments match")).toBeVisible();
  await page.goto("/experiments?q=counted");
  await expect(page.getByRole("link", { name: "counted two" })).toBeVisible();
  await page.getByRole("combobox", { name: "Active or archived" }).selectOption("archived");
  await expect(page).toHaveURL(/filter=state/);
  await expect(page.getByRole("link", { name: "counted one" })).toBeVisible();
});

test("search finds a run from anywhere, and keys lead around", async ({ page, api, expectAccessible }) => {
  const { version } = await api.upload({ "found.json": oneStep("found", "true") });
  const run = await api.createRun(version.id, {}, "needle-in-hay");
  await page.goto("/experiments");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("needle");
  await expect(page.getByRole("option", { name: /needle-in-hay/ })).toBeVisible();
  await expectAccessible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${run.id}`));
  await page.keyboard.press("?");
  await expect(page.getByRole("heading", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(/\/pipelines$/);
});

test("addresses of Kubeflow lead to ours, and an address that leads nowhere says so", async ({ page, api }) => {
  const { version } = await api.upload({ "linked.json": oneStep("linked", "true") });
  const run = await api.createRun(version.id);
  await page.goto(`/#/runs/details/${run.id}`);
  await expect(page).toHaveURL(new RegExp(`/runs/${run.id}$`));
  await page.goto("/nowhere");
  await expect(page.getByText("There is nothing at this address")).toBeVisible();
});

test("an address of Kubeflow survives the door", async ({ page }) => {
  const server = await startServer();
  try {
    for (const [hash, end] of [
      ["#/experiments/details/e1", "/experiments/e1"],
      ["#/pipelines/details/p1/version/v1", "/pipelines/p1?versionId=v1"],
    ] as const) {
      await page.context().clearCookies();
      await page.goto(`${server.url}/${hash}`);
      await page.getByLabel("Token").fill(server.token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page).toHaveURL(`${server.url}${end}`);
      // The page must not notice that it is signed out, or it would go to the door by itself.
      await page.goto("about:blank");
    }
  } finally {
    await server.remove();
  }
});

test("signing in says what is wrong with a token", async ({ page, expectAccessible }) => {
  await page.goto("/sign-in?code=stale");
  await expect(page.getByRole("alert").filter({ hasText: "That did not work" })).toBeVisible();
  await expectAccessible();
});

for (const [name, width] of [
  ["wide", 1440],
  ["narrow", 390],
] as const) {
  test(`every page is whole in both themes, ${name}`, async ({ page, api, expectAccessible }) => {
    // There are many pages, and each is checked twice.
    test.setTimeout(240_000);
    const { pipeline } = await api.upload({ "themes.json": oneStep("themes", "true", EVERY_TYPE) });
    await page.setViewportSize({ width, height: 844 });
    const pages = [
      "/",
      "/runs",
      "/pipelines",
      `/pipelines/${pipeline.id}?tab=graph`,
      `/pipelines/${pipeline.id}?tab=settings`,
      `/runs/new?pipeline=${pipeline.id}`,
      "/settings",
      "/settings/profiles",
      "/settings/profiles/new",
      "/settings/secrets",
      "/settings/volumes",
      "/settings/environments",
      "/settings/storage",
    ];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const path of pages) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectAccessible();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
      }
    }
  });
}

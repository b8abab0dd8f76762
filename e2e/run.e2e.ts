/** The run page in a browser: live states, failure first, logs, keyboard, the address, and no accessibility violation. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Api, apiOf } from "./support/api";
import { startServer, type TestServer } from "./support/server";

/** Steps that wait for a file of their own, so that the test decides when they go on. */
interface ShellStep {
  readonly name: string;
  readonly script: string;
  readonly after?: readonly string[];
}

/** A compiled pipeline of shell steps. */
function shellPipeline(name: string, steps: readonly ShellStep[]): string {
  return JSON.stringify({
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.13.0",
    components: Object.fromEntries(steps.map((step) => [`comp-${step.name}`, { executorLabel: `exec-${step.name}` }])),
    deploymentSpec: {
      executors: Object.fromEntries(
        steps.map((step) => [`exec-${step.name}`, { container: { image: "any", command: ["sh", "-c", step.script] } }]),
      ),
    },
    root: {
      dag: {
        tasks: Object.fromEntries(
          steps.map((step) => [
            step.name,
            {
              componentRef: { name: `comp-${step.name}` },
              taskInfo: { name: step.name },
              cachingOptions: {},
              ...(step.after ? { dependentTasks: step.after } : {}),
            },
          ]),
        ),
      },
    },
  });
}

let server: TestServer;
let api: Api;
let trouble: string[] = [];

test.beforeAll(async () => {
  server = await startServer({ env: { PENSTOCK_AUTH: "off" } });
  api = apiOf(server);
});
test.afterAll(() => server.remove());
test.beforeEach(({ page }) => {
  trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
});
test.afterEach(() => expect(trouble).toEqual([]));

async function start(name: string, steps: readonly ShellStep[]): Promise<string> {
  const upload = await api.upload({ [`${name}.json`]: shellPipeline(name, steps) });
  return (await api.createRun(upload.version.id, {}, name)).id;
}

const open = (page: Page, run: string, query = "") => page.goto(`${server.url}/runs/${run}${query}`);
const node = (page: Page, name: string) => page.locator(`button[data-step="${name}"]`);

const FAILING: readonly ShellStep[] = [
  { name: "load", script: "echo loading" },
  { name: "train", script: "seq 1 200; echo 'ValueError: quince' >&2; exit 3", after: ["load"] },
  { name: "publish", script: "echo never", after: ["train"] },
];

test("a failed run opens at its first failure, with the error and the end of its log", async ({ page }) => {
  const run = await start("fails", FAILING);
  await api.finished(run);
  await open(page, run);
  await expect(page.getByRole("button", { name: /^First failure: train/ })).toContainText("quince");
  await expect(page.getByRole("heading", { name: "train" })).toBeVisible();
  await expect(page.getByRole("log")).toContainText("ValueError: quince");
  await expect(page.getByRole("log")).toContainText("200");
  await expect(node(page, "publish")).toHaveAccessibleName(/Omitted/);
  await expect(page).toHaveTitle(/fails · failed/);
});

test("a failed run is held against the last good one of its pipeline", async ({ page }) => {
  const good = await start("held", [{ name: "train", script: "echo fine" }]);
  await api.finished(good);
  const bad = await start("held", [{ name: "train", script: "echo quince; exit 1" }]);
  await api.finished(bad);
  await open(page, bad, "?view=timeline");
  const line = page.getByRole("paragraph").filter({ hasText: "which succeeded last" });
  await expect(line).toHaveText(/^Asked for as held, which succeeded last, but version v1 → v2\.\s*$/);
  await expect(page.getByRole("button", { name: /^train, Failed.* on the critical path$/ })).toBeVisible();
  await line.getByRole("link", { name: "held" }).click();
  await expect(page).toHaveURL(new RegExp(good));
});

test("states, log and title follow a run without reload", async ({ page }) => {
  const gate = `${server.home}/tmp/gate`;
  const run = await start("follows", [
    { name: "wait", script: `echo begun; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo gone on` },
    { name: "after", script: "echo after", after: ["wait"] },
  ]);
  await open(page, run, "?step=wait");
  await expect(node(page, "wait")).toHaveAccessibleName(/Running/);
  await expect(page.getByRole("log")).toContainText("begun");
  const { writeFileSync } = await import("node:fs");
  writeFileSync(gate, "");
  await expect(page.getByRole("log")).toContainText("gone on");
  await expect(node(page, "after")).toHaveAccessibleName(/Succeeded/);
  await expect(page).toHaveTitle(/follows · succeeded/);
  await expect(page.getByRole("button", { name: "Terminate" })).toHaveCount(0);
});

test("a running run is terminated after a question", async ({ page }) => {
  const run = await start("ends", [{ name: "sleep", script: "sleep 300" }]);
  await open(page, run);
  await expect(node(page, "sleep")).toHaveAccessibleName(/Running/);
  await page.getByRole("button", { name: "Terminate" }).click();
  await page.getByRole("button", { name: "Terminate run" }).click();
  await expect(page).toHaveTitle(/ends · canceled/);
});

test("the logs of all steps are read as one, narrowed to errors, and a line has a link", async ({ page }) => {
  const run = await start("together", [
    { name: "left", script: "echo left begins; sleep 0.4; echo left ends" },
    { name: "right", script: "sleep 0.2; echo right between; echo 'ERROR: quince'", after: [] },
    { name: "last", script: "echo last begins; seq 1 300; echo done", after: ["left", "right"] },
  ]);
  await api.finished(run);
  await open(page, run, "?view=log");
  const log = page.getByRole("log");
  await expect(log).toContainText("done");
  await page.getByRole("searchbox", { name: "Show lines with" }).fill("begins");
  await expect(page.getByText("2 of 306 lines")).toBeVisible();
  await page.getByRole("searchbox", { name: "Show lines with" }).fill("");
  await page.getByRole("button", { name: "Errors 1" }).click();
  await expect(log).toContainText("ERROR: quince");
  await expect(log).not.toContainText("left begins");
  await expect(page).toHaveURL(/level=error/);
  await log.getByRole("button", { name: "Link to this line" }).click();
  await expect(page).toHaveURL(/at=\d+\.\d+\.\d+/);
  const text = (await log.textContent()) ?? "";
  const order = ["left begins", "right between", "ERROR: quince", "left ends", "last begins"].map((line) =>
    text.indexOf(line),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  await page.reload();
  await expect(log).toContainText("ERROR: quince");
  await log.getByRole("button", { name: "right" }).first().click();
  await expect(page.getByRole("heading", { name: "right" })).toBeVisible();
  await page.getByRole("button", { name: "Errors 1" }).click();
  await expect(page.getByRole("log")).not.toContainText("right between");
});

test("a run is renamed and given notes and tags, and undone", async ({ page }) => {
  const run = await start("named", [{ name: "say", script: "true" }]);
  await api.finished(run);
  await open(page, run, "?view=details");
  await page.getByRole("region", { name: "Notes" }).getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Name (required)" }).fill("quince run");
  await page.getByRole("textbox", { name: "Notes" }).fill("tried with quinces");
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByLabel("Tag name").fill("fruit");
  await page.getByLabel("Tag value").fill("quince");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "quince run" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Notes" })).toContainText("tried with quinces");
  await page.getByRole("link", { name: "fruit: quince" }).click();
  await expect(page.getByRole("link", { name: "quince run", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("No run matches")).toBeVisible();
});

test("selection, view, tab and line stand in the address and come back", async ({ page }) => {
  const run = await start("links", FAILING);
  await api.finished(run);
  await open(page, run);
  await page.getByRole("tab", { name: "Steps" }).click();
  await page.getByRole("rowheader", { name: /load/ }).getByRole("button").click();
  await expect(page.getByRole("log")).toContainText("loading");
  await page.getByRole("button", { name: "Link to line 1" }).click();
  await expect(page).toHaveURL(/view=steps.*line=1/);
  await page.reload();
  await expect(page.getByRole("heading", { name: "load" })).toBeVisible();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByRole("button", { name: /^load, Succeeded/ })).toHaveAttribute("aria-pressed", "true");
  await page.goBack();
  await expect(page.getByRole("columnheader", { name: "Took" })).toBeVisible();
});

test("the graph is walked by keyboard", async ({ page }) => {
  const run = await start("keys", FAILING);
  await api.finished(run);
  await open(page, run);
  await node(page, "train").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(node(page, "load")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "load" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Step load" })).toHaveCount(0);
});

test("the log is searched, and colours and rewritten lines are shown as a terminal does", async ({ page }) => {
  const script =
    "printf '\\033[31mred\\033[0m plain\\n'; printf '10%%\\r50%%\\r100%%\\n'; printf '<b>no markup</b>\\n'; seq -f 'row %g' 1 500";
  const run = await start("colours", [{ name: "talk", script }]);
  await api.finished(run);
  await open(page, run, "?step=talk&line=1");
  const log = page.getByRole("log");
  await expect(log).toContainText("<b>no markup</b>");
  await expect(log).toContainText("100%");
  await expect(log).not.toContainText("50%");
  await log.focus();
  await page.keyboard.press("/");
  await page.keyboard.type("row 500");
  await expect(page.getByRole("status").filter({ hasText: /^1$/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(log.locator("mark")).toHaveText("row 500");
});

for (const view of ["graph", "timeline", "steps", "outputs", "parameters", "details"]) {
  test(`${view} has no accessibility violation`, async ({ page }) => {
    const run = await start(`axe-${view}`, FAILING);
    await api.finished(run);
    await open(page, run, `?view=${view}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("tab", { name: new RegExp(view, "i"), selected: true }).first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
    expect(violations.map((each) => `${each.id}: ${each.nodes.map((found) => found.target).join(", ")}`)).toEqual([]);
  });
}

test("a view that does not arrive says so in its own place, and the page stays", async ({ page }) => {
  const run = await start("partly", [{ name: "say", script: "true" }]);
  await api.finished(run);
  await open(page, run, "?view=parameters");
  await expect(page.getByText("No parameters")).toBeVisible();
  await page.route("**/*.js", (route) => route.abort());
  await page.getByRole("tab", { name: "Log", exact: true }).click();
  await expect(page.getByText("This view cannot be shown")).toBeVisible();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText(run).first()).toBeVisible();
  // The browser's own lines about what it was kept from are what this test brought about.
  trouble = trouble.filter((line) => !/chunk|Failed to load resource/i.test(line));
});

/** Runs side by side: differences first, a baseline with deltas, charts and artifacts, everything in the address. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { openDatabase } from "@/db/client";
import { randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import type { RunView } from "@/server/domain/views/runs";
import { expect, test } from "./fixture";
import type { Api } from "./support/api";
import type { TestServer } from "./support/server";

const TYPES = {
  quality: "system.ClassificationMetrics",
  report: "system.HTML",
  note: "system.Markdown",
  numbers: "system.Metrics",
} as const;

const path = (name: keyof typeof TYPES): string => `{{$.outputs.artifacts['${name}'].path}}`;

/** A step that leaves a page and a note, and one that leaves metrics as the SDK does, through its result file. */
function spec(name: string, image: string): string {
  const artifacts = Object.fromEntries(
    Object.entries(TYPES).map(([key, schemaTitle]) => [key, { artifactType: { schemaTitle, schemaVersion: "0.0.1" } }]),
  );
  const parameters = { accuracy: { parameterType: "NUMBER_DOUBLE" }, shows: { parameterType: "BOOLEAN" } };
  const script = [
    'echo "trained to $1 at $(date -u +%H:%M:%S)"',
    'printf "# Accuracy %s\\n" "$1" > "$4"',
    'if [ "$2" = true ]; then printf "<p>The page of %s</p>" "$1" > "$3"; fi',
    'mkdir -p "$(dirname "$5")"',
    'printf "%s" "$6" | sed "s/ACCURACY/$1/g" > "$5"',
  ].join("\n");
  const result = JSON.stringify({
    artifacts: {
      numbers: { artifacts: [{ name: "numbers", metadata: { accuracy: "ACCURACY" } }] },
      quality: {
        artifacts: [
          {
            name: "quality",
            metadata: {
              confidenceMetrics: [0, 0.5, 1].map((at) => ({
                confidenceThreshold: 1 - at,
                falsePositiveRate: at,
                recall: at === 0.5 ? "ACCURACY" : at,
              })),
              confusionMatrix: {
                annotationSpecs: [{ displayName: "ripe" }, { displayName: "raw" }],
                rows: [{ row: [8, 2] }, { row: [1, 9] }],
              },
            },
          },
        ],
      },
    },
  }).replaceAll('"ACCURACY"', "ACCURACY");
  return JSON.stringify({
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.13.0",
    components: {
      "comp-train": { executorLabel: "train", inputDefinitions: { parameters }, outputDefinitions: { artifacts } },
    },
    deploymentSpec: {
      executors: {
        train: {
          container: {
            image,
            command: ["sh", "-c", script, "train"],
            args: [
              "{{$.inputs.parameters['accuracy']}}",
              "{{$.inputs.parameters['shows']}}",
              path("report"),
              path("note"),
              "{{$.outputs.output_file}}",
              result,
            ],
          },
        },
      },
    },
    root: {
      inputDefinitions: { parameters },
      dag: {
        tasks: {
          train: {
            componentRef: { name: "comp-train" },
            taskInfo: { name: "train" },
            inputs: {
              parameters: {
                accuracy: { componentInputParameter: "accuracy" },
                shows: { componentInputParameter: "shows" },
              },
            },
          },
        },
      },
    },
  });
}

/** Three runs: the second and third of a newer version; the last one leaves no page. */
async function threeRuns(api: Api, name: string): Promise<readonly RunView[]> {
  const first = await api.upload({ "compared.json": spec(name, "first:1") });
  const second = await api.upload({ "compared.json": spec(name, "second:2") }, { pipelineId: first.pipeline.id });
  const started = [
    await api.createRun(first.version.id, { accuracy: 0.5, shows: true }, `${name}-1`),
    await api.createRun(second.version.id, { accuracy: 0.75, shows: true }, `${name}-2`),
    await api.createRun(second.version.id, { accuracy: 0.25, shows: false }, `${name}-3`),
  ];
  const ended = [];
  for (const { id } of started) ended.push(await api.finished(id));
  for (const run of ended) expect(run.state, JSON.stringify(run.tasks.map((task) => task.reason))).toBe("succeeded");
  return ended;
}

const ids = (runs: readonly RunView[]): string => runs.map((run) => run.id).join(",");
const row = (page: Page, name: string | RegExp) =>
  page
    .getByRole("grid")
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name }) });

test("two to ten runs: only differences, baseline, deltas, order; the whole layout in the address", async ({
  page,
  api,
  expectAccessible,
}) => {
  const runs = await threeRuns(api, "side");
  await page.goto(`/compare?runs=${ids(runs)}`);
  await expect(page.getByRole("heading", { level: 1, name: "Compare 3 runs" })).toBeVisible();
  const accuracy = row(page, /^accuracy numbers|^accuracy train/).last();
  await expect(accuracy).toContainText("0.75");
  await expect(accuracy).toContainText("+0.25");
  await expect(row(page, "Profile")).toHaveCount(0);
  await expectAccessible();

  await accuracy.getByRole("button", { name: /which way is better is not said/ }).click();
  await expect(accuracy).toContainText("better");
  await expect(accuracy).toContainText("worse");

  await page.getByRole("switch", { name: "Only differences" }).click();
  await expect(page).toHaveURL(/all=true/);
  await expect(row(page, "Profile")).toHaveCount(1);
  await page.getByRole("button", { name: "Actions on side-2" }).click();
  await page.getByRole("menuitem", { name: /Measure the others/ }).click();
  await expect(page).toHaveURL(new RegExp(`base=${runs[1]?.id}`));
  await page.getByRole("button", { name: "Actions on side-3" }).click();
  await page.getByRole("menuitem", { name: "Move left" }).click();
  const order = `runs=${[runs[0], runs[2], runs[1]].map((run) => run?.id).join("(?:,|%2C)")}`;
  await expect(page).toHaveURL(new RegExp(order));
  await page.getByRole("link", { name: "side-3" }).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect(page).not.toHaveURL(new RegExp(order));
  await page.reload();
  await expect(row(page, "Profile")).toHaveCount(1);
  await expect(page.getByRole("columnheader", { name: /side-2 baseline/ })).toBeVisible();
});

test("the table is walked by keys alone, and every cell opens its source", async ({ page, api }) => {
  const runs = await threeRuns(api, "keys");
  await page.goto(`/compare?runs=${ids(runs)}`);
  await expect(page.getByRole("grid")).toBeVisible();
  await page.getByRole("rowheader", { name: "accuracy", exact: true }).first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(":focus")).toContainText("0.75");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${runs[1]?.id}\\?view=parameters`));
  await page.goBack();
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/all=true/);
});

test("artifacts stand side by side, curves over each other; a run without one shows an empty place", async ({
  page,
  api,
  expectAccessible,
}) => {
  const runs = await threeRuns(api, "left");
  await page.goto(`/compare?runs=${ids(runs)}&view=artifacts&artifact=quality@train`);
  await expect(page.getByRole("img", { name: /ROC curves, areas: left-1 0\.5000, left-2 0\.6250/ })).toBeVisible();
  await expect(page.getByText(/Confusion matrix of 2 labels/)).toHaveCount(3);
  await expectAccessible();
  await page.goto(`/compare?runs=${ids(runs)}&view=artifacts&artifact=report@train`);
  await expect(page.frameLocator("iframe").first().getByText("The page of 0.5")).toBeVisible();
  await expect(page.getByRole("region", { name: "Artifacts of left-3" })).toContainText("The step left no file here");
  await page.goto(`/compare?runs=${ids(runs)}&view=artifacts&artifact=note@train`);
  await expect(page.getByRole("heading", { name: "Accuracy 0.75" })).toBeVisible();
});

test("specifications and logs differ where they do, moments apart", async ({ page, api, expectAccessible }) => {
  const runs = await threeRuns(api, "lines");
  await page.goto(`/compare?runs=${ids(runs)}&view=specification`);
  await expect(page.getByRole("list", { name: "Steps that differ" })).toContainText("train · image");
  await expect(page.getByRole("region", { name: "Differences of the texts" })).toContainText("second:2");
  await expectAccessible();
  await page.goto(`/compare?runs=${ids(runs)}&view=logs`);
  await expect(page.getByRole("log", { name: "Lines of lines-2" })).toContainText("trained to 0.75");
  await page.getByRole("button", { name: "Show differing lines" }).click();
  await expect(page.getByRole("region", { name: "Differences of the logs" })).toContainText("trained to 0.75");
  await expect(page.getByText("1 line removed, 1 added")).toBeVisible();
  await expectAccessible();
});

test("an eleventh run is refused with the reason; runs that are gone are named and left out", async ({ page, api }) => {
  const [one, two] = await threeRuns(api, "many");
  const strangers = Array.from({ length: 9 }, (_, i) => `nobody-${i}`);
  await page.goto(`/compare?runs=${[one?.id, two?.id, ...strangers].join(",")}`);
  await expect(page.getByRole("alert").filter({ hasText: "At most 10 runs are compared at once" })).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "There is no run nobody-0" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a run" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("heading", { level: 1, name: "Compare 2 runs" })).toBeVisible();
});

test("runs are put aside from their pages, chosen from the newest, added and taken out in place", async ({
  page,
  context,
  api,
  expectAccessible,
}) => {
  const runs = await threeRuns(api, "tray");
  const other = await context.newPage();
  await other.goto("/runs");
  await page.goto("/compare");
  await expect(page.getByText("Choose the runs to compare")).toBeVisible();
  await expectAccessible();
  for (const run of runs.slice(0, 2)) {
    await page.goto(`/runs/${run.id}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Put aside to compare" }).click();
  }
  await other.getByRole("link", { name: /Compare\s*2 put aside/ }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Compare 2 runs" })).toBeVisible();
  await other.getByRole("combobox", { name: "Add a run" }).click();
  await other.getByPlaceholder("Search runs by name or id").fill("tray-3");
  await other.getByRole("option", { name: /tray-3/ }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Compare 3 runs" })).toBeVisible();
  await other.getByRole("button", { name: "Actions on tray-1" }).click();
  await other.getByRole("menuitem", { name: "Take out of the comparison" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Compare 2 runs" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Compare\s*2 put aside/ })).toBeVisible();
  await other.close();
});

test("a comparison is taken along as a table and as data", async ({ page, api }) => {
  const runs = await threeRuns(api, "taken");
  await page.goto(`/compare?runs=${ids(runs)}`);
  const take = async (entry: string): Promise<string> => {
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: entry }).click(),
    ]);
    return readFileSync(await download.path(), "utf8");
  };
  expect(await take("Table (CSV)")).toContain("parameters,,accuracy,0.5,0.75,0.25\r\n");
  expect(JSON.parse(await take("Data (JSON)"))).toMatchObject({
    baseline: runs[0]?.id,
    runs: [{ id: runs[0]?.id }, {}, {}],
  });
});

/** Ten seeded runs with 200 metrics each, written beside the running engine, which notices none of them. */
function seededIds(server: TestServer): string {
  const db = openDatabase(server.files.database);
  // The engine writes as well: its commits are waited for.
  db.$client.pragma("busy_timeout = 10000");
  const seed = SEEDS.find(({ name }) => name === "compare");
  seed?.write({ db, random: randomFrom(11), nowMs: Date.now() }, server.files, 10);
  const found = db.$client.prepare("select id from run where name like 'compare-%' order by key").pluck().all();
  db.$client.close();
  return found.join(",");
}

test("ten runs with 200 metrics: few nodes wherever one scrolls, charts, both themes, a phone", async ({
  page,
  server,
  expectAccessible,
}) => {
  test.setTimeout(300_000);
  const found = seededIds(server);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/compare?runs=${found}`);
  const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
  await expect(page.getByRole("rowheader", { name: /^metric-0/ })).toBeVisible();
  expect(await nodes()).toBeLessThanOrEqual(3_000);
  await page.getByRole("rowheader", { name: /^metric-0/ }).focus();
  await page.keyboard.press("Control+End");
  await expect(page.locator(":focus")).toHaveAttribute("data-place", /^\d+ 10$/);
  await expect(page.getByRole("rowheader", { name: /^metric-0/ })).toHaveCount(0);
  expect(await nodes()).toBeLessThanOrEqual(3_000);
  await page.goto(`/compare?runs=${found}&view=charts`);
  await expect(page.getByRole("img", { name: /^loss · step-\d over its index/ })).toBeVisible();
  await expectAccessible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const view of ["table", "charts", "artifacts", "specification", "logs"]) {
        await page.goto(`/compare?runs=${found}&view=${view}`);
        await expect(page.getByRole("heading", { level: 1, name: "Compare 10 runs" })).toBeVisible();
        await expectAccessible();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${view} is wider than the screen`).toBeLessThanOrEqual(0);
      }
    }
  }
});

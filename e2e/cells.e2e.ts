/** A notebook step in a browser: its cells fill in while they run, and a failing one is where the reader lands. */
import { writeFileSync } from "node:fs";
import type { RunView } from "@/server/domain/views/runs";
import { expect, test } from "./fixture";
import type { Api } from "./support/api";

const code = (id: string, source: string) => ({
  cell_type: "code",
  id,
  metadata: {},
  source,
  outputs: [],
  execution_count: null,
});

const notebook = (sources: readonly string[]): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
    cells: [
      { cell_type: "markdown", id: "md", metadata: {}, source: "# A report" },
      ...sources.map((source, at) => code(`c${at}`, source)),
    ],
  });

/** The first notebook of an installation builds the environment that runs it. */
const FIRST_MS = 180_000;

/** Without a package index the environment cannot be built: then there is nothing to look at, and the reason is told. */
async function skipWithoutKernel(api: Api, id: string): Promise<void> {
  const run = await api.query<RunView>("runs.get", { id });
  const failed = run.tasks.find((task) => task.reason?.code === "environment-failed");
  // biome-ignore lint/suspicious/noSkippedTests: without packages there is no kernel, and the run says so itself
  test.skip(failed !== undefined, failed?.reason?.message ?? "");
}

async function begin(api: Api, name: string, sources: readonly string[]): Promise<string> {
  const upload = await api.upload({ [`${name}.ipynb`]: notebook(sources) });
  return (await api.createRun(upload.version.id, {}, name)).id;
}

test("cells fill in while the notebook runs", async ({ page, api, folder, expectAccessible }) => {
  test.setTimeout(FIRST_MS + 60_000);
  const gate = `${folder}/go`;
  const id = await begin(api, "live", [
    "print('\\x1b[32mloaded\\x1b[0m 120 rows')",
    `import os, time\nprint('waiting', flush=True)\nwhile not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.05)\nprint('gone on')`,
    "6 * 7",
  ]);
  await page.goto(`/runs/${id}`);
  await page.locator("button[data-step]").first().click();
  await page.getByRole("tab", { name: "Cells" }).click();
  const cells = page.getByRole("list", { name: "Cells" });
  const cell = (number: number) => cells.getByRole("listitem", { name: new RegExp(`^Cell ${number},`) });
  await expect(cell(3).or(page.getByText("No cell was run"))).toBeVisible({ timeout: FIRST_MS });
  await skipWithoutKernel(api, id);
  await expect(cell(3)).toHaveAccessibleName("Cell 3, running");
  await expect(cell(2)).toContainText("loaded 120 rows");
  await expect(cell(3)).toContainText("waiting");
  await expect(cell(4)).toHaveAccessibleName("Cell 4, pending");
  await expectAccessible();
  writeFileSync(gate, "");
  await expect(cell(3)).toContainText("gone on");
  await expect(cell(4)).toHaveAccessibleName("Cell 4, succeeded");
  await expect(cell(4)).toContainText("42");
  await expect(page).toHaveTitle(/live · succeeded/);
});

test("a failed notebook opens at the cell that failed, with its error", async ({ page, api, expectAccessible }) => {
  test.setTimeout(FIRST_MS + 60_000);
  const sources = [
    ...Array.from({ length: 12 }, (_, n) => `print(${n})`),
    "raise ValueError('quince')",
    "print('never')",
  ];
  const id = await begin(api, "breaks", sources);
  await api.finished(id, FIRST_MS);
  await skipWithoutKernel(api, id);
  await page.goto(`/runs/${id}`);
  const error = page.getByRole("region", { name: "Error of cell 14" });
  await expect(error).toContainText("ValueError: quince");
  await expect(error).toBeInViewport();
  await expect(page.getByRole("listitem", { name: "Cell 15, not run" })).toBeVisible();
  await expectAccessible();
});

/** What a step leaves is looked at in the page: tables of every kind, a tree, a text, a picture, a document, a curve. */
import { parquetWriteBuffer } from "hyparquet-writer";
import { document, node } from "@/pipelines/elyra/sample-document";
import type { RunView } from "@/server/domain/views/runs";
import { expect, test } from "./fixture";
import type { Api } from "./support/api";

const ROWS = 1_200;

const parquet = (): Buffer =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: Array.from({ length: ROWS }, (_, at) => BigInt(at)), type: "INT64" },
        { name: "fruit", data: Array.from({ length: ROWS }, (_, at) => `fruit ${at % 7}`), type: "STRING" },
      ],
    }),
  );

/** A picture of one pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Written by the step: text as it is, bytes in base64. */
const FILES: { readonly [name: string]: string } = {
  "scores.csv": `name,score\n${["fig,9", "pear,10", "quince,2", ...Array.from({ length: 9 }, (_, at) => `apple,${at + 20}`)].join("\n")}\n`,
  "lines.jsonl": '{"step": 1, "loss": 0.5}\n{"step": 2, "note": "ripe"}\n',
  "tree.json": JSON.stringify({ model: { layers: [64, 32], name: "quince" } }),
  "words.txt": "one quince\ntwo pears\nthree Quinces\n",
  "large.json": JSON.stringify({ filler: "x".repeat(2_100_000) }),
};

async function shownRun(api: Api): Promise<RunView> {
  const bytes = { "data.parquet": parquet().toString("base64"), "dot.png": PNG };
  const script = [
    "import base64",
    ...Object.entries(FILES).map(([name, text]) => `open(${JSON.stringify(name)}, "w").write(${JSON.stringify(text)})`),
    ...Object.entries(bytes).map(
      ([name, text]) => `open(${JSON.stringify(name)}, "wb").write(base64.b64decode(${JSON.stringify(text)}))`,
    ),
    'open("paper.pdf", "wb").write(b"%PDF-1.4\\n%nothing more\\n")',
  ].join("\n");
  const outputs = [...Object.keys(FILES), ...Object.keys(bytes), "paper.pdf"];
  const pipeline = document([node("leave", { parameters: { filename: "leave.py", outputs } })], {
    properties: { name: "shown files" },
  });
  const { version } = await api.upload({ "shown.pipeline": JSON.stringify(pipeline), "leave.py": script });
  const run = await api.finished((await api.createRun(version.id)).id);
  expect(run.state, JSON.stringify(run.reason)).toBe("succeeded");
  return run;
}

test("files of every kind open in their viewers", async ({ page, api, expectAccessible }) => {
  const run = await shownRun(api);
  await page.goto(`/runs/${run.id}?task=${run.tasks[0]?.id}&tab=values`);
  const card = async (name: string) => {
    const found = page.getByRole("region", { name: `Artifact ${name}`, exact: true });
    const button = found.getByRole("button", { name: new RegExp(name.replace(".", "\\.")) }).first();
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
    return found;
  };

  // Cards move as long as what opens by itself arrives: a press that falls between would be lost.
  for (const [name, sign] of [
    ["data.parquet", "1,200 rows in all"],
    ["lines.jsonl", "ripe"],
    ["scores.csv", "12 rows"],
    ["tree.json", "model"],
    ["words.txt", "two pears"],
    ["dot.png", "fits"],
  ] as const)
    await expect(page.getByRole("region", { name: `Artifact ${name}`, exact: true })).toContainText(sign);
  await expect(page.locator("iframe")).toBeVisible();

  const scores = await card("scores.csv");
  await scores.getByRole("button", { name: "score", exact: true }).click();
  await expect(scores.getByRole("columnheader", { name: "score", exact: true })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );
  await expect(scores.getByRole("row").nth(1)).toContainText("quince");
  await scores.getByRole("button", { name: "score", exact: true }).click();
  await expect(scores.getByRole("row").nth(1)).toContainText("28");
  await scores.getByRole("searchbox").fill("pear");
  await expect(scores.getByRole("row")).toHaveCount(2);

  await expect(await card("lines.jsonl")).toContainText("ripe");
  const table = await card("data.parquet");
  await expect(table).toContainText("1,200 rows in all");
  await table.getByRole("button", { name: "Read 500 more rows" }).click();
  await expect(table).toContainText("1,000 rows");

  const tree = await card("tree.json");
  await tree.getByRole("button", { name: /model/ }).click();
  await expect(tree).toContainText('"quince"');

  const words = await card("words.txt");
  await words.getByRole("searchbox", { name: "Find in words.txt" }).fill("quince");
  await expect(words.getByText("1 of 2")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(words.getByText("2 of 2")).toBeVisible();

  const picture = await card("dot.png");
  await picture.getByRole("button", { name: "Closer" }).click();
  await expect(picture.getByText("150 %")).toBeVisible();

  const large = await card("large.json");
  await expect(large).toContainText("which may take the browser a while");
  await large.getByRole("button", { name: "Show it anyway" }).click();
  await expect(large).toContainText("filler");
  // Whatever has arrived since has left the branch as its reader opened it.
  await expect(tree).toContainText('"quince"');
  await expectAccessible();
});

test.describe("without its code", () => {
  test.use({ allowedTrouble: /ChunkLoadError/ });

  test("a viewer that does not arrive says so in its own place; the others and the page stay", async ({
    page,
    api,
  }) => {
    const run = await shownRun(api);
    const broken = page.getByText("This artifact cannot be shown");
    await page.goto(`/runs/${run.id}?task=${run.tasks[0]?.id}&tab=overview`);
    await expect(page.getByRole("tab", { name: "Overview", selected: true })).toBeVisible();
    await page.route("**/*.js", (route) => route.abort());
    await page.getByRole("tab", { name: "Inputs/Outputs" }).click();
    await expect(broken.first()).toBeVisible();
    await expect(page.getByRole("region", { name: "Artifact tree.json" })).toContainText("load the page again");
    await expect(page.getByRole("region", { name: "Artifact paper.pdf" }).locator("iframe")).toBeVisible();
    await page.unroute("**/*.js");
    await page.getByRole("region", { name: "Artifact tree.json" }).getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("region", { name: "Artifact tree.json" })).toContainText("model");
    await expect(broken).toHaveCount(0);
  });
});

test("a document is told by its bytes, and any file is read by parts", async ({ api, server }) => {
  const run = await shownRun(api);
  const task = await api.query<{ outputs: { artifacts: { [name: string]: readonly { id: number; name: string }[] } } }>(
    "tasks.get",
    { id: run.tasks[0]?.id },
  );
  const idOf = (name: string) =>
    Object.values(task.outputs.artifacts)
      .flat()
      .find((each) => each.name === name)?.id;
  const ask = (name: string, query: string, range?: string) =>
    fetch(`${server.url}/api/artifacts/${idOf(name)}/content${query}`, {
      headers: { authorization: `Bearer ${server.token}`, ...(range !== undefined && { range }) },
    });
  const paper = await ask("paper.pdf", "?view=inline");
  expect(paper.headers.get("content-type")).toBe("application/pdf");
  expect(paper.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await ask("tree.json", "?view=inline")).headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const part = await ask("scores.csv", "", "bytes=0-3");
  expect([part.status, await part.text()]).toEqual([206, "name"]);
});

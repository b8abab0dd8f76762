/** What is live stays live: a log of 100 MB opens at its end and is followed, and twenty tabs share one stream. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page, Request } from "@playwright/test";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import type { TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { test as base, expect } from "./fixture";
import { oneStep } from "./pipelines";
import { startServer, type TestServer, until } from "./support/server";

const MEGABYTES = 100;
const TABS = 20;

/** The server of these tests finds a run with a log of 100 MB. */
const test = base.extend<object, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the wanted fixtures from the pattern
    async ({}, use) => {
      const home = mkdtempSync(join(tmpdir(), "penstock-e2e-"));
      const seed = ["--import", "tsx", join("server", "services", "seed", "main.ts"), "long-log", String(MEGABYTES)];
      const written = spawnSync(process.execPath, seed, {
        cwd: programRoot(),
        env: { ...process.env, PENSTOCK_HOME: home },
        encoding: "utf8",
      });
      if (written.status !== 0) throw new Error(`the log was not written: ${written.stderr}`);
      const server = await startServer({ home, env: { PENSTOCK_AUTH: "off" } });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

/** Counts the bytes of every log that a page fetches. */
function logBytes(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (!/\/log(-times)?$/.test(new URL(request.url()).pathname)) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test(`a finished log of ${MEGABYTES} MB opens at its end, having fetched little of it`, async ({ page, api }) => {
  const runs = await api.query<PageView<RunSummary>>("runs.list", { search: "log-" });
  const run = runs.items[0]?.id ?? "";
  const task = (await api.query<RunView>("runs.get", { id: run })).tasks[0]?.id ?? 0;
  const { attempts } = await api.query<TaskView>("tasks.get", { id: task });
  expect(attempts[0]?.logSize).toBeGreaterThan(MEGABYTES * 1_000_000);
  const bytes = logBytes(page);
  await page.goto(`/runs/${run}?task=${task}`);
  const last = await fetchEnd(page, task);
  const line = page.getByRole("log").getByText(last);
  await expect(line).toBeInViewport();
  expect(await bytes()).toBeLessThan(2_000_000);
});

/** Shell that waits for a file, or for the end of the server's data directory, so that a failed test leaves no step behind. */
const waitFor = (server: TestServer, gate: string): string =>
  `while [ -d '${server.home}' ] && [ ! -e '${gate}' ]; do sleep 0.05; done`;

/** The last line of the log as the server gives it. */
async function fetchEnd(page: Page, task: number): Promise<string> {
  const answer = await page.request.get(`/api/tasks/${task}/attempts/1/log`, { headers: { Range: "bytes=-400" } });
  return (await answer.text()).trim().split("\n").at(-1) ?? "";
}

test(`a running log of ${MEGABYTES} MB opens at its end and is followed as it grows`, async ({ page, api, server }) => {
  const gate = (n: number) => join(server.home, "tmp", `grows-${n}`);
  const fill = `yes 'epoch after epoch after epoch after epoch' | head -c ${MEGABYTES}000000; echo; echo 'first end'`;
  const { version } = await api.upload({
    "grows.json": oneStep(
      "grows",
      `${fill}; ${waitFor(server, gate(1))}; seq -f 'more %g' 1 500; ${waitFor(server, gate(2))}; echo 'last end'`,
    ),
  });
  const run = await api.createRun(version.id);
  await until("the log to be written", async () => {
    const { tasks } = await api.query<RunView>("runs.get", { id: run.id });
    const attempts = tasks[0] && (await api.query<TaskView>("tasks.get", { id: tasks[0].id })).attempts;
    return (attempts?.[0]?.logSize ?? 0) > MEGABYTES * 1_000_000;
  });
  const bytes = logBytes(page);
  await page.goto(`/runs/${run.id}?step=say`);
  const log = page.getByRole("log");
  await expect(log.getByText("first end")).toBeInViewport();
  writeFileSync(gate(1), "");
  await expect(log.getByText("more 500")).toBeInViewport();
  writeFileSync(gate(2), "");
  await expect(log.getByText("last end")).toBeInViewport();
  await expect(page).toHaveTitle(/· succeeded/);
  expect(await bytes()).toBeLessThan(2_000_000);
});

/** The event streams that the open tabs of a context hold; the end of a closed tab's stream is not reported. */
function openStreams(context: BrowserContext): () => Page[] {
  const open = new Set<Request>();
  context.on("request", (request) => request.resourceType() === "eventsource" && open.add(request));
  context.on("requestfinished", (request) => open.delete(request));
  context.on("requestfailed", (request) => open.delete(request));
  return () => [...open].map((request) => request.frame().page()).filter((page) => !page.isClosed());
}

test(`${TABS} tabs on one run share one stream; the tab that holds it is closed, and the others stay live`, async ({
  context,
  api,
  server,
}) => {
  test.setTimeout(120_000);
  const gate = join(server.home, "tmp", "tabs");
  const { version } = await api.upload({
    "tabs.json": oneStep("tabs", `${waitFor(server, gate)}; echo opened`),
  });
  const run = await api.createRun(version.id);
  const streams = openStreams(context);
  const errors: string[] = [];
  context.on("weberror", (error) => errors.push(error.error().message));
  const tabs = await Promise.all(Array.from({ length: TABS }, () => context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(`/runs/${run.id}`)));
  const step = (tab: Page) => tab.locator('button[data-step="say"]');
  for (const tab of tabs) await expect(step(tab)).toHaveAccessibleName(/Running/);
  expect(streams()).toHaveLength(1);
  const [leader] = streams();
  await leader?.close();
  const others = tabs.filter((tab) => tab !== leader);
  expect(others).toHaveLength(TABS - 1);
  writeFileSync(gate, "");
  for (const tab of others) await expect(tab).toHaveTitle(/· succeeded/);
  for (const tab of others) await expect(step(tab)).toHaveAccessibleName(/Succeeded/);
  expect(streams()).toHaveLength(1);
  expect(errors).toEqual([]);
});

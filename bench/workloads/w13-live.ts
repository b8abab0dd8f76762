/** W13: from a committed change of state to the pixel: a chain of short steps watched in a browser. */
import { chromium, type Page } from "playwright";
import { openDatabase } from "@/db/client";
import type { Api } from "@/e2e/support/api";
import { chromiumOptions } from "@/e2e/support/browser";
import type { TestServer } from "@/e2e/support/server";
import { pipelineOf } from "../specs";
import { percentile } from "../statistics";
import { uploadSpec, warmServer } from "../steps";
import type { Workload } from "../workload";

/** Few enough that the graph shows each with its words. */
const STEPS = 6;
const RUNS = 10;
/** How the graph words the states, in its labels. */
const WORDS = { running: /\brunning\b/i, succeeded: /\bsucceeded\b/i } as const;

interface Seen {
  readonly path: string;
  readonly label: string;
  readonly atMs: number;
}

/**
 * Notes, with the frame that shows it, each change of a step's label in the graph. No named function in it: the
 * helper that keeps names does not exist in the page.
 */
async function watchLabels(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: Seen[] = [];
    Object.assign(window, { seen });
    new MutationObserver((records) => {
      for (const { target } of records) {
        if (!(target instanceof Element) || !target.hasAttribute("data-step")) continue;
        requestAnimationFrame(() =>
          seen.push({
            path: target.getAttribute("data-step") ?? "",
            label: target.getAttribute("aria-label") ?? "",
            atMs: performance.timeOrigin + performance.now(),
          }),
        );
      }
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["aria-label"] });
  });
}

/** Milliseconds from each commit of a run's steps to the frame that shows it. */
async function watchedRun(server: TestServer, api: Api, page: Page, version: string): Promise<number[]> {
  const run = await api.createRun(version);
  await page.goto(`${server.url}/runs/${run.id}?view=graph`);
  await page.locator("[data-step]").first().waitFor();
  await api.finished(run.id, 60_000);
  await page.locator(`[data-step="s${STEPS - 1}"][aria-label*="Succeeded"]`).waitFor();
  const seen = await page.evaluate(() => (window as unknown as { seen: Seen[] }).seen);
  const db = openDatabase(server.files.database, { readonly: true });
  const rows = db.$client
    .prepare(
      `select t.path, t.started_at as running, t.finished_at as succeeded
       from task t join run r on r.key = t.run_key where r.id = ?`,
    )
    .all(run.id) as { path: string; running: number; succeeded: number }[];
  db.$client.close();
  // What happened before the page was there tells nothing of the way to it.
  const openedAt = Math.min(...seen.map(({ atMs }) => atMs));
  return rows.flatMap((row) =>
    (["running", "succeeded"] as const).flatMap((state) => {
      const first = seen.find(({ path, label }) => path === row.path && WORDS[state].test(label));
      return first === undefined || row[state] < openedAt ? [] : [first.atMs - row[state]];
    }),
  );
}

export const liveWorkload: Workload = {
  id: "W13",
  title: "state change to pixel",
  async run() {
    const { server, api } = await warmServer(2);
    const browser = await chromium.launch(chromiumOptions());
    try {
      const tasks = Array.from({ length: STEPS }, (_, i) => ({ key: `s${i}`, after: i > 0 ? [`s${i - 1}`] : [] }));
      const version = await uploadSpec(api, "live", pipelineOf("live", tasks, ["sleep", "0.4"]));
      const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${server.token}` } });
      const page = await context.newPage();
      await watchLabels(page);
      const delays: number[] = [];
      for (let i = 0; i < RUNS; i++) delays.push(...(await watchedRun(server, api, page, version)));
      const p50 = percentile(delays, 0.5);
      const p99 = percentile(delays, 0.99);
      return [
        { name: `change to pixel, p50 of ${delays.length}`, value: p50, unit: "ms", goal: "≤ 50 ms", isMet: p50 <= 50 },
        { name: "change to pixel, p99", value: p99, unit: "ms", goal: "≤ 150 ms", isMet: p99 <= 150 },
      ];
    } finally {
      await browser.close();
      await server.remove();
    }
  },
};

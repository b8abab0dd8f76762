/** W11: ten runs with 200 metrics side by side: until the page can be used, from a key to the paint, and how many nodes there are. */
import { chromium, type Page } from "playwright";
import { openDatabase } from "@/db/client";
import { randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import { chromiumOptions } from "@/e2e/support/browser";
import { startServer } from "@/e2e/support/server";
import { median, percentile, spread } from "../statistics";
import type { Workload } from "../workload";

const OPENINGS = 5;
/** Keys that a reader presses: line by line, a page down and back, equal rows shown and hidden. */
const KEYS = [
  ...Array.from({ length: 20 }, () => "ArrowDown"),
  ...Array.from({ length: 10 }, () => "PageDown"),
  ...Array.from({ length: 10 }, () => "PageUp"),
  ...Array.from({ length: 10 }, () => "d"),
];

/** Notes for each key the time until the frame after it was painted. */
async function watchKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const paints: number[] = [];
    Object.assign(window, { paints });
    addEventListener(
      "keydown",
      () => {
        const pressedAt = performance.now();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => paints.push(performance.now() - pressedAt);
          channel.port2.postMessage(null);
        });
      },
      true,
    );
  });
}

async function pressed(page: Page): Promise<number[]> {
  for (const [at, key] of KEYS.entries()) {
    await page.keyboard.press(key);
    await page.waitForFunction((count) => (window as unknown as { paints: number[] }).paints.length > count, at);
  }
  return page.evaluate(() => (window as unknown as { paints: number[] }).paints);
}

export const compareWorkload: Workload = {
  id: "W11",
  title: "ten runs compared",
  async run() {
    const server = await startServer();
    const browser = await chromium.launch(chromiumOptions());
    try {
      const db = openDatabase(server.files.database);
      // The engine writes as well: its commits are waited for.
      db.$client.pragma("busy_timeout = 10000");
      SEEDS.find(({ name }) => name === "compare")?.write(
        { db, random: randomFrom(11), nowMs: Date.now() },
        server.files,
        10,
      );
      const ids = db.$client.prepare("select id from run order by key").pluck().all().join(",");
      db.$client.close();
      const context = await browser.newContext({
        extraHTTPHeaders: { authorization: `Bearer ${server.token}` },
        viewport: { width: 1440, height: 900 },
      });
      const page = await context.newPage();
      await watchKeys(page);
      const openings: number[] = [];
      for (let i = 0; i < OPENINGS; i++) {
        const startedAt = Date.now();
        await page.goto(`${server.url}/compare?runs=${ids}`);
        await page.getByRole("rowheader", { name: /^metric-0/ }).waitFor();
        openings.push(Date.now() - startedAt);
      }
      await page.getByRole("rowheader", { name: /^metric-0/ }).focus();
      const paints = await pressed(page);
      const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
      const [open, paint] = [median(openings), percentile(paints, 0.95)];
      return [
        {
          name: "usable",
          value: open,
          unit: "ms",
          goal: "≤ 1,000 ms",
          isMet: open <= 1_000,
          spread: spread(openings),
        },
        {
          name: `key to paint, p95 of ${paints.length}`,
          value: paint,
          unit: "ms",
          goal: "≤ 100 ms",
          isMet: paint <= 100,
        },
        { name: "nodes of the document", value: nodes, unit: "", goal: "≤ 3,000", isMet: nodes <= 3_000 },
      ];
    } finally {
      await browser.close();
      await server.remove();
    }
  },
};

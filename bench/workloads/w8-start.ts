/** W8: from the command to a usable page (content drawn and live stream connected), with an empty data directory. */
import { chromium } from "playwright";
import { chromiumOptions } from "@/e2e/support/browser";
import { startServer } from "@/e2e/support/server";
import { median, spread } from "../statistics";
import type { Workload } from "../workload";

export const startWorkload: Workload = {
  id: "W8",
  title: "command to usable page",
  async run() {
    const browser = await chromium.launch(chromiumOptions());
    const samples: number[] = [];
    try {
      for (let i = 0; i < 5; i++) {
        const context = await browser.newContext();
        const page = await context.newPage();
        const startedAt = Date.now();
        const server = await startServer();
        await context.setExtraHTTPHeaders({ authorization: `Bearer ${server.token}` });
        await page.goto(`${server.url}/runs`);
        await page
          .getByRole("status")
          .filter({ hasText: /^live$/ })
          .waitFor();
        samples.push(Date.now() - startedAt);
        await context.close();
        await server.remove();
      }
    } finally {
      await browser.close();
    }
    const value = median(samples);
    return [
      {
        name: "empty data directory",
        value,
        unit: "ms",
        goal: "≤ 1,500 ms",
        isMet: value <= 1_500,
        spread: spread(samples),
      },
    ];
  },
};

/** What every browser test stands on: a server of its own per worker, no error on any page, and a check of accessibility. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { type Api, apiOf } from "./support/api";
import { startServer, type TestServer } from "./support/server";

interface WorkerFixtures {
  readonly server: TestServer;
  readonly api: Api;
}

interface TestFixtures {
  /** Errors of the page that a test brings about itself. */
  readonly allowedTrouble: RegExp | null;
  /** Fails the test when the page in view breaks a rule of WCAG 2.2 AA. */
  readonly expectAccessible: () => Promise<void>;
  /** A folder that goes when the test ends. */
  readonly folder: string;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the wanted fixtures from the pattern
    async ({}, use) => {
      const server = await startServer({ env: { PENSTOCK_AUTH: "off" } });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  api: [async ({ server }, use) => use(apiOf(server)), { scope: "worker" }],
  baseURL: async ({ server }, use) => use(server.url),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "penstock-e2e-"));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  allowedTrouble: [null, { option: true }],
  page: async ({ page, allowedTrouble }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      // A refused request is told to the person by the page; the browser's own line about it is no error of ours.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        errors.push(message.text());
    });
    await use(page);
    expect(
      errors.filter((error) => !allowedTrouble?.test(error)),
      "errors on the page",
    ).toEqual([]);
  },
  expectAccessible: async ({ page }, use) =>
    use(async () => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`),
      ).toEqual([]);
    }),
});

export { expect } from "@playwright/test";

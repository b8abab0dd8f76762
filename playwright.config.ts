/** Settings of the browser tests; each worker brings its own server and data directory. */
import { defineConfig } from "@playwright/test";

const browser = process.env.TEST_BROWSER;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.e2e.ts",
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // As for unit tests: those that needed it are named in the summary.
  retries: 1,
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions: browser ? { executablePath: browser } : {},
  },
});

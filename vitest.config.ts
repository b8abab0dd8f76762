/** Vitest's settings: which files are tests and how `@/` resolves. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    include: ["{app,components,server,db,pipelines,e2e,bench,docs}/**/*.test.{ts,tsx}"],
    environment: "node",
    // A busy machine is no failure: what a test waits for has limits of its own.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A second try tells a broken test from one that a busy machine upset; the summary names the latter.
    retry: 1,
  },
});

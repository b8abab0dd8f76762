/** How tests and benchmarks start a browser: the system's Chromium where there is one, else Playwright's own. */
import { existsSync } from "node:fs";
import type { LaunchOptions } from "playwright";

const SYSTEM_BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Launch options for a headless browser that talks to nothing but the page. */
export function chromiumOptions(): LaunchOptions {
  const system = SYSTEM_BROWSERS.find((path) => existsSync(path));
  return {
    ...(system !== undefined && { executablePath: system }),
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  };
}

/** `npm run pictures -- [FOLDER] [--only WORD] [--empty]`: a picture of every page, both themes, for a desk and a phone. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium } from "playwright";
import { apiOf } from "../support/api";
import { chromiumOptions } from "../support/browser";
import { startServer } from "../support/server";
import { furnish, type Picture } from "./pages";

const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const THEMES = ["light", "dark"] as const;

/** Pages of an installation in which nothing has happened. */
const EMPTY: readonly Picture[] = [
  "/",
  "/runs",
  "/pipelines",
  "/experiments",
  "/recurring-runs",
  "/executions",
  "/artifacts",
  "/compare",
  "/settings/storage",
].map((path) => ({ name: `empty${path.replaceAll("/", "-")}`, path }));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" }, empty: { type: "boolean", default: false } },
});
const folder = resolve(positionals[0] ?? "pictures");
mkdirSync(folder, { recursive: true });

/** Takes the pages in one size and theme, one after the other in one tab. */
async function take(browser: Browser, url: string, pictures: readonly Picture[]): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const context = await browser.newContext({ viewport, colorScheme, locale: "en-GB", timezoneId: "UTC" });
      const page = await context.newPage();
      for (const { name, path } of pictures) {
        await page.goto(url + path);
        await page.getByRole("heading", { level: 1 }).first().waitFor();
        // What is still read shows its skeleton; a page that never has none is shown as it is.
        await page
          .waitForFunction(() => document.querySelector("[aria-label^='Loading']") === null, null, { timeout: 5_000 })
          .catch(() => undefined);
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({
          path: join(folder, `${name}.${size}.${colorScheme}.png`),
          fullPage: name === "gallery",
        });
      }
      await context.close();
    }
  }
}

const server = await startServer({ env: { PENSTOCK_AUTH: "off" } });
const browser = await chromium.launch(chromiumOptions());
try {
  const pictures = values.empty ? EMPTY : await furnish(apiOf(server));
  const wanted = pictures.filter(({ name }) => name.includes(values.only));
  await take(browser, server.url, wanted);
  console.log(`${wanted.length * 4} pictures in ${folder}`);
} finally {
  await browser.close();
  await server.remove();
}

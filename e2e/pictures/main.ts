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

/** Resolves once nothing on the page has moved for a moment, and anyway after a while; clocks go on ticking. */
const QUIET = `new Promise((resolve) => {
  let rest = setTimeout(resolve, 700);
  const watch = new MutationObserver(() => {
    clearTimeout(rest);
    rest = setTimeout(resolve, 700);
  });
  watch.observe(document.body, { childList: true, subtree: true, attributes: true });
  setTimeout(resolve, 6000);
}).then(() => document.fonts.ready)`;

/** How high the window has to be for all of the page to be seen: it scrolls inside its frame. */
const WHOLE = `(() => {
  const page = document.querySelector("main");
  return window.innerHeight - page.clientHeight + page.scrollHeight;
})()`;

/** Takes the pages in one size and theme, one after the other in one tab. */
async function take(browser: Browser, url: string, pictures: readonly Picture[]): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale: "en-GB",
        timezoneId: "UTC",
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      for (const { name, path } of pictures) {
        await page.goto(url + path);
        await page.getByRole("heading", { level: 1 }).or(page.getByRole("alert")).first().waitFor();
        await page.evaluate(QUIET);
        if (name === "gallery") await page.setViewportSize({ ...viewport, height: await page.evaluate(WHOLE) });
        await page.screenshot({ path: join(folder, `${name}.${size}.${colorScheme}.png`) });
        await page.setViewportSize(viewport);
      }
      await context.close();
    }
  }
}

const server = await startServer({ env: { PENSTOCK_AUTH: "off", PENSTOCK_GALLERY: "on" } });
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

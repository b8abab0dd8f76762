/** W10: graphs of 200 to 5,000 steps: their layout, the first paint once the graph has come, and frames while one pans and zooms. */
import { chromium, type Page } from "playwright";
import { drawGraph, initiallyFolded } from "@/components/graph/graph-model";
import { apiOf } from "@/e2e/support/api";
import { chromiumOptions } from "@/e2e/support/browser";
import { startServer } from "@/e2e/support/server";
import { parseKfp } from "@/pipelines/kfp";
import { lattice } from "../specs";
import { median, percentile, spread } from "../statistics";
import type { Figure, Workload } from "../workload";

const WIDTH = 20;
const SIZES = [200, 500, 2_000, 5_000] as const;
/** The goals are for this many steps; the others show how it goes on. */
const JUDGED = 2_000;
const TIMES = 5;
const FRAMES = 120;

interface Drawn {
  readonly paintedAt: number;
}

/**
 * Notes the frame that shows the canvas of the graph first: it gets its size when it is first drawn on. No named
 * function in it: the helper that keeps names does not exist in the page.
 */
async function watchCanvas(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((records, observer) => {
      if (!records.some(({ target }) => target instanceof HTMLCanvasElement)) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => Object.assign(window, { drawn: { paintedAt: performance.now() } });
        channel.port2.postMessage(null);
      });
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["width"] });
  });
}

/** Milliseconds from the last byte of the graph to the frame that shows it. */
async function firstPaint(page: Page, address: string): Promise<number> {
  await page.goto(address);
  await page.waitForFunction(() => "drawn" in window);
  return page.evaluate(() => {
    const { paintedAt } = (window as unknown as { drawn: Drawn }).drawn;
    const came = performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.includes("/api/trpc/"))
      .map((entry) => (entry as PerformanceResourceTiming).responseEnd)
      .filter((at) => at < paintedAt);
    return paintedAt - Math.max(...came);
  });
}

/** Lengths of frames while something is done once in each. */
async function framesWhile(page: Page, kind: "pan" | "zoom"): Promise<number[]> {
  return page.evaluate(
    async ([gesture, count]) => {
      const surface = document.querySelector("canvas")?.parentElement;
      if (!surface) throw new Error("there is no graph");
      const { left, top, width, height } = surface.getBoundingClientRect();
      const at = { bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + height / 2 };
      const lengths: number[] = [];
      let before = await new Promise(requestAnimationFrame);
      while (lengths.length < count) {
        const back = Math.floor(lengths.length / 30) % 2 === 0 ? 1 : -1;
        surface.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY: back * 40, shiftKey: gesture === "pan" }));
        const now = await new Promise(requestAnimationFrame);
        lengths.push(now - before);
        before = now;
      }
      return lengths;
    },
    [kind, FRAMES] as const,
  );
}

function layoutTimes(spec: object): number[] {
  const parsed = parseKfp(JSON.stringify(spec));
  if (!parsed.ok) throw new Error("the lattice was not read");
  return Array.from({ length: TIMES }, () => {
    const startedAt = performance.now();
    drawGraph(parsed.graph, initiallyFolded(parsed.graph, false));
    return performance.now() - startedAt;
  });
}

const goalOf = (size: number, value: number, goal: number) => ({
  goal: size === JUDGED ? `≤ ${goal} ms` : "told",
  isMet: size !== JUDGED || value <= goal,
});

export const graphWorkload: Workload = {
  id: "W10",
  title: "graphs",
  async run() {
    const server = await startServer();
    const browser = await chromium.launch(chromiumOptions());
    const figures: Figure[] = [];
    try {
      const api = apiOf(server);
      const context = await browser.newContext({
        extraHTTPHeaders: { authorization: `Bearer ${server.token}` },
        viewport: { width: 1440, height: 900 },
      });
      for (const size of SIZES) {
        const spec = lattice(size / WIDTH, WIDTH);
        const layouts = layoutTimes(spec);
        const { pipeline } = await api.upload({ [`lattice-${size}.json`]: JSON.stringify(spec) });
        const page = await context.newPage();
        await watchCanvas(page);
        const address = `${server.url}/pipelines/${pipeline.id}?tab=graph`;
        const paints: number[] = [];
        for (let nth = 0; nth < TIMES; nth++) paints.push(await firstPaint(page, address));
        const told = (name: string, value: number, goal: number): Figure => ({
          name: `${size.toLocaleString("en")} steps: ${name}`,
          value,
          unit: "ms",
          ...goalOf(size, value, goal),
        });
        figures.push(
          { ...told("layout", median(layouts), 50), spread: spread(layouts) },
          { ...told("first paint", median(paints), 300), spread: spread(paints) },
        );
        for (const kind of ["pan", "zoom"] as const) {
          const frames = await framesWhile(page, kind);
          figures.push(told(`${kind}, frame p95 of ${frames.length}`, percentile(frames, 0.95), 20));
        }
        await page.close();
      }
      return figures;
    } finally {
      await browser.close();
      await server.remove();
    }
  },
};

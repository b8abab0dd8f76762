/** What a step writes as a page runs where it is shown, and reaches nothing of the application it is shown in. */
import type { Page } from "@playwright/test";
import type { RunView } from "@/server/domain/views/runs";
import { expect, test } from "./fixture";
import type { Api } from "./support/api";

/** Tries every way out and writes down, in its own text, what became of each. */
const HOSTILE = `<!doctype html><p id="drawn">not run</p><ul id="ways"></ul>
<script>
  document.getElementById("drawn").textContent = "drawn by " + new Function("return 'the script'")();
  const ways = {
    cookie: () => document.cookie,
    storage: () => localStorage.getItem("canary"),
    parent: () => parent.document.body.innerText,
    frame: () => window.frameElement.ownerDocument.cookie,
    api: async () => (await fetch("/api/trpc/system.status?stolen=fetch")).text(),
    absolute: async () => (await fetch(ORIGIN + "/api/trpc/system.status?stolen=absolute", { credentials: "include" })).text(),
    request: () => new Promise((good, bad) => {
      const request = new XMLHttpRequest();
      request.onload = () => good(request.responseText);
      request.onerror = () => bad(new Error("refused"));
      request.open("GET", ORIGIN + "/api/trpc/system.status?stolen=request");
      request.send();
    }),
    picture: () => new Promise((good, bad) => {
      const picture = new Image();
      picture.onload = good;
      picture.onerror = () => bad(new Error("refused"));
      picture.src = ORIGIN + "/favicon.ico?stolen=picture";
    }),
    script: () => new Promise((good, bad) => {
      const script = document.createElement("script");
      script.onload = good;
      script.onerror = () => bad(new Error("refused"));
      script.src = ORIGIN + "/api/trpc/system.status?stolen=script";
      document.head.append(script);
    }),
    beacon: () => { if (!navigator.sendBeacon(ORIGIN + "/api/trpc/system.status?stolen=beacon")) throw new Error("refused"); return "sent"; },
    window: () => { if (window.open(ORIGIN + "/?stolen=window") === null) throw new Error("refused"); return "opened"; },
    top: () => { top.location.href = ORIGIN + "/?stolen=top"; return "moved"; },
  };
  (async () => {
    for (const [name, way] of Object.entries(ways)) {
      let end;
      try { end = "REACHED " + (await way()); } catch (error) { end = "shut"; }
      const line = document.createElement("li");
      line.textContent = name + ": " + end;
      document.getElementById("ways").append(line);
    }
    document.title = "tried";
    document.getElementById("ways").dataset.done = "yes";
  })();
</script>`;

/** A beacon says to the script that it was sent even when the policy stops it; the test sees whether it was answered. */
const SEEN_FROM_OUTSIDE = ["beacon"];

const OUTPUTS = { mlpipeline_ui_metadata: "system.Artifact", report: "system.HTML" };

/** A step that leaves the page twice: as a display, and as an HTML artifact. */
function pipeline(html: string): string {
  const displays = JSON.stringify({
    outputs: [
      { type: "markdown", storage: "inline", source: "**A remark**" },
      { type: "web-app", storage: "inline", source: html },
    ],
  });
  const path = (name: string): string => `{{$.outputs.artifacts['${name}'].path}}`;
  const script = 'printf %s "$1" > "$0"; printf %s "$3" > "$2"';
  return JSON.stringify({
    pipelineInfo: { name: "pages" },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.13.0",
    components: {
      "comp-draw": {
        executorLabel: "exec-draw",
        outputDefinitions: {
          artifacts: Object.fromEntries(
            Object.entries(OUTPUTS).map(([name, schemaTitle]) => [
              name,
              { artifactType: { schemaTitle, schemaVersion: "0.0.1" } },
            ]),
          ),
        },
      },
    },
    deploymentSpec: {
      executors: {
        "exec-draw": {
          container: {
            image: "any",
            command: ["sh", "-c", script, path("mlpipeline_ui_metadata"), displays, path("report"), html],
          },
        },
      },
    },
    root: {
      dag: { tasks: { draw: { componentRef: { name: "comp-draw" }, taskInfo: { name: "draw" }, cachingOptions: {} } } },
    },
  });
}

async function runOf(api: Api, origin: string): Promise<RunView> {
  const html = HOSTILE.replace("<script>", `<script>const ORIGIN = ${JSON.stringify(origin)};`);
  const upload = await api.upload({ "pages.json": pipeline(html) });
  return api.finished((await api.createRun(upload.version.id, {}, "pages")).id);
}

/** Addresses that a page of the step was answered from. */
function stolen(page: Page): readonly string[] {
  const found: string[] = [];
  page.on("response", (response) => {
    if (response.url().includes("stolen=")) found.push(response.url());
  });
  page.on("popup", (popup) => found.push(`popup ${popup.url()}`));
  return found;
}

test("pages of a step run their scripts, and reach neither cookies nor the API", async ({ browser, server, api }) => {
  const run = await runOf(api, server.url);
  expect(run.state).toBe("succeeded");
  const context = await browser.newContext({ baseURL: server.url });
  await context.addCookies([{ name: "canary", value: "cookie-canary", url: server.url }]);
  const page = await context.newPage();
  const answered = stolen(page);
  await page.goto(`/runs/${run.id}`);
  await page.evaluate(() => localStorage.setItem("canary", "storage-canary"));
  expect(await page.evaluate(() => document.cookie)).toContain("cookie-canary");
  expect(await page.evaluate(async () => (await fetch("/api/trpc/system.status")).status)).toBe(200);
  await page.locator('button[data-step="draw"]').click();
  await page.getByRole("tab", { name: "Inputs/Outputs" }).click();
  await expect(page.getByText("A remark")).toBeVisible();

  for (const title of ["Page of the step", "Preview of report"]) {
    await page.getByTitle(title).scrollIntoViewIfNeeded();
    const frame = page.frameLocator(`iframe[title="${title}"]`);
    await expect(frame.locator("#drawn")).toHaveText("drawn by the script");
    await expect(frame.locator("#ways[data-done]")).toBeAttached();
    const lines = await frame.locator("#ways li").allTextContents();
    expect(lines.length).toBe(12);
    const reached = lines.filter((line) => !line.endsWith(": shut"));
    expect(reached.filter((line) => !SEEN_FROM_OUTSIDE.includes(line.split(":")[0] ?? ""))).toEqual([]);
  }
  expect(answered).toEqual([]);
  expect(page.url()).toContain(`/runs/${run.id}`);
  await context.close();
});

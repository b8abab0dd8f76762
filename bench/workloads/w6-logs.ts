/** W6: logs: from a written line to the clients that follow it, and a log of a gigabyte opened at its end. */
import { setMaxListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import type { Api } from "@/e2e/support/api";
import { chromiumOptions } from "@/e2e/support/browser";
import { startServer, type TestServer, until } from "@/e2e/support/server";
import type { ChangeView } from "@/server/domain/views/changes";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import { dataDir } from "@/server/platform/data-dir";
import { migrationsFolder } from "@/server/platform/root";
import { pipelineOf } from "../specs";
import { median, percentile, spread } from "../statistics";
import { uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

const FOLLOWERS = [1, 50, 500] as const;
const WATCHED_MS = 8_000;
const MEGABYTES = 1_000;
const OPENINGS = 5;

/** A line with the moment of its writing, every 5 ms, until it is stopped. */
const WRITER = [process.execPath, "-e", "setInterval(() => console.log(Date.now()), 5)"];

interface Followed {
  readonly server: TestServer;
  readonly task: number;
  readonly signal: AbortSignal;
  /** Milliseconds from a line's writing until a client had it. */
  readonly delays: number[];
}

/** One answer, asked for with little of this process's own time: its clients are many. */
function ask(agent: Agent, address: string, headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(address, { agent, headers }, resolve).once("error", reject);
  });
}

/** Follows as a page does: told of growth by the stream of changes with what was added, it asks for what it has missed. */
async function follow({ server, task, signal, delays }: Followed): Promise<void> {
  const authorization = `Bearer ${server.token}`;
  const log = `${server.url}/api/tasks/${task}/attempts/1/log`;
  const agent = new Agent({ keepAlive: true });
  signal.addEventListener("abort", () => agent.destroy());
  let size = 0;
  let read = -1;
  let isReading = false;
  const taken = (text: string) => {
    const now = Date.now();
    for (const line of text.split("\n")) if (/^\d{13}$/.test(line)) delays.push(now - Number(line));
  };
  const readNew = async () => {
    if (isReading) return;
    isReading = true;
    while (read < size && !signal.aborted) {
      const answer = await ask(agent, log, {
        authorization,
        range: `bytes=${Math.max(0, read < 0 ? size - 14 : read)}-`,
      });
      const text = await textOf(answer);
      if (read >= 0) taken(text);
      read = Number(answer.headers["content-range"]?.split("/")[1]);
    }
    isReading = false;
  };
  const stream = await ask(agent, `${server.url}/api/changes?topic=log:${task}/1`, { authorization });
  for await (const line of createInterface({ input: stream })) {
    if (!line.startsWith("data: {")) continue;
    const change: Partial<ChangeView> = JSON.parse(line.slice("data: ".length));
    if (!change.log) continue;
    const { added } = change.log;
    size = change.log.size;
    if (added !== undefined && read >= added.from && !isReading) {
      taken(
        Buffer.from(added.base64, "base64")
          .subarray(read - added.from)
          .toString(),
      );
      read = Math.max(read, size);
      continue;
    }
    void readNew().catch(() => undefined);
  }
}

async function delaysOf(server: TestServer, api: Api, version: string, followers: number): Promise<number[]> {
  const { id } = await api.createRun(version);
  const task = await until("the writer to run", async () => {
    const { tasks } = await api.query<RunView>("runs.get", { id });
    return tasks[0]?.state === "running" ? tasks[0].id : null;
  });
  const leaving = new AbortController();
  setMaxListeners(followers + 1, leaving.signal);
  const delays: number[] = [];
  const all = Array.from({ length: followers }, () =>
    follow({ server, task, signal: leaving.signal, delays }).catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
    }),
  );
  // The first moments belong to five hundred clients that connect at once.
  await Promise.race([pause(2_000), Promise.all(all)]);
  delays.length = 0;
  await Promise.race([pause(WATCHED_MS), Promise.all(all)]);
  leaving.abort();
  await Promise.all(all);
  await api.mutate("runs.cancel", { id });
  await api.finished(id);
  return delays;
}

async function followedFigures(): Promise<Figure[]> {
  const { server, api } = await warmServer(2);
  try {
    const version = await uploadSpec(api, "writer", pipelineOf("writer", [{ key: "s", after: [] }], WRITER));
    const figures: Figure[] = [];
    for (const followers of FOLLOWERS) {
      const delays = await delaysOf(server, api, version, followers);
      for (const [name, share, goal] of [
        ["p50", 0.5, 30],
        ["p99", 0.99, 100],
      ] as const) {
        const value = percentile(delays, share);
        figures.push({
          name: `line to client with ${followers} following, ${name} of ${delays.length}`,
          value,
          unit: "ms",
          goal: `≤ ${goal} ms`,
          isMet: value <= goal,
        });
      }
    }
    return figures;
  } finally {
    await server.remove();
  }
}

function longLog(): string {
  const home = mkdtempSync(join(tmpdir(), "penstock-w6-"));
  const files = dataDir(home);
  const db = openDatabase(files.database);
  migrateDatabase(db, migrationsFolder());
  const seed = SEEDS.find(({ name }) => name === "long-log");
  seed?.write({ db, random: randomFrom(6), nowMs: Date.now() }, files, MEGABYTES);
  db.$client.close();
  return home;
}

/** From the click on the step of a run to its last line, in a browser. */
async function openedFigure(): Promise<Figure> {
  const home = longLog();
  const server = await startServer({ home });
  const browser = await chromium.launch(chromiumOptions());
  try {
    const context = await browser.newContext({
      extraHTTPHeaders: { authorization: `Bearer ${server.token}` },
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    const asked = await context.request.get(`${server.url}/api/trpc/runs.list?input={}`);
    const runs: PageView<RunSummary> = (await asked.json()).result.data;
    const times: number[] = [];
    for (let nth = 0; nth < OPENINGS; nth++) {
      await page.goto(`${server.url}/runs/${runs.items[0]?.id}?view=graph`);
      const step = page.locator("[data-step]").first();
      await step.waitFor();
      const clickedAt = Date.now();
      await step.click();
      await page.getByRole("log").getByText(/epoch/).last().waitFor();
      times.push(Date.now() - clickedAt);
    }
    const value = median(times);
    const name = `a log of ${MEGABYTES.toLocaleString("en")} MB opened at its end`;
    return { name, value, unit: "ms", spread: spread(times), goal: "≤ 300 ms", isMet: value <= 300 };
  } finally {
    await browser.close();
    await server.remove();
    rmSync(home, { recursive: true, force: true });
  }
}

export const logsWorkload: Workload = {
  id: "W6",
  title: "logs",
  async run() {
    return [...(await followedFigures()), await openedFigure()];
  },
};

/** W5: lists over HTTP at a million runs of ten metrics each: every kind of filter, order, deep page, search and count. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import { apiOf } from "@/e2e/support/api";
import { startServer, type TestServer } from "@/e2e/support/server";
import { dataDir } from "@/server/platform/data-dir";
import { migrationsFolder } from "@/server/platform/root";
import { pipelineOf } from "../specs";
import { median, percentile } from "../statistics";
import { uploadSpec } from "../steps";
import type { Figure, Workload } from "../workload";

const RUNS = Number(process.env.BENCH_RUNS ?? 1_000_000);
const SAMPLES = 200;
/** Each question is asked so often before it is judged: a server that just began runs code that is not compiled yet. */
const FIRST = 20;
const DEEP_PAGES = 40;
const MOST_BYTES = 60_000;

interface Question {
  readonly name: string;
  readonly input: { readonly [field: string]: unknown };
  /** Milliseconds that 99 of 100 answers take at most. */
  readonly goal: number;
}

const where = (field: string, is: string, value: unknown) => ({ filter: { field, is, value } });

const QUESTIONS: readonly Question[] = [
  { name: "newest", input: {}, goal: 10 },
  { name: "one state", input: { states: ["failed"] }, goal: 10 },
  { name: "two states", input: { states: ["failed", "running"] }, goal: 10 },
  { name: "one pipeline", input: where("pipeline", "=", "pipeline-7"), goal: 10 },
  { name: "one experiment", input: where("experiment", "=", "experiment-3"), goal: 10 },
  { name: "by name", input: { sort: "name", direction: "asc" }, goal: 10 },
  { name: "by duration", input: { sort: "duration" }, goal: 10 },
  { name: "by a metric", input: { sort: "metric.accuracy", metrics: ["accuracy"] }, goal: 10 },
  { name: "by a parameter", input: { sort: "param.lr", parameters: ["lr"] }, goal: 10 },
  { name: "by pipeline", input: { sort: "pipeline", direction: "asc" }, goal: 10 },
  { name: "by start", input: { sort: "started" }, goal: 10 },
  { name: "failed by name", input: { states: ["failed"], sort: "name", direction: "asc" }, goal: 10 },
  { name: "search", input: { search: `run-${Math.floor(RUNS / 2)}` }, goal: 10 },
  { name: "tag", input: where("tag.team", "=", "vision"), goal: 150 },
  { name: "rare metric", input: where("metric.accuracy", ">", 0.9999), goal: 150 },
  { name: "frequent metric", input: where("metric.accuracy", ">", 0.5), goal: 150 },
  {
    name: "metric and parameter, by another metric",
    input: {
      filter: {
        all: [
          { field: "metric.loss", is: "<", value: 0.2 },
          {
            any: [
              { field: "param.lr", is: "=", value: 0.01 },
              { field: "state", is: "=", value: "failed" },
            ],
          },
        ],
      },
      sort: "metric.f1",
      metrics: ["loss", "f1"],
    },
    goal: 150,
  },
];

function seed(home: string): void {
  mkdirSync(home, { recursive: true });
  const files = dataDir(home);
  const db = openDatabase(files.database);
  migrateDatabase(db, migrationsFolder());
  const many = SEEDS.find(({ name }) => name === "many-runs");
  many?.write({ db, random: randomFrom(5), nowMs: Date.now() }, files, RUNS);
  db.$client.close();
}

interface Answer {
  readonly ms: number;
  readonly text: string;
}

/** Asks over a connection that stays open, and takes the time until the last byte is here: reading it is the client's own. */
function asker({ url, token }: TestServer): (input: object) => Promise<Answer> {
  const agent = new Agent({ keepAlive: true });
  return async (input) => {
    const address = `${url}/api/trpc/runs.list?input=${encodeURIComponent(JSON.stringify(input))}`;
    const startedAt = performance.now();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(address, { agent, headers: { authorization: `Bearer ${token}` } }, resolve).once("error", reject);
    });
    const text = await textOf(answer);
    if (answer.statusCode !== 200) throw new Error(text);
    return { ms: performance.now() - startedAt, text };
  };
}

function* judged(name: string, samples: readonly number[], goal: number): Iterable<Figure> {
  const value = percentile(samples, 0.99);
  yield { name: `${name}, p50`, value: median(samples), unit: "ms", goal: "told", isMet: true };
  yield { name: `${name}, p99`, value, unit: "ms", goal: `≤ ${goal} ms`, isMet: value <= goal };
}

/** The first answers of a server, told apart from those that are judged. */
async function firstAnswers(ask: ReturnType<typeof asker>): Promise<Iterable<Figure>> {
  const samples: number[] = [];
  for (let round = 0; round < FIRST; round++) {
    for (const { input } of QUESTIONS) samples.push((await ask(input)).ms);
  }
  const told = (name: string, value: number): Figure => ({ name, value, unit: "ms", goal: "told", isMet: true });
  const name = `the first ${FIRST} of each kind`;
  return [told(`${name}, p50`, median(samples)), told(`${name}, p99`, percentile(samples, 0.99))];
}

async function* asked(ask: ReturnType<typeof asker>, when: string): AsyncIterable<Figure> {
  for (const { name, input, goal } of QUESTIONS) {
    const samples: number[] = [];
    let most = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const { ms, text } = await ask(input);
      samples.push(ms);
      most = Math.max(most, text.length);
    }
    yield* judged(`${name}, ${when}`, samples, goal);
    if (most > MOST_BYTES) {
      yield { name: `${name}, bytes`, value: most, unit: "B", goal: "≤ 60 KB", isMet: false };
    }
  }
}

async function deepPages(ask: ReturnType<typeof asker>): Promise<Iterable<Figure>> {
  const deep: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < DEEP_PAGES; page++) {
    const { ms, text } = await ask({ sort: "metric.accuracy", limit: 200, cursor });
    cursor = JSON.parse(text).result.data.next;
    deep.push(ms);
  }
  return judged(`${DEEP_PAGES} pages on`, deep.slice(DEEP_PAGES / 2), 40);
}

/** A run whose steps follow each other about forty times a second, each with three changes of its state; ends it when called. */
async function transitions(server: TestServer): Promise<() => Promise<void>> {
  const api = apiOf(server);
  const tasks = Array.from({ length: 5_000 }, (_, at) => ({ key: `s${at}`, after: at > 0 ? [`s${at - 1}`] : [] }));
  const version = await uploadSpec(api, "busy", pipelineOf("busy", tasks, ["sleep", "0.02"]));
  const { id } = await api.createRun(version);
  return async () => {
    await api.mutate("runs.cancel", { id });
    await api.finished(id);
  };
}

/** The data directory, seeded unless it was kept; `BENCH_HOME` names one that stays for the next time. */
function seededHome(): { readonly home: string; readonly remove: () => void } {
  const kept = process.env.BENCH_HOME;
  const home = kept ?? mkdtempSync(join(tmpdir(), "penstock-w5-"));
  if (!existsSync(dataDir(home).database)) seed(home);
  return { home, remove: () => kept === undefined && rmSync(home, { recursive: true, force: true }) };
}

export const listsWorkload: Workload = {
  id: "W5",
  title: `lists at ${RUNS.toLocaleString("en")} runs`,
  async run() {
    const { home, remove } = seededHome();
    const server = await startServer({ home, env: { PENSTOCK_LOG: "warn" } });
    const ask = asker(server);
    const figures: Figure[] = [];
    try {
      figures.push(...(await firstAnswers(ask)));
      for await (const figure of asked(ask, "at rest")) figures.push(figure);
      figures.push(...(await deepPages(ask)));
      const end = await transitions(server);
      for await (const figure of asked(ask, "under 100 changes of state a second")) figures.push(figure);
      await end();
    } finally {
      await server.stop();
      remove();
    }
    return figures;
  },
};

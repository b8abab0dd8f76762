/** W5: lists over HTTP at a million runs of ten metrics each: every kind of filter, order, deep page, search and count. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { randomFrom } from "@/db/seed/rng";
import { SEEDS } from "@/db/seed/scenarios";
import { apiOf } from "@/e2e/support/api";
import { startServer } from "@/e2e/support/server";
import { dataDir } from "@/server/platform/data-dir";
import { migrationsFolder } from "@/server/platform/root";
import { percentile } from "../statistics";
import type { Figure, Workload } from "../workload";

const RUNS = Number(process.env.BENCH_RUNS ?? 1_000_000);
const SAMPLES = 60;
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
  const files = dataDir(home);
  const db = openDatabase(files.database);
  migrateDatabase(db, migrationsFolder());
  const many = SEEDS.find(({ name }) => name === "many-runs");
  many?.write({ db, random: randomFrom(5), nowMs: Date.now() }, files, RUNS);
  db.$client.close();
}

export const listsWorkload: Workload = {
  id: "W5",
  title: `lists at ${RUNS.toLocaleString("en")} runs`,
  async run() {
    const home = mkdtempSync(join(tmpdir(), "penstock-w5-"));
    seed(home);
    const server = await startServer({ home });
    const api = apiOf(server);
    const figures: Figure[] = [];
    const timed = async (input: object): Promise<{ ms: number; bytes: number; next: string | null }> => {
      const startedAt = performance.now();
      const page = await api.query<{ next: string | null }>("runs.list", input);
      return { ms: performance.now() - startedAt, bytes: JSON.stringify(page).length, next: page.next };
    };
    const tell = (name: string, samples: readonly number[], goal: number) => {
      const value = percentile(samples, 0.99);
      figures.push({ name: `${name}, p99`, value, unit: "ms", goal: `≤ ${goal} ms`, isMet: value <= goal });
    };
    try {
      for (const { name, input, goal } of QUESTIONS) {
        const samples: number[] = [];
        let most = 0;
        await timed(input);
        for (let i = 0; i < SAMPLES; i++) {
          const { ms, bytes } = await timed(input);
          samples.push(ms);
          most = Math.max(most, bytes);
        }
        tell(name, samples, goal);
        if (most > MOST_BYTES)
          figures.push({ name: `${name}, bytes`, value: most, unit: "B", goal: "≤ 60 KB", isMet: false });
      }
      const deep: number[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < DEEP_PAGES; page++) {
        const found = await timed({ sort: "metric.accuracy", limit: 200, cursor });
        cursor = found.next;
        deep.push(found.ms);
      }
      tell(`${DEEP_PAGES} pages on`, deep.slice(DEEP_PAGES / 2), 40);
    } finally {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    }
    return figures;
  },
};

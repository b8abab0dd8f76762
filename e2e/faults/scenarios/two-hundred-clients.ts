/** CLIENTS: two hundred clients at once over the Kubeflow API, and what was accepted held against the rows. */
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { luckOf, randomFrom } from "@/db/seed/rng";
import { programRoot } from "@/server/platform/root";
import { apiOf } from "../../support/api";
import { startServer } from "../../support/server";
import { type ClientsJournal, lostOrDoubled } from "../clients-check";
import { clientOf } from "../rest-client";
import type { Scenario } from "../scenario";
import { sideBySide } from "../steps";

const LIST_GOAL_MS = 50;

/** Pause between two requests of one client: people and scripts think. */
const THINK_MS = 2_000;
const SETTLED_MS = 5_000;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

async function seeded(runs: number): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "penstock-clients-"));
  const command = ["--import", "tsx", join(programRoot(), "server/services/seed/main.ts"), "many-runs", String(runs)];
  await promisify(execFile)(process.execPath, command, { env: { ...process.env, PENSTOCK_HOME: home } });
  return home;
}

export const clientsScenario: Scenario = {
  id: "CLIENTS",
  title: "two hundred clients create, list, terminate, archive and delete at once",
  async run({ slice, seed }) {
    const [clients, seconds, runs] = slice ? [40, 8, 2_000] : [200, 60, 100_000];
    const server = await startServer({ home: await seeded(runs), env: { PENSTOCK_LOG: "warn" } });
    try {
      const { version } = await apiOf(server).upload({ "ok.json": JSON.stringify(sideBySide("ok", ["true"])) });
      const journal: ClientsJournal = { created: new Map(), terminated: [], archived: [], deleted: [] };
      const times: { [kind: string]: number[] } = {};
      const startedAt = performance.now();
      /** Lists that were asked for once everybody had come: a server just started has its programs still to compile. */
      const settled: number[] = [];
      const found: string[] = [];
      const note = (kind: string, status: number, tookMs: number) => {
        const list = times[kind] ?? [];
        list.push(tookMs);
        times[kind] = list;
        if (kind === "list" && performance.now() - startedAt > SETTLED_MS) settled.push(tookMs);
        if (status !== 200) found.push(`${kind} answered ${status}`);
      };
      const untilMs = performance.now() + seconds * 1_000;
      await Promise.all(
        Array.from({ length: clients }, (_, number) =>
          clientOf({
            server,
            versionId: version.id,
            number,
            random: randomFrom(luckOf(`client-${number}`, seed)),
            journal,
            note,
            thinkMs: THINK_MS,
            untilMs,
          }),
        ),
      );
      found.push(...(await lostOrDoubled(server, journal)));
      const all = Object.values(times).flat();
      const lists = ascending(times.list ?? []);
      const p99 = Math.round(percentile(lists, 0.99));
      if (!slice && p99 > LIST_GOAL_MS)
        found.push(`list answers took ${p99} ms at p99; the goal is ${LIST_GOAL_MS} ms`);
      const slowest = Object.entries(times).map(([kind, taken]) => [
        `${kind} p99 ms`,
        Math.round(percentile(ascending(taken), 0.99)),
      ]);
      return {
        violations: found,
        figures: {
          "runs before": runs,
          clients,
          requests: all.length,
          "per second": Math.round(all.length / seconds),
          created: journal.created.size,
          "list p50 ms": Math.round(percentile(lists, 0.5)),
          ...Object.fromEntries(slowest),
          [`list p99 ms after ${SETTLED_MS / 1_000} s`]: Math.round(percentile(ascending(settled), 0.99)),
        },
      };
    } finally {
      await server.remove();
    }
  },
};

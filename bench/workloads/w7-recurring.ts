/** W7: a hundred thousand recurring runs: many due in one second, a spread load, rest, and a day off. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Db, openDatabase } from "@/db/client";
import { recurringRun } from "@/db/schema";
import { apiOf } from "@/e2e/support/api";
import { startServer, type TestServer, until } from "@/e2e/support/server";
import { dataDir } from "@/server/platform/data-dir";
import { pipelineOf } from "../specs";
import { percentile } from "../statistics";
import { uploadSpec } from "../steps";
import type { Figure, Workload } from "../workload";

const ALL = 100_000;
const AT_ONCE = 10_000;
const DAY = 86_400_000;
/** Of the spread load: so many moments a second, for so long. */
const PER_SECOND = 10;
const SPREAD_SECONDS = 30;

interface Due {
  readonly count: number;
  readonly nextMs: (at: number) => number;
  readonly intervalMs: number;
}

/** Puts recurring runs into a data directory that no engine works on. */
function fill(db: Db, versionKey: number, { count, nextMs, intervalMs }: Due, name: string): void {
  const createdAt = new Date();
  db.$client.transaction(() => {
    for (let at = 0; at < count; at += 1) {
      const next = nextMs(at);
      db.insert(recurringRun)
        .values({
          id: `${name}-${at}`,
          name: `${name} ${at}`,
          versionKey,
          experimentKey: 1,
          isEnabled: true,
          triggerKind: "interval",
          intervalMs,
          timeZone: "UTC",
          anchorAt: new Date(next - intervalMs),
          nextAt: new Date(next),
          maxConcurrency: 1,
          overlap: "skip",
          catchUp: "none",
          parameters: {},
          runNameBase: `${name}${at}x`,
          createdAt,
          updatedAt: createdAt,
        })
        .run();
    }
  })();
}

const opened = <T>(server: Pick<TestServer, "home">, work: (db: Db) => T, readonly = true): T => {
  const db = openDatabase(dataDir(server.home).database, { readonly });
  try {
    return work(db);
  } finally {
    db.$client.close();
  }
};

/** Processor seconds that a process has used. */
function cpuSeconds(pid: number | null): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const figure = (name: string, value: number, unit: string, most: number): Figure => ({
  name,
  value,
  unit,
  goal: `≤ ${most} ${unit}`,
  isMet: value <= most,
});

/** How long after their moment the slots of one kind were written, in milliseconds. */
const lateness = (db: Db, name: string): number[] =>
  db.$client
    .prepare(
      `select s.created_at - s.at from slot s join recurring_run r on r.key = s.recurring_run_key
       where r.id like ? and s.run_key is not null`,
    )
    .pluck()
    .all(`${name}-%`) as number[];

/** Ends every run that is left, so that what is measured next is not the work of the last. */
async function endAll(server: TestServer): Promise<void> {
  opened(
    server,
    (db) =>
      db.$client.exec(
        "update run set cancel_requested_at = unixepoch() * 1000, cancel_requested_by = 'bench', is_noticed = 0 where state in ('pending', 'running')",
      ),
    false,
  );
  const open = (db: Db) => db.$client.prepare("select count(*) from run where finished_at is null").pluck().get();
  await until("the runs to be over", () => opened(server, open) === 0, 120_000, 200);
}

export const recurringWorkload: Workload = {
  id: "W7",
  title: "100,000 recurring runs",
  async run() {
    const home = mkdtempSync(join(tmpdir(), "penstock-w7-"));
    const env = { PENSTOCK_SLOTS: "2", PENSTOCK_LOG: "warn" };
    const first = await startServer({ home, env });
    const versionId = await uploadSpec(apiOf(first), "tick", pipelineOf("tick", [{ key: "s", after: [] }]));
    await first.stop();
    opened(
      first,
      (db) => {
        const key = db.$client.prepare("select key from version where id = ?").pluck().get(versionId) as number;
        const far = Date.now() + 30 * DAY;
        const many = ALL - AT_ONCE - PER_SECOND * SPREAD_SECONDS;
        fill(db, key, { count: many, nextMs: (at) => far + at * 10, intervalMs: 60 * DAY }, "rest");
      },
      false,
    );
    let server = await startServer({ home, env });
    try {
      // An engine looks out for work for some seconds after its start before it rests.
      await new Promise((resume) => setTimeout(resume, 10_000));
      const before = cpuSeconds(server.children().engine);
      await new Promise((resume) => setTimeout(resume, 20_000));
      const idle = ((cpuSeconds(server.children().engine) - before) / 20) * 100;

      const key = opened(server, (db) => db.$client.prepare("select key from version").pluck().get() as number);
      const spreadFrom = Math.ceil(Date.now() / 1_000) * 1_000 + 6_000;
      const spread = {
        count: PER_SECOND * SPREAD_SECONDS,
        nextMs: (at: number) => spreadFrom + Math.floor(at * (1_000 / PER_SECOND)),
        intervalMs: 60 * DAY,
      };
      opened(server, (db) => fill(db, key, spread, "spread"), false);
      const slots = (name: string) => opened(server, (db) => lateness(db, name));
      await until("the spread load", () => slots("spread").length >= spread.count, 120_000, 500);
      const late = slots("spread");

      const burstAt = Math.ceil(Date.now() / 1_000) * 1_000 + 20_000;
      opened(
        server,
        (db) => fill(db, key, { count: AT_ONCE, nextMs: () => burstAt, intervalMs: 60 * DAY }, "burst"),
        false,
      );
      await until("the burst", () => slots("burst").length >= AT_ONCE, 120_000, 200);
      const burst = Math.max(...slots("burst"));
      await endAll(server);

      await server.stop();
      opened(
        server,
        (db) =>
          db.$client.exec(
            `update recurring_run set next_at = next_at - ${90 * DAY}, anchor_at = anchor_at - ${90 * DAY} where id like 'rest-%'`,
          ),
        false,
      );
      const startedAt = performance.now();
      server = await startServer({ home, env });
      const ready = performance.now() - startedAt;
      return [
        figure("10,000 due in one second, all made", burst / 1_000, "s", 3),
        figure("spread load, lateness p99", percentile(late, 0.99), "ms", 100),
        figure("engine at rest", idle, "% of a processor", 1),
        figure("ready again with everything overdue", ready / 1_000, "s", 2),
      ];
    } finally {
      await server.remove();
    }
  },
};

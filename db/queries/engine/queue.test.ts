/** The statements of the queues: they give the rule what it would take of all rows, and read the index alone. */
import fc from "fast-check";
import { beforeEach, expect, it, vi } from "vitest";
import type { Db } from "@/db/client";
import { testDatabase } from "@/db/testing";
import { type Holding, takeTurns } from "@/server/domain/queue/take-turns";
import { type StoredTurn, type WaitingStep, waitingIn } from "@/server/domain/queue/testing";
import { queueQueries } from "./queue";

let db: Db;
beforeEach(() => {
  db = testDatabase();
});

/** Puts steps into their queues; no run stands behind them. */
function enqueue(steps: readonly WaitingStep[]): void {
  const sql = db.$client;
  sql.pragma("foreign_keys = off");
  sql.exec("delete from task");
  const insert = sql.prepare(
    `insert into task (key, run_key, path, step_path, name, kind, state, created_at, queued_at, profile, priority,
       experiment_key, cpus, memory_bytes) values (?, ?, 's', 's', 's', 'container', 'queued', 0, ?, ?, ?, ?, ?, ?)`,
  );
  sql.transaction(() => {
    for (const { key, profile, priority, experiment, cpus, memoryBytes } of steps)
      insert.run(key, key, key, profile, priority, experiment, cpus, memoryBytes);
  })();
}

const step = fc.record({
  experiment: fc.integer({ min: 1, max: 9 }),
  priority: fc.integer({ min: -1, max: 1 }),
  profile: fc.constantFrom("a", "b", "c"),
  cpus: fc.constantFrom(null, 1, 2.5),
  memoryBytes: fc.constantFrom(null, 10, 90),
});
const holding = fc.record({
  profile: fc.constantFrom("a", "b", "c"),
  experiment: fc.integer({ min: 1, max: 9 }),
  count: fc.integer({ min: 1, max: 3 }),
  cpus: fc.constantFrom(0, 2),
  memoryBytes: fc.constantFrom(0, 50),
});

it("what they leave out would not have had its turn", () => {
  const limits = { c: { capacity: 2 }, b: { cpus: 4, memoryBytes: 100 } };
  db.$client.exec(
    `insert into profile (name, executor, grace_ms, environment, created_at, capacity, limits) values
       ('c', 'process', 0, '{}', 0, 2, '{}'), ('b', 'process', 0, '{}', 0, null, '{"totalCpus":4,"totalMemoryBytes":100}')`,
  );
  const { standing, band, noteTurn } = queueQueries(db);
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.uniqueArray(holding, { maxLength: 4, selector: ({ profile, experiment }) => `${profile} ${experiment}` }),
      fc.array(
        fc.record({
          profile: fc.constantFrom("a", "b", "c"),
          priority: fc.integer({ min: -1, max: 1 }),
          experiment: fc.integer({ min: 1, max: 9 }),
        }),
        { maxLength: 6 },
      ),
      fc.integer({ min: 1, max: 8 }),
      (given, held: Holding[], turns: StoredTurn[], free) => {
        const steps = given.map((one, at) => ({ ...one, key: at + 1 }));
        enqueue(steps);
        db.$client.exec("delete from queue_turn");
        for (const turn of turns) noteTurn(turn);
        const inUse = held.reduce((sum, { count }) => sum + count, 0);
        const readBand = (profile: string, priority: number) =>
          band(profile, priority, { lanes: inUse + free, each: free });
        const read = takeTurns({ queues: standing().queues, held, readBand }, free);
        const whole = takeTurns({ ...waitingIn(steps, turns, limits), held }, free);
        expect(read.tasks.map(({ key }) => key)).toEqual(whole.tasks.map(({ key }) => key));
        expect(read.turns).toEqual(whole.turns);
      },
    ),
  );
});

it("each statement jumps through the index of the queues, and scans no table", () => {
  const { $client: sql } = db;
  const texts: string[] = [];
  const prepare = sql.prepare.bind(sql);
  const spy = vi.spyOn(sql, "prepare").mockImplementation((text: string) => {
    texts.push(text);
    return prepare(text);
  });
  queueQueries(db);
  spy.mockRestore();
  const plans = texts
    .filter((text) => !text.startsWith("insert"))
    .map((text) => {
      const nothing = Object.fromEntries([...text.matchAll(/:(\w+)/g)].map(([, name]) => [name ?? "", 0]));
      const values = text.includes("?") ? ["", 0] : [nothing];
      return (prepare(`explain query plan ${text}`).all(...values) as { detail: string }[])
        .map(({ detail }) => detail)
        .filter((detail) => /^(SCAN|SEARCH) (task|t|a|r|p|queue_turn)\b/.test(detail));
    });
  expect(plans).toHaveLength(3);
  for (const plan of plans) {
    expect(plan.length).toBeGreaterThan(0);
    for (const detail of plan) expect(detail).toMatch(/^SEARCH|^SCAN a USING INDEX attempt_live$/);
  }
});

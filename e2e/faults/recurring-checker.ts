/** Holds recurring runs against I6 and I5: each due moment once, as a run or a recorded skip, and never more at once than allowed. */
import { openDatabase } from "@/db/client";
import { firstSlot, slotsOf } from "@/server/domain/recurrence/schedule";
import { isRunOver, type RunState } from "@/server/domain/states";
import { dataDir } from "@/server/platform/data-dir";

interface Recurring {
  readonly key: number;
  readonly name: string;
  readonly intervalMs: number;
  readonly anchorMs: number;
  readonly nextMs: number | null;
  readonly maxConcurrency: number;
}

interface Slot {
  readonly at: number;
  readonly lastAt: number;
  readonly count: number;
  readonly runKey: number | null;
  readonly skipReason: string | null;
}

interface Run {
  readonly key: number;
  readonly name: string;
  readonly state: RunState;
  readonly scheduledAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** The most runs that were active at one instant. */
function mostAtOnce(runs: readonly Run[]): number {
  const turns = runs.flatMap(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null
      ? []
      : [
          { ms: startedAt, by: 1 },
          { ms: finishedAt, by: -1 },
        ],
  );
  // Within one millisecond an end makes room before the next begins.
  turns.sort((a, b) => a.ms - b.ms || a.by - b.by);
  let now = 0;
  return turns.reduce((most, { by }) => {
    now += by;
    return Math.max(most, now);
  }, 0);
}

function troublesOf(one: Recurring, slots: readonly Slot[], runs: readonly Run[]): string[] {
  const found: string[] = [];
  const schedule = {
    trigger: { kind: "interval", everyMs: one.intervalMs },
    timeZone: "UTC",
    anchorMs: one.anchorMs,
    endMs: null,
  } as const;
  const all = slotsOf(schedule);
  const byKey = new Map(runs.map((run) => [run.key, run]));
  let expected = firstSlot(schedule);
  for (const slot of slots) {
    if (slot.at !== expected) found.push(`I6: ${one.name} has ${slot.at} where ${expected} was due`);
    if (slot.count !== all.count(slot.at, slot.lastAt))
      found.push(`I6: ${one.name} counts ${slot.count} at ${slot.at}`);
    if ((slot.runKey === null) === (slot.skipReason === null))
      found.push(`I6: ${one.name} at ${slot.at} is both or none`);
    if (slot.runKey !== null && byKey.get(slot.runKey)?.scheduledAt !== slot.at)
      found.push(`I6: ${one.name} at ${slot.at} has another moment's run`);
    expected = all.next(slot.lastAt);
  }
  if (one.nextMs !== expected) found.push(`I6: ${one.name} goes on at ${one.nextMs}, not at ${expected}`);
  const made = slots.filter(({ runKey }) => runKey !== null).length;
  if (made !== runs.length) found.push(`I6: ${one.name} has ${runs.length} runs for ${made} slots`);
  const most = mostAtOnce(runs);
  if (most > one.maxConcurrency) found.push(`I5: ${one.name} had ${most} runs at once, ${one.maxConcurrency} may be`);
  for (const run of runs) {
    if (!isRunOver(run.state)) found.push(`${run.name} of ${one.name} is still ${run.state}`);
  }
  return found;
}

/** Everything that is wrong with the interval schedules of a data directory whose runs are over, and what was looked at. */
export function recurringViolations(home: string): { found: string[]; slots: number; runs: number; skipped: number } {
  const db = openDatabase(dataDir(home).database, { readonly: true });
  const sql = db.$client;
  try {
    const found: string[] = [];
    const counted = { slots: 0, runs: 0, skipped: 0 };
    const recurring = sql
      .prepare(
        `select key, name, interval_ms as intervalMs, anchor_at as anchorMs, next_at as nextMs,
           max_concurrency as maxConcurrency from recurring_run`,
      )
      .all() as Recurring[];
    const slotsOfOne = sql.prepare(
      `select at, last_at as lastAt, count, run_key as runKey, skip_reason as skipReason from slot
       where recurring_run_key = ? order by at`,
    );
    const runsOfOne = sql.prepare(
      `select key, name, state, scheduled_at as scheduledAt, started_at as startedAt, finished_at as finishedAt
       from run where recurring_run_key = ?`,
    );
    for (const one of recurring) {
      const slots = slotsOfOne.all(one.key) as Slot[];
      const runs = runsOfOne.all(one.key) as Run[];
      found.push(...troublesOf(one, slots, runs));
      counted.slots += slots.reduce((sum, { count }) => sum + count, 0);
      counted.runs += runs.length;
      counted.skipped += slots.reduce((sum, { runKey, count }) => sum + (runKey === null ? count : 0), 0);
    }
    const integrity = sql.pragma("integrity_check", { simple: true });
    if (integrity !== "ok") found.push(`I8: integrity_check says ${String(integrity)}`);
    return { found, ...counted };
  } finally {
    db.$client.close();
  }
}

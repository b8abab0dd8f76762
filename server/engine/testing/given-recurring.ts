/** Puts recurring runs into a test's database, as the services would, and holds their slots against their schedule. */
import type { Db } from "@/db/client";
import { countRecurringRows, insertRecurringRun } from "@/db/queries/recurring-rows";
import { recurringRun, run, slot } from "@/db/schema";
import type { PipelineGraph } from "@/pipelines/graph";
import { firstSlot, type Schedule, slotsOf } from "@/server/domain/recurrence/schedule";
import { ensureDefaults } from "@/server/services/defaults";
import { storedTrigger, triggerOf } from "@/server/services/recurring-runs/recurring-run-view";
import { givenVersion } from "./given-run";

type Row = typeof recurringRun.$inferInsert;

/** Stores an enabled recurring run of this graph, each minute from `nowMs` on unless told otherwise. Returns its key. */
export function givenRecurring(
  db: Db,
  graph: PipelineGraph | number,
  nowMs: number,
  { trigger = { kind: "interval", everyMs: 60_000 }, ...more }: Partial<Row> & Partial<Pick<Schedule, "trigger">> = {},
): number {
  const now = new Date(nowMs);
  ensureDefaults(db, now);
  const endMs = more.endAt?.getTime() ?? null;
  const nextMs = firstSlot({ trigger, timeZone: "UTC", anchorMs: nowMs, endMs });
  const known = countRecurringRows(db, { predicates: [] }, true);
  insertRecurringRun(db, {
    id: `recurring-${known + 1}`,
    name: "each minute",
    versionKey: typeof graph === "number" ? graph : givenVersion(db, graph),
    experimentKey: 1,
    isEnabled: true,
    ...storedTrigger(trigger),
    timeZone: "UTC",
    anchorAt: now,
    nextAt: nextMs === null ? null : new Date(nextMs),
    maxConcurrency: 1,
    overlap: "wait",
    catchUp: "all",
    parameters: {},
    runNameBase: "eachminuteabcde",
    createdAt: now,
    updatedAt: now,
    ...more,
  });
  return known + 1;
}

/** Begins to write down how many runs of one recurring run are active at most at one instant. */
export function watchActive(db: Db): () => number {
  db.$client.exec("create temp table active (most integer)");
  db.$client.exec(
    `create temp trigger watch_active after update of state on main.run when new.recurring_run_key is not null begin
       insert into active select count(*) from run where recurring_run_key = new.recurring_run_key
         and state in ('running', 'canceling');
     end`,
  );
  return () => (db.$client.prepare("select max(most) from active").pluck().get() as number | null) ?? 0;
}

/** What is wrong with the slots of a recurring run: every moment that has come is one run or is counted in one skip. */
export function slotTroubles(db: Db, recurringKey: number): string[] {
  const row = db
    .select()
    .from(recurringRun)
    .all()
    .find(({ key }) => key === recurringKey);
  if (row === undefined) return ["it is gone"];
  const schedule = {
    trigger: triggerOf(row),
    timeZone: row.timeZone,
    anchorMs: row.anchorAt.getTime(),
    endMs: row.endAt?.getTime() ?? null,
  };
  const slots = slotsOf(schedule);
  const troubles: string[] = [];
  let expected = firstSlot(schedule);
  const own = db
    .select()
    .from(slot)
    .all()
    .filter((one) => one.recurringRunKey === recurringKey);
  const runs = new Map(
    db
      .select()
      .from(run)
      .all()
      .map((one) => [one.key, one]),
  );
  for (const one of own.sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const [atMs, lastMs] = [one.at.getTime(), one.lastAt.getTime()];
    if (atMs !== expected) troubles.push(`${atMs} where ${expected} was due`);
    if (one.count !== slots.count(atMs, lastMs)) troubles.push(`${one.count} from ${atMs} to ${lastMs}`);
    if ((one.runKey === null) === (one.skipReason === null)) troubles.push(`${atMs} is both or neither`);
    if (one.runKey !== null && runs.get(one.runKey)?.scheduledAt.getTime() !== atMs)
      troubles.push(`${atMs} has another's run`);
    expected = slots.next(lastMs);
  }
  if (expected !== (row.nextAt?.getTime() ?? null))
    troubles.push(`${row.nextAt?.getTime()} is next where ${expected} is due`);
  const made = own.filter((one) => one.runKey !== null).length;
  if (made !== [...runs.values()].filter((one) => one.recurringRunKey === recurringKey).length)
    troubles.push("runs without a slot");
  if (made !== row.runCount) troubles.push(`${row.runCount} runs are counted, ${made} are there`);
  return troubles;
}

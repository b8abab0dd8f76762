/** Slots, and the open runs of a recurring run: prepared, because the engine writes thousands of them at one moment. */
import type { Db } from "@/db/client";
import { type Load, MAX_WAITING, type Skip } from "@/server/domain/recurrence/due";
import { preparedFor } from "./statements";

const OPEN = "state in ('pending', 'running', 'canceling')";

function prepareSlots({ $client: client }: Db) {
  const insert = client.prepare(
    `insert into slot (recurring_run_key, at, last_at, count, run_key, skip_reason, created_at)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const last = client.prepare("select max(last_at) from slot where recurring_run_key = ?").pluck();
  const load = client.prepare(
    `select count(*) filter (where not is_held) as admitted, count(*) filter (where is_held) as waiting,
       count(*) filter (where cancel_requested_at is null) as live
     from run where recurring_run_key = ? and ${OPEN}`,
  );
  const cancel = client.prepare(
    `update run set cancel_requested_at = ?, cancel_requested_by = ?, is_noticed = 0 where key in
       (select key from run where recurring_run_key = ? and ${OPEN} and cancel_requested_at is null order by key limit ?)`,
  );
  const letGo = client.prepare(
    `update run set is_held = 0, reason = null, is_noticed = 0 where key in
       (select key from run where recurring_run_key = ? and ${OPEN} and is_held = 1 order by key limit ?)
     returning id`,
  );
  const lookAgain = client.prepare(
    `update run set is_noticed = 0 where recurring_run_key = ? and ${OPEN} and is_held = 1`,
  );
  return {
    /** The slot that became a run. */
    insertRun: (recurringKey: number, atMs: number, runKey: number, nowMs: number) =>
      insert.run(recurringKey, atMs, atMs, 1, runKey, null, nowMs),
    insertSkip: (recurringKey: number, { atMs, lastMs, count, reason }: Skip, nowMs: number) =>
      insert.run(recurringKey, atMs, lastMs, count, null, reason, nowMs),
    /** The last moment that is a run or a recorded skip. */
    lastMs: (recurringKey: number) => last.get(recurringKey) as number | null,
    load: (recurringKey: number) => load.get(recurringKey) as Load,
    /** Asks for the end of the oldest open runs that nobody has asked to end. */
    cancelOldest: (recurringKey: number, most: number, nowMs: number, by: string) =>
      cancel.run(nowMs, by, recurringKey, most),
    /** Lets the oldest waiting runs go on, and says which. */
    letGo: (recurringKey: number, most: number) =>
      letGo.all(recurringKey, Math.min(most, MAX_WAITING)) as { id: string }[],
    /** Has the engine look again whether there is room for the waiting runs. */
    lookAgain: (recurringKey: number) => lookAgain.run(recurringKey),
  };
}

/** The statements on slots of this connection. */
export const slotQueries = preparedFor(prepareSlots);

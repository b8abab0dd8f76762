/** Deletes a recurring run, whose runs stay, and takes that back. */
import type { Db } from "@/db/client";
import { changeRecurringRun, type RecurringRunRow } from "@/db/queries/recurring-rows";
import { slotQueries } from "@/db/queries/slots";
import type { DeleteRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { slotsOf } from "@/server/domain/recurrence/schedule";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRecurringRun, recurringRow } from "./get-recurring-run";
import { noteChange } from "./note-change";
import { scheduleOf } from "./recurring-run-view";
import { isUnspent, skipPast, upcoming } from "./switch-recurring-run";

const EVERY_RUN = -1;

/** Records what has come due and is nothing yet as skipped, and gives the next moment that is still to come. */
function goOn(tx: Db, record: RecurringRunRow, now: Date): Date | null {
  if (isUnspent(record) && !record.row.isEnabled) return record.row.nextAt;
  const slots = slotsOf(scheduleOf(record));
  skipPast(tx, record, slots, now, record.row.isEnabled ? "deleted" : "disabled");
  return upcoming(record, slots, now);
}

/** Hides a recurring run, which is not due any more; its active runs go on unless they are to end. Throws `not-found`. */
export async function deleteRecurringRun(
  context: Context,
  { id, endsRuns }: DeleteRecurringRunInput,
  by: string | null = null,
): Promise<void> {
  await write(context.db, (tx) => {
    const at = context.now();
    const record = recurringRow(tx, id);
    const { row } = record;
    const nextAt = goOn(tx, record, at);
    changeRecurringRun(tx, row.key, { deletedAt: at, nextAt });
    if (endsRuns) {
      slotQueries(tx).cancelOldest(row.key, EVERY_RUN, at.getTime(), "the deletion of its recurring run");
    }
    noteChange(tx, row, { kind: "deleted", at, by });
  });
}

/**
 * Brings a deleted recurring run back as it was; what came due meanwhile is recorded as skipped, never replayed. Runs
 * that were ended with it stay ended. Nothing changes for one that is there. Throws `not-found`.
 */
export async function restoreRecurringRun(
  context: Context,
  id: string,
  by: string | null = null,
): Promise<RecurringRunView> {
  await write(context.db, (tx) => {
    const at = context.now();
    const record = recurringRow(tx, id, true);
    const { row } = record;
    if (row.deletedAt === null) return;
    changeRecurringRun(tx, row.key, { deletedAt: null, nextAt: goOn(tx, record, at) });
    noteChange(tx, row, { kind: "restored", at, by });
  });
  return getRecurringRun(context, id);
}

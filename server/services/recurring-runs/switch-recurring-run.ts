/** Enables and disables recurring runs: what comes due while one is off is recorded as skipped, never replayed. */
import type { Db } from "@/db/client";
import { changeRecurringRun, type RecurringRunRow } from "@/db/queries/recurring-rows";
import { slotQueries } from "@/db/queries/slots";
import { skipDue } from "@/server/domain/recurrence/due";
import { type Slots, slotsOf } from "@/server/domain/recurrence/schedule";
import type { SkipReason } from "@/server/domain/recurrence/words";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRecurringRun, recurringRow } from "./get-recurring-run";
import { noteChange } from "./note-change";
import { scheduleOf } from "./recurring-run-view";

/** Records every moment that has come and is nothing yet as skipped. */
export function skipPast(tx: Db, { row }: RecurringRunRow, slots: Slots, now: Date, reason: SkipReason): void {
  const skip = skipDue(slots, row.nextAt?.getTime() ?? null, now.getTime(), reason);
  if (skip !== null) slotQueries(tx).insertSkip(row.key, skip, now.getTime());
}

/** The next moment that is still to come; one that was set stays, so that a clock that was put back repeats nothing. */
export function upcoming({ row }: RecurringRunRow, slots: Slots, now: Date): Date | null {
  if (row.nextAt === null || row.nextAt > now) return row.nextAt;
  const next = slots.next(now.getTime());
  return next === null ? null : new Date(next);
}

/** A one-off without a start that was made disabled has had no moment yet: it is due when it is enabled. */
export const isUnspent = ({ row }: RecurringRunRow): boolean =>
  row.triggerKind === "none" && row.startAt === null && row.nextAt !== null;

export interface Switch {
  readonly isEnabled: boolean;
  readonly now: Date;
  readonly by: string | null;
  /** The moment of the archiving of its experiment that disables it. */
  readonly archivedAt?: Date | null;
  readonly reason?: string | null;
}

/** Enables or disables inside the caller's transaction; false when it is so already. */
export function switchWithin(
  tx: Db,
  id: string,
  { isEnabled, now, by, archivedAt = null, reason = null }: Switch,
): boolean {
  const record = recurringRow(tx, id);
  const { row } = record;
  if (row.isEnabled === isEnabled) return false;
  const slots = slotsOf(scheduleOf(record));
  const isKept = isUnspent(record);
  if (!isKept) skipPast(tx, record, slots, now, "disabled");
  changeRecurringRun(tx, row.key, {
    isEnabled,
    disabledReason: null,
    archiveDisabledAt: archivedAt,
    nextAt: isKept ? row.nextAt : upcoming(record, slots, now),
    updatedAt: now,
  });
  noteChange(tx, row, { kind: isEnabled ? "enabled" : "disabled", at: now, by, reason });
  return true;
}

async function turn(context: Context, id: string, asked: Pick<Switch, "isEnabled" | "by">): Promise<RecurringRunView> {
  await write(context.db, (tx) => switchWithin(tx, id, { ...asked, now: context.now() }));
  return getRecurringRun(context, id);
}

/** Enables a recurring run; nothing changes for one that is. Throws `not-found`. */
export const enableRecurringRun = (context: Context, id: string, by: string | null = null): Promise<RecurringRunView> =>
  turn(context, id, { isEnabled: true, by });

/** Disables a recurring run; its active runs go on. Throws `not-found`. */
export const disableRecurringRun = (
  context: Context,
  id: string,
  by: string | null = null,
): Promise<RecurringRunView> => turn(context, id, { isEnabled: false, by });

/** Lists what was done to a recurring run. */
import { listRecurringChanges } from "@/db/queries/recurring-changes";
import type { RecurringChangeView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { recurringRow } from "./get-recurring-run";

const MOST = 200;

/** The newest changes, the newest first. Throws `not-found`. */
export const listChanges = (context: Context, id: string): RecurringChangeView[] =>
  listRecurringChanges(context.db, recurringRow(context.db, id).key, MOST).map(
    ({ at, kind, changedBy, reason, fields }) => ({ at: at.toISOString(), kind, changedBy, reason, fields }),
  );

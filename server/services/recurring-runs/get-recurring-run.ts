/** Reads one recurring run. */
import type { Executor } from "@/db/client";
import { findRecurringRow, type RecurringRunRow } from "@/db/queries/recurring-rows";
import { ProblemError } from "@/server/domain/problem-error";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { recurringRunView } from "./recurring-run-view";

/** The row of a recurring run; a deleted one only when that is asked for. Throws `not-found`. */
export function recurringRow(db: Executor, id: string, isDeletedToo = false): RecurringRunRow {
  const row = findRecurringRow(db, id, isDeletedToo);
  if (row !== undefined) return row;
  throw new ProblemError("not-found", `Recurring run ${id} not found. It may have been deleted.`);
}

/** A recurring run. Throws `not-found`. */
export const getRecurringRun = (context: Context, id: string): RecurringRunView =>
  recurringRunView(recurringRow(context.db, id));

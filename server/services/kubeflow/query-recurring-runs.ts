/** Recurring runs as the Kubeflow API lists and reads them. */
import { countRecurringRows, listRecurringRows, type RecurringRunRow } from "@/db/queries/recurring-rows";
import type { JsonValue } from "@/pipelines/graph";
import type { RecurringRunPredicate, RecurringRunSortKey } from "@/server/domain/predicates";
import type { Trigger } from "@/server/domain/recurrence/schedule";
import type { Context } from "../context";
import { recurringRow } from "../recurring-runs/get-recurring-run";
import { triggerOf } from "../recurring-runs/recurring-run-view";
import type { ListAnswer, ListQuery } from "./query-runs";
import { specDocuments } from "./spec-documents";

export interface RecurringRunRecord extends RecurringRunRow {
  readonly trigger: Trigger;
  /** Documents of an inline specification; null where a pipeline is named. */
  readonly documents: readonly JsonValue[] | null;
}

async function recordOf(context: Context, found: RecurringRunRow): Promise<RecurringRunRecord> {
  const { pipelineKey, versionKey } = found.row;
  const isInline = pipelineKey === null && versionKey !== null;
  const documents = isInline ? await specDocuments(context, versionKey) : null;
  return { ...found, trigger: triggerOf(found.row), documents };
}

/** A page of recurring runs, with an exact total. */
export async function queryRecurringRuns(
  context: Context,
  query: ListQuery<RecurringRunSortKey, RecurringRunPredicate>,
): Promise<ListAnswer<RecurringRunRecord>> {
  const { rows, next } = listRecurringRows(context.db, query);
  return {
    records: await Promise.all(rows.map((row) => recordOf(context, row))),
    next,
    total: countRecurringRows(context.db, query, true),
  };
}

/** One recurring run. Throws `not-found`. */
export const readRecurringRun = (context: Context, id: string): Promise<RecurringRunRecord> =>
  recordOf(context, recurringRow(context.db, id));

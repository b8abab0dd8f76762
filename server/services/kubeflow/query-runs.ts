/** Runs as the Kubeflow API lists and reads them: any filter, any order, exact totals. */

import { countRunRows, listRunRows } from "@/db/queries/run-list";
import { extrasOfRuns, givenParameters, type Round, type RunExtras, roundsOfRuns } from "@/db/queries/run-records";
import type { RunRow } from "@/db/queries/run-rows";
import { tasksOfRun } from "@/db/queries/task-rows";
import type { JsonValue } from "@/pipelines/graph";
import type { Direction, PagePosition, RunPredicate, RunSortKey } from "@/server/domain/predicates";
import type { TaskSummary } from "@/server/domain/views/tasks";
import type { Context } from "../context";
import { runRow } from "../runs/get-run";
import { specDocuments } from "./spec-documents";

export interface RunRecord extends RunRow, RunExtras {
  /** Parameters as they were given. */
  readonly given: { readonly [name: string]: JsonValue };
  /** Rounds that retries have left behind, the oldest first. */
  readonly rounds: readonly Round[];
  /** Documents of an inline specification; null when the run was made from a listed version. */
  readonly documents: readonly JsonValue[] | null;
}

export interface ListQuery<Sort, Predicate> {
  readonly predicates: readonly Predicate[];
  readonly sort: Sort;
  readonly direction: Direction;
  readonly after: PagePosition | null;
  readonly limit: number;
}

export interface ListAnswer<Record> {
  readonly records: Record[];
  readonly next: PagePosition | null;
  readonly total: number;
}

async function records(context: Context, rows: readonly RunRow[]): Promise<RunRecord[]> {
  const keys = rows.map((row) => row.key);
  const extras = extrasOfRuns(context.db, keys);
  const given = givenParameters(context.db, keys);
  const rounds = roundsOfRuns(context.db, keys);
  return Promise.all(
    rows.map(async (row) => {
      const extra = extras.get(row.key);
      if (extra === undefined) throw new Error(`run ${row.key} went away while it was read`);
      const documents = extra.isUnlisted ? await specDocuments(context, extra.versionKey) : null;
      const parameters = Object.fromEntries(given.get(row.key) ?? []);
      return { ...row, ...extra, given: parameters, rounds: rounds.get(row.key) ?? [], documents };
    }),
  );
}

/** A page of runs. */
export async function queryRuns(
  context: Context,
  query: ListQuery<RunSortKey, RunPredicate>,
): Promise<ListAnswer<RunRecord>> {
  const { rows, next } = listRunRows(context.db, query);
  return {
    records: await records(context, rows),
    next,
    total: countRunRows(context.db, query.predicates, true),
  };
}

/** One run and its tasks. Throws `not-found`. */
export async function readRun(context: Context, id: string): Promise<{ run: RunRecord; tasks: TaskSummary[] }> {
  const row = runRow(context, id);
  const [run] = await records(context, [row]);
  if (run === undefined) throw new Error("one row makes one record");
  return { run, tasks: tasksOfRun(context.db, row.key) };
}

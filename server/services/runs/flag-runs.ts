/** Archives, restores and deletes runs in bulk: each one for itself, so that one that cannot does not hold up the rest. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import {
  archiveRunRow,
  deleteRunRow,
  flagsOfRun,
  type RunFlags,
  requestCancel,
  unarchiveRunRow,
  undeleteRunRow,
  withdrawRetry,
} from "@/db/queries/run-writes";
import { ProblemError } from "@/server/domain/problem-error";
import { isRunOver } from "@/server/domain/states";
import type { Context } from "../context";
import { write } from "../grouped-writes";

export interface BulkView {
  readonly done: string[];
  readonly failed: { readonly id: string; readonly message: string }[];
}

type Flag = (tx: Db, run: RunFlags, at: Date) => boolean;

/** The error for a run that is not there. */
export const notFound = (id: string) => new ProblemError("not-found", `Run ${id} not found. It may have been deleted.`);

/** Flags one run and announces it. Throws `not-found` or `conflict`. */
async function flagRun(context: Context, id: string, kind: string, flag: Flag): Promise<void> {
  await write(context.db, (tx) => {
    const run = flagsOfRun(tx, id);
    if (run === undefined || run.purgingAt !== null) throw notFound(id);
    const at = context.now();
    if (flag(tx, run, at)) addEvent(tx, { at, topic: "run", subject: id, kind });
  });
}

/** Does something to each run for itself; what is refused for one is told beside what was done. */
export async function eachRun(ids: readonly string[], flag: (id: string) => Promise<void>): Promise<BulkView> {
  const view: BulkView = { done: [], failed: [] };
  const results = await Promise.allSettled(ids.map(flag));
  results.forEach((result, index) => {
    const id = ids[index] ?? "";
    if (result.status === "fulfilled") view.done.push(id);
    else if (result.reason instanceof ProblemError) view.failed.push({ id, message: result.reason.message });
    else throw result.reason;
  });
  return view;
}

const shown = (id: string, run: RunFlags): RunFlags => {
  if (run.deletedAt !== null) throw notFound(id);
  return run;
};

/** Puts a run into the archive; nothing changes for one that is there. */
export const archiveRun = (context: Context, id: string): Promise<void> =>
  flagRun(context, id, "archived", (tx, run, at) => archiveRunRow(tx, shown(id, run).key, at));

/** Undoes a deletion, else takes the run out of the archive. Throws `conflict` while its experiment is archived. */
export const restoreRun = (context: Context, id: string): Promise<void> =>
  flagRun(context, id, "restored", (tx, run) => {
    if (run.deletedAt !== null) return undeleteRunRow(tx, run.key);
    if (run.archivedAt !== null && run.isExperimentArchived) {
      throw new ProblemError("conflict", "The run's experiment is archived. Restore the experiment first.");
    }
    return unarchiveRunRow(tx, run.key);
  });

/** Hides a run, and asks the engine to end it if it is not over; a retry that has not begun is taken back. */
export const deleteRun = (context: Context, id: string): Promise<void> =>
  flagRun(context, id, "deleted", (tx, run, at) => {
    if (isRunOver(shown(id, run).state)) withdrawRetry(tx, run.key);
    else requestCancel(tx, run.key, at, "deletion");
    return deleteRunRow(tx, run.key, at);
  });

export const archiveRuns = (context: Context, ids: readonly string[]): Promise<BulkView> =>
  eachRun(ids, (id) => archiveRun(context, id));
export const restoreRuns = (context: Context, ids: readonly string[]): Promise<BulkView> =>
  eachRun(ids, (id) => restoreRun(context, id));
export const deleteRuns = (context: Context, ids: readonly string[]): Promise<BulkView> =>
  eachRun(ids, (id) => deleteRun(context, id));

/** Changes of runs that the web side may make: intents and flags; states are the engine's alone. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { run, task } from "@/db/schema";

const OPEN = sql`${run.state} in ('pending', 'running', 'canceling')`;

/** Writes the intent to end a run, once; false when it is over or was asked to end before. */
export function requestCancel(db: Executor, key: number, at: Date, by: string, isHard = false): boolean {
  return (
    db
      .update(run)
      .set({ cancelRequestedAt: at, cancelRequestedBy: by, isCancelHard: isHard, isNoticed: false })
      .where(and(eq(run.key, key), OPEN, sql`${run.cancelRequestedAt} is null`))
      .run().changes > 0
  );
}

/** Asks for the hard end of a run that is ending; false when it is over or was asked before. */
export const requestHardCancel = (db: Executor, key: number): boolean =>
  db
    .update(run)
    .set({ isCancelHard: true, isNoticed: false })
    .where(and(eq(run.key, key), OPEN, sql`${run.cancelRequestedAt} is not null and ${run.isCancelHard} = 0`))
    .run().changes > 0;

/** Writes the intent to run again what failed of a run, once; false when it cannot be or was asked for before. */
export const requestRetry = (db: Executor, key: number, at: Date, by: string): boolean =>
  db
    .update(run)
    .set({ retryRequestedAt: at, retryRequestedBy: by, isNoticed: false })
    .where(
      and(
        eq(run.key, key),
        sql`${run.state} in ('failed', 'canceled') and ${run.archivedAt} is null and ${run.deletedAt} is null
          and ${run.retryRequestedAt} is null`,
      ),
    )
    .run().changes > 0;

/** Takes back the intent to retry a run that the engine has not read yet; false when there is none. */
export const withdrawRetry = (db: Executor, key: number): boolean =>
  db
    .update(run)
    .set({ retryRequestedAt: null, retryRequestedBy: null })
    .where(and(eq(run.key, key), sql`${run.retryRequestedAt} is not null and not (${OPEN})`))
    .run().changes > 0;

/** Changes name and description. */
export function setRunText(db: Executor, key: number, text: { name: string; description?: string }): void {
  db.update(run).set(text).where(eq(run.key, key)).run();
}

/** Gives a run that is not over another priority, and its steps that wait; false where that changes nothing. */
export function setRunPriority(db: Executor, key: number, priority: number): boolean {
  const isChanged = change(db, key, { priority, isNoticed: false }, sql`${OPEN} and ${run.priority} <> ${priority}`);
  if (isChanged) {
    db.update(task)
      .set({ priority })
      .where(and(eq(task.runKey, key), eq(task.state, "queued")))
      .run();
  }
  return isChanged;
}

/** The highest priority of what is open under the profile of a run, but for these runs; none where nothing else is. */
export const highestBeside = (db: Executor, key: number, ids: readonly string[]): readonly number[] =>
  db
    .all<{ priority: number | null }>(
      sql`select max(r.priority) as priority from run r where r.state in ('pending', 'running', 'canceling')
        and r.profile = (select profile from run where key = ${key})
        and r.id not in (select value from json_each(${JSON.stringify(ids)}))`,
    )
    .flatMap(({ priority }) => priority ?? []);

const change = (db: Executor, key: number, set: Partial<typeof run.$inferInsert>, from: SQL): boolean =>
  db
    .update(run)
    .set(set)
    .where(and(eq(run.key, key), from))
    .run().changes > 0;

/** Archives a run; false when it was archived before. */
export const archiveRunRow = (db: Executor, key: number, at: Date): boolean =>
  change(db, key, { archivedAt: at }, sql`${run.archivedAt} is null`);

/** Takes a run out of the archive; false when it was not in it. */
export const unarchiveRunRow = (db: Executor, key: number): boolean =>
  change(db, key, { archivedAt: null }, sql`${run.archivedAt} is not null`);

/** Hides a run; false when it was deleted before. */
export const deleteRunRow = (db: Executor, key: number, at: Date): boolean =>
  change(db, key, { deletedAt: at }, sql`${run.deletedAt} is null`);

/** Shows a deleted run again; false when it was not deleted, or is being removed for good. */
export const undeleteRunRow = (db: Executor, key: number): boolean =>
  change(db, key, { deletedAt: null }, sql`${run.deletedAt} is not null and ${run.purgingAt} is null`);

/** Archives every run of an experiment that is not archived yet, all with the same moment; returns how many. */
export function archiveRunsOf(db: Executor, experimentKey: number, at: Date): number {
  return db
    .update(run)
    .set({ archivedAt: at })
    .where(sql`${run.experimentKey} = ${experimentKey} and ${run.archivedAt} is null and ${run.deletedAt} is null`)
    .run().changes;
}

/** Restores the runs of an experiment that one act of archiving took, known by its moment; returns how many. */
export function unarchiveRunsOf(db: Executor, experimentKey: number, at: Date): number {
  return db
    .update(run)
    .set({ archivedAt: null })
    .where(sql`${run.experimentKey} = ${experimentKey} and ${run.archivedAt} = ${at.getTime()}`)
    .run().changes;
}

export interface RunFlags {
  readonly key: number;
  readonly state: typeof run.$inferSelect.state;
  readonly priority: number;
  readonly archivedAt: Date | null;
  readonly deletedAt: Date | null;
  readonly purgingAt: Date | null;
  readonly isExperimentArchived: boolean;
}

/** What the flags of a run may be changed from; deleted runs included. */
export function flagsOfRun(db: Executor, id: string): RunFlags | undefined {
  return db
    .select({
      key: run.key,
      state: run.state,
      priority: run.priority,
      archivedAt: run.archivedAt,
      deletedAt: run.deletedAt,
      purgingAt: run.purgingAt,
      isExperimentArchived: sql<boolean>`exists (select 1 from experiment e where e.key = ${run.experimentKey}
        and e.archived_at is not null and e.deleted_at is null)`.mapWith(Boolean),
    })
    .from(run)
    .where(eq(run.id, id))
    .get();
}

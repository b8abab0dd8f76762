/** Changes of runs that the web side may make: intents and flags; states are the engine's alone. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { run } from "@/db/schema";

const OPEN = sql`${run.state} in ('pending', 'running', 'canceling')`;

/** Writes the intent to end a run, once; false when it is over or was asked to end before. */
export function requestCancel(db: Executor, key: number, at: Date, by: string): boolean {
  return (
    db
      .update(run)
      .set({ cancelRequestedAt: at, cancelRequestedBy: by, isNoticed: false })
      .where(and(eq(run.key, key), OPEN, sql`${run.cancelRequestedAt} is null`))
      .run().changes > 0
  );
}

/** Changes name and description. */
export function setRunText(db: Executor, key: number, text: { name: string; description?: string }): void {
  db.update(run).set(text).where(eq(run.key, key)).run();
}

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

/** Shows a deleted run again; false when it was not deleted. */
export const undeleteRunRow = (db: Executor, key: number): boolean =>
  change(db, key, { deletedAt: null }, sql`${run.deletedAt} is not null`);

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
  readonly archivedAt: Date | null;
  readonly deletedAt: Date | null;
  readonly isExperimentArchived: boolean;
}

/** What the flags of a run may be changed from; deleted runs included. */
export function flagsOfRun(db: Executor, id: string): RunFlags | undefined {
  return db
    .select({
      key: run.key,
      state: run.state,
      archivedAt: run.archivedAt,
      deletedAt: run.deletedAt,
      isExperimentArchived: sql<boolean>`exists (select 1 from experiment e where e.key = ${run.experimentKey}
        and e.archived_at is not null and e.deleted_at is null)`.mapWith(Boolean),
    })
    .from(run)
    .where(eq(run.id, id))
    .get();
}

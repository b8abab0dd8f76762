/** Writes of runs that the web side may make: new rows, intents and flags; states are the engine's alone. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Db, Executor } from "@/db/client";
import { run } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { RunOrigin } from "@/server/domain/views";

export interface NewRun {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly versionKey: number;
  readonly pipelineKey: number | null;
  readonly pipelineName: string;
  readonly experimentKey: number;
  readonly profile: string;
  readonly origin: RunOrigin;
  readonly clonedFromKey: number | null;
  readonly cache: "use" | "ignore";
  readonly serviceAccount: string;
  readonly pipelineRoot: string;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  readonly idempotencyKey: string | null;
  readonly parameters: readonly {
    readonly name: string;
    readonly isGiven: boolean;
    readonly raw: JsonValue;
    readonly value: JsonValue;
  }[];
  readonly notices: readonly { readonly code: string; readonly message: string; readonly step: string | null }[];
}

function prepareInserts(db: Db) {
  const client = db.$client;
  return {
    run: client.prepare(
      `insert into run (id, name, description, state, version_key, pipeline_key, pipeline_name, experiment_key, profile,
         origin, cloned_from_key, cache, service_account, pipeline_root, created_at, scheduled_at, idempotency_key)
       values (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    parameter: client.prepare("insert into run_parameter (run_key, name, is_given, raw, value) values (?, ?, ?, ?, ?)"),
    notice: client.prepare("insert into run_notice (run_key, code, message, step) values (?, ?, ?, ?)"),
    touch: client.prepare("update experiment set last_run_at = ? where key = ? and coalesce(last_run_at, 0) < ?"),
    event: client.prepare("insert into event (at, topic, subject, kind, data) values (?, 'run', ?, 'created', ?)"),
  };
}

/** Statements by connection: thousands of runs a second are accepted through them. */
const inserts = new WeakMap<Db, ReturnType<typeof prepareInserts>>();

/** Adds a run with its parameters and notices, notes it on its experiment and announces it. Returns its key. */
export function insertRun(db: Db, row: NewRun): number {
  const statements = inserts.get(db) ?? prepareInserts(db);
  inserts.set(db, statements);
  const { lastInsertRowid } = statements.run.run(
    row.id,
    row.name,
    row.description,
    row.versionKey,
    row.pipelineKey,
    row.pipelineName,
    row.experimentKey,
    row.profile,
    row.origin,
    row.clonedFromKey,
    row.cache,
    row.serviceAccount,
    row.pipelineRoot,
    row.createdAtMs,
    row.scheduledAtMs,
    row.idempotencyKey,
  );
  const key = Number(lastInsertRowid);
  for (const { name, isGiven, raw, value } of row.parameters) {
    statements.parameter.run(key, name, isGiven ? 1 : 0, JSON.stringify(raw), JSON.stringify(value));
  }
  for (const { code, message, step } of row.notices) statements.notice.run(key, code, message, step);
  statements.touch.run(row.createdAtMs, row.experimentKey, row.createdAtMs);
  statements.event.run(row.createdAtMs, row.id, JSON.stringify({ state: "pending" }));
  return key;
}

/** The run that was made under an idempotency key. */
export function runIdByIdempotencyKey(db: Executor, idempotencyKey: string): string | undefined {
  return db.select({ id: run.id }).from(run).where(eq(run.idempotencyKey, idempotencyKey)).get()?.id;
}

/** Whether any run, deleted or not, has this id. */
export function hasRun(db: Executor, id: string): boolean {
  return db.select({ key: run.key }).from(run).where(eq(run.id, id)).get() !== undefined;
}

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

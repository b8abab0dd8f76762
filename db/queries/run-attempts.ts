/** Attempts of a run that may have written something, for reading their logs together. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";

export interface LoggedAttempt {
  readonly key: number;
  readonly number: number;
  readonly taskKey: number;
  readonly name: string;
  readonly path: string;
  readonly startedAtMs: number;
  /** Null while it goes on. */
  readonly finishedAtMs: number | null;
}

const columns = sql`a.key, a.number, a.task_key as taskKey, t.name, t.path,
  coalesce(a.started_at, a.created_at) as startedAtMs, a.finished_at as finishedAtMs`;

const read = (db: Executor, runKey: number, when: SQL, order: SQL, skip: number, count: number): LoggedAttempt[] =>
  db.all<LoggedAttempt>(sql`
    select ${columns} from task t join attempt a on a.task_key = t.key
    where t.run_key = ${runKey} and ${when} order by ${order} limit ${count} offset ${skip}`);

/** Those that had begun by `atMs`, the last to end first. */
export const attemptsUntil = (db: Executor, runKey: number, atMs: number, skip: number, count: number) =>
  read(
    db,
    runKey,
    sql`coalesce(a.started_at, a.created_at) <= ${atMs}`,
    sql`coalesce(a.finished_at, 9e15) desc, a.key desc`,
    skip,
    count,
  );

/** Those that had not ended before `atMs`, the first to begin first. */
export const attemptsFrom = (db: Executor, runKey: number, atMs: number, skip: number, count: number) =>
  read(
    db,
    runKey,
    sql`coalesce(a.finished_at, 9e15) >= ${atMs}`,
    sql`coalesce(a.started_at, a.created_at), a.key`,
    skip,
    count,
  );

/** The engine's statements on attempts; those that live are also the count of step slots in use. */
import type { Db } from "@/db/client";
import type { JsonValue } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { AttemptState } from "@/server/domain/states";
import { fromText, toText } from "./json";

type Handle = { readonly [key: string]: JsonValue };

export interface LiveAttemptRow {
  readonly key: number;
  readonly taskKey: number;
  readonly runKey: number;
  readonly number: number;
  readonly handle: Handle | null;
}

/** What is known at the end of an attempt; the identity comes along when it was not written before. */
export interface AttemptEnd {
  readonly key: number;
  readonly state: Exclude<AttemptState, "starting" | "running">;
  readonly reason: Reason | null;
  readonly exitCode: number | null;
  readonly handle: Handle | null;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number;
}

const LIVE = "state in ('starting', 'running')";

const pidOf = (handle: Handle | null): number | null => (typeof handle?.pid === "number" ? handle.pid : null);

/** Statements on attempts, prepared once for a database. */
export function attemptQueries(db: Db) {
  const sql = db.$client;
  const insert = sql.prepare(
    "insert into attempt (task_key, run_key, number, state, created_at) values (?, ?, ?, 'starting', ?)",
  );
  const begin = sql.prepare(
    "update attempt set state = 'running', started_at = ?, pid = ?, handle = ? where key = ? and state = 'starting'",
  );
  const end = sql.prepare(
    `update attempt set state = ?, reason = ?, exit_code = ?, started_at = coalesce(started_at, ?),
       finished_at = ?, pid = coalesce(pid, ?), handle = coalesce(handle, ?)
     where key = ? and ${LIVE}`,
  );
  const stop = sql.prepare(`update attempt set stopped_at = ? where key = ? and stopped_at is null and ${LIVE}`);
  const count = sql.prepare(`select count(*) from attempt where ${LIVE}`).pluck();
  const live = sql.prepare(
    `select key, task_key as taskKey, run_key as runKey, number, handle from attempt where ${LIVE} order by run_key, key`,
  );
  const liveOfTask = sql
    .prepare(`select key from attempt where run_key = ? and ${LIVE} and task_key = ? order by key desc limit 1`)
    .pluck();
  const liveOfRun = sql.prepare(`select key from attempt where run_key = ? and ${LIVE} order by key`).pluck();
  return {
    /** Inserts a starting attempt and returns its key; the unique number is its fence. */
    insert: (taskKey: number, runKey: number, number: number, nowMs: number): number =>
      Number(insert.run(taskKey, runKey, number, nowMs).lastInsertRowid),
    begin: (key: number, handle: Handle, startedAtMs: number): boolean =>
      begin.run(startedAtMs, pidOf(handle), toText(handle), key).changes === 1,
    /** Whether the attempt was alive and is over now. */
    end(to: AttemptEnd): boolean {
      const values = [to.state, toText(to.reason), to.exitCode, to.startedAtMs, to.finishedAtMs, pidOf(to.handle)];
      return end.run(...values, toText(to.handle), to.key).changes === 1;
    },
    markStopped: (key: number, nowMs: number) => stop.run(nowMs, key),
    countLive: () => count.get() as number,
    live(): LiveAttemptRow[] {
      const rows = live.all() as (Omit<LiveAttemptRow, "handle"> & { handle: string | null })[];
      return rows.map((row) => ({ ...row, handle: fromText<Handle>(row.handle) }));
    },
    liveOfTask: (runKey: number, taskKey: number) => liveOfTask.get(runKey, taskKey) as number | undefined,
    liveOfRun: (runKey: number) => liveOfRun.all(runKey) as number[],
  };
}

export type AttemptQueries = ReturnType<typeof attemptQueries>;

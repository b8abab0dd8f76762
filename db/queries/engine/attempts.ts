/** The engine's statements on attempts; those that live hold a step slot each. */
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
  /** When TERM was sent. */
  readonly stoppedAtMs: number | null;
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
  /** What it took; null where nobody measured. */
  readonly usage: {
    readonly cpuMs: number | null;
    readonly peakBytes: number | null;
    readonly bytesIn: number | null;
    readonly bytesOut: number | null;
  } | null;
}

const LIVE = "state in ('starting', 'running')";

const pidOf = (handle: Handle | null): number | null => (typeof handle?.pid === "number" ? handle.pid : null);

/** Statements on attempts, prepared once for a database. */
export function attemptQueries(db: Db) {
  const sql = db.$client;
  const insert = sql.prepare(
    "insert into attempt (task_key, run_key, number, state, created_at, deadline_at) values (?, ?, ?, 'starting', ?, ?)",
  );
  const begin = sql.prepare(
    "update attempt set state = 'running', started_at = ?, pid = ?, handle = ? where key = ? and state = 'starting'",
  );
  const end = sql.prepare(
    `update attempt set state = ?, reason = ?, exit_code = ?, started_at = coalesce(started_at, ?),
       finished_at = max(?, coalesce(started_at, ?, 0)), pid = coalesce(pid, ?), handle = coalesce(handle, ?),
       cpu_ms = ?, peak_bytes = ?, bytes_in = ?, bytes_out = ?
     where key = ? and ${LIVE}`,
  );
  const stop = sql.prepare(
    `update attempt set stopped_at = ?, stop_reason = coalesce(stop_reason, ?)
     where key = ? and stopped_at is null and ${LIVE}`,
  );
  const stopReason = sql.prepare("select stop_reason from attempt where key = ?").pluck();
  const overdue = sql.prepare(
    `select key, task_key as taskKey, run_key as runKey from attempt
     where ${LIVE} and deadline_at is not null and stopped_at is null and deadline_at <= ? order by deadline_at`,
  );
  const nextDeadline = sql
    .prepare(`select min(deadline_at) from attempt where ${LIVE} and deadline_at is not null and stopped_at is null`)
    .pluck();
  const limit = sql.prepare(
    `update attempt set deadline_at = min(coalesce(deadline_at, ?), ?) where key = ? and ${LIVE}`,
  );
  const failures = sql
    .prepare(
      `select count(*) from attempt where task_key = ? and number > ? and state in ('failed', 'lost')
         and reason is not null and json_extract(reason, '$.code') not in ('disk-full', 'waiting-for-disk')`,
    )
    .pluck();
  const live = sql.prepare(
    `select key, task_key as taskKey, run_key as runKey, number, handle,
       stopped_at as stoppedAtMs from attempt where ${LIVE} order by run_key, key`,
  );
  const liveOfTask = sql
    .prepare(`select key from attempt where run_key = ? and ${LIVE} and task_key = ? order by key desc limit 1`)
    .pluck();
  const liveOfRun = sql.prepare(`select key from attempt where run_key = ? and ${LIVE} order by key`).pluck();
  return {
    /** Inserts a starting attempt and returns its key; the unique number is its fence. */
    insert: (taskKey: number, runKey: number, number: number, nowMs: number, deadlineAtMs: number | null): number =>
      Number(insert.run(taskKey, runKey, number, nowMs, deadlineAtMs).lastInsertRowid),
    begin: (key: number, handle: Handle, startedAtMs: number): boolean =>
      begin.run(startedAtMs, pidOf(handle), toText(handle), key).changes === 1,
    /** Whether the attempt was alive and is over now. */
    end(to: AttemptEnd): boolean {
      const moments = [to.startedAtMs, to.finishedAtMs, to.startedAtMs];
      const values = [to.state, toText(to.reason), to.exitCode, ...moments, pidOf(to.handle)];
      const { cpuMs = null, peakBytes = null, bytesIn = null, bytesOut = null } = to.usage ?? {};
      return end.run(...values, toText(to.handle), cpuMs, peakBytes, bytesIn, bytesOut, to.key).changes === 1;
    },
    /** Notes that TERM was sent, and why when it is not for the end of the run; the first reason stays. */
    markStopped: (key: number, nowMs: number, reason: Reason | null) => stop.run(nowMs, toText(reason), key),
    stopReason: (key: number) => fromText<Reason>((stopReason.get(key) as string | null | undefined) ?? null),
    /** Living attempts that are past their time limit and have not been told to stop. */
    overdue: (nowMs: number) => overdue.all(nowMs) as { key: number; taskKey: number; runKey: number }[],
    nextDeadline: () => nextDeadline.get() as number | null,
    /** Gives a living attempt until then at most. */
    limit: (key: number, deadlineAtMs: number) => limit.run(deadlineAtMs, deadlineAtMs, key),
    /** How many tries of a round have failed; those that a full disk kept from starting do not count. */
    failures: (taskKey: number, base: number) => failures.get(taskKey, base) as number,
    live(): LiveAttemptRow[] {
      const rows = live.all() as (Omit<LiveAttemptRow, "handle"> & { handle: string | null })[];
      return rows.map((row) => ({ ...row, handle: fromText<Handle>(row.handle) }));
    },
    liveOfTask: (runKey: number, taskKey: number) => liveOfTask.get(runKey, taskKey) as number | undefined,
    liveOfRun: (runKey: number) => liveOfRun.all(runKey) as number[],
  };
}

export type AttemptQueries = ReturnType<typeof attemptQueries>;

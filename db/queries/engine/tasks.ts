/** The engine's statements on tasks: making them, moving them, and the queue for a slot. */
import type { Db } from "@/db/client";
import type { Step } from "@/pipelines/graph";
import type { TaskRow } from "@/server/domain/planning/run-plan";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import { fromText, toText } from "./json";

/** A task's next row; null moments stay as they are, the first start is kept. */
export interface TaskMove {
  readonly key: number;
  readonly from: TaskState;
  readonly to: TaskState;
  readonly reason: Reason | null;
  readonly attempt: number;
  readonly queuedAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

/** Statements on tasks, prepared once for a database. */
export function taskQueries(db: Db) {
  const sql = db.$client;
  const insert = sql.prepare(
    `insert into task (run_key, parent_key, path, step_path, name, kind, iteration, state, priority, created_at)
     values (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
  );
  const list = sql.prepare(
    `select key, path, step_path as stepPath, parent_key as parentKey, state, attempt, finished_at as finishedAtMs,
       case when state in ('failed', 'omitted', 'skipped', 'canceled') then reason end as reason
     from task where run_key = ? order by key`,
  );
  const move = sql.prepare(
    `update task set state = ?, reason = ?, attempt = ?, queued_at = coalesce(?, queued_at),
       started_at = coalesce(started_at, ?), finished_at = coalesce(?, finished_at)
     where key = ? and state = ?`,
  );
  const queue = sql.prepare(
    "select key, run_key as runKey from task where state = 'queued' order by priority desc, queued_at, key limit ?",
  );
  const endAll = sql.prepare(
    `update task set state = 'canceled', reason = ?, finished_at = ?
     where run_key = ? and state in ('pending', 'queued', 'running', 'canceling')`,
  );
  const countLeaves = sql.prepare(
    `select state, count(*) as count from task
     where run_key = ? and kind not in ('dag', 'loop', 'condition', 'exit-handler') group by state`,
  );
  return {
    /** Inserts the pending task of a step and returns its key. */
    insert(
      runKey: number,
      parentKey: number | null,
      path: string,
      step: Step,
      priority: number,
      nowMs: number,
    ): number {
      const values = [runKey, parentKey, path, step.path, step.name, step.kind, null, priority, nowMs];
      return Number(insert.run(...values).lastInsertRowid);
    },
    list(runKey: number): TaskRow[] {
      const rows = list.all(runKey) as (Omit<TaskRow, "reason"> & { reason: string | null })[];
      return rows.map((row) => ({ ...row, reason: fromText<Reason>(row.reason) }));
    },
    /** Whether the task was in the expected state and has moved. */
    move(to: TaskMove): boolean {
      const moments = [to.queuedAtMs, to.startedAtMs, to.finishedAtMs];
      return move.run(to.to, toText(to.reason), to.attempt, ...moments, to.key, to.from).changes === 1;
    },
    /** The first of those that wait for a slot. */
    queue: (limit: number) => queue.all(limit) as { key: number; runKey: number }[],
    /** Cancels whatever is open in a run that the engine gives up; the only write that does not ask for the state. */
    endAll: (runKey: number, reason: Reason, nowMs: number) => endAll.run(toText(reason), nowMs, runKey),
    countLeaves(runKey: number): { [state in TaskState]?: number } {
      const rows = countLeaves.all(runKey) as { state: TaskState; count: number }[];
      return Object.fromEntries(rows.map((row) => [row.state, row.count]));
    },
  };
}

export type TaskQueries = ReturnType<typeof taskQueries>;

/** The engine's statements on tasks: making them, and moving them. */
import type { Db } from "@/db/client";
import type { StepKind } from "@/pipelines/graph";
import type { TaskRow } from "@/server/domain/planning/run-plan";
import type { Demand } from "@/server/domain/queue/take-turns";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import { fromText, toText } from "./json";

/** What the row of a new task says beside its place in the run. */
export interface NewTask {
  readonly parentKey: number | null;
  readonly path: string;
  readonly stepPath: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly iteration: number | null;
}

/** A task's next row; null moments stay as they are, the first start is kept. */
export interface TaskMove {
  readonly key: number;
  readonly from: TaskState;
  readonly to: Exclude<TaskState, "queued">;
  readonly reason: Reason | null;
  readonly attempt: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

/** The row of a task that goes into a queue. */
export interface TaskQueued extends Pick<TaskMove, "key" | "from" | "reason" | "attempt"> {
  readonly queuedAtMs: number;
  /** When it may be claimed again; null for one that may be claimed at once. */
  readonly retryAtMs: number | null;
  /** What its run says of the queue and of its place there. */
  /** What it may take; null leaves what was said before. */
  readonly demand: Demand | null;
  readonly run: { readonly profile: string; readonly priority: number; readonly experimentKey: number };
}

/** An attempt that left what a task has taken over. */
export interface SourceAttempt {
  readonly runKey: number;
  readonly taskKey: number;
  readonly number: number;
}

/** Statements on tasks, prepared once for a database. */
export function taskQueries(db: Db) {
  const sql = db.$client;
  const insert = sql.prepare(
    `insert into task (run_key, parent_key, path, step_path, name, kind, iteration, state, created_at)
     values (?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
  );
  const list = sql.prepare(
    `select key, path, step_path as stepPath, parent_key as parentKey, iteration, iteration_count as iterationCount,
       state, attempt, retry_base as retryBase, retry_since as retrySinceMs, started_at as startedAtMs,
       finished_at as finishedAtMs,
       case when state in ('failed', 'omitted', 'skipped', 'canceled') then reason end as reason
     from task where run_key = ? order by key`,
  );
  const move = sql.prepare(
    `update task set state = ?, reason = ?, attempt = ?, started_at = coalesce(started_at, ?),
       finished_at = coalesce(max(?, coalesce(started_at, ?, 0)), finished_at), retry_at = null
     where key = ? and state = ?`,
  );
  const enqueue = sql.prepare(
    `update task set state = 'queued', reason = ?, attempt = ?, queued_at = ?, retry_at = ?, profile = ?, priority = ?,
       experiment_key = ?, cpus = coalesce(?, cpus), memory_bytes = coalesce(?, memory_bytes)
     where key = ? and state = ?`,
  );
  const setPriority = sql.prepare("update task set priority = ? where run_key = ? and state = 'queued'");
  const nextRetry = sql
    .prepare("select min(retry_at) from task where state = 'queued' and retry_at is not null")
    .pluck();
  const countIterations = sql.prepare("update task set iteration_count = ? where key = ?");
  const beginRound = sql.prepare("update task set retry_since = ? where key = ?");
  const source = sql.prepare(
    "select key, run_key as runKey, attempt, source_task_key as sourceKey from task where key = ?",
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
    /** Inserts a pending task and returns its key. */
    insert(runKey: number, made: NewTask, nowMs: number): number {
      const { parentKey, path, stepPath, name, kind, iteration } = made;
      return Number(insert.run(runKey, parentKey, path, stepPath, name, kind, iteration, nowMs).lastInsertRowid);
    },
    list(runKey: number): TaskRow[] {
      const rows = list.all(runKey) as (Omit<TaskRow, "reason"> & { reason: string | null })[];
      return rows.map((row) => ({ ...row, reason: fromText<Reason>(row.reason) }));
    },
    /** Whether the task was in the expected state and has moved. */
    move(to: TaskMove): boolean {
      const moments = [to.startedAtMs, to.finishedAtMs, to.startedAtMs];
      return move.run(to.to, toText(to.reason), to.attempt, ...moments, to.key, to.from).changes === 1;
    },
    /** Whether the task was in the expected state and waits in its queue now, or for its next try. */
    enqueue({ key, from, reason, attempt, queuedAtMs, retryAtMs, demand, run }: TaskQueued): boolean {
      const place = [run.profile, run.priority, run.experimentKey, demand?.cpus ?? null, demand?.memoryBytes ?? null];
      return enqueue.run(toText(reason), attempt, queuedAtMs, retryAtMs, ...place, key, from).changes === 1;
    },
    /** Gives the queued tasks of a run another priority. */
    setPriority: (runKey: number, priority: number) => setPriority.run(priority, runKey),
    /** When the next of those that wait to try again may be claimed; null when none waits. */
    nextRetry: () => nextRetry.get() as number | null,
    countIterations: (key: number, count: number) => countIterations.run(count, key),
    /** Notes when the first attempt of a round of tries was claimed. */
    beginRound: (key: number, nowMs: number) => beginRound.run(nowMs, key),
    /** The attempt that left what this task has, be it in another run; null when none did. */
    sourceAttempt(key: number): SourceAttempt | null {
      type Row = { key: number; runKey: number; attempt: number; sourceKey: number | null };
      const seen = new Set<number>();
      for (let at: number | null = key; at !== null && !seen.has(at); ) {
        seen.add(at);
        const row = source.get(at) as Row | undefined;
        if (row === undefined) return null;
        if (row.sourceKey === null) {
          return row.attempt > 0 ? { runKey: row.runKey, taskKey: row.key, number: row.attempt } : null;
        }
        at = row.sourceKey;
      }
      return null;
    },
    /** Cancels whatever is open in a run that the engine gives up; the only write that does not ask for the state. */
    endAll: (runKey: number, reason: Reason, nowMs: number) => endAll.run(toText(reason), nowMs, runKey),
    countLeaves(runKey: number): { [state in TaskState]?: number } {
      const rows = countLeaves.all(runKey) as { state: TaskState; count: number }[];
      return Object.fromEntries(rows.map((row) => [row.state, row.count]));
    },
  };
}

export type TaskQueries = ReturnType<typeof taskQueries>;

/** The engine's statements for a retry: tasks and the run go back, and what the tasks had left is theirs no more. */
import type { Db } from "@/db/client";
import type { RunState } from "@/server/domain/states";
import { lastMetrics } from "./last-metrics";

const KEYS = "(select value from json_each(?))";

/** Statements on retries, prepared once for a database. */
export function retryQueries(db: Db) {
  const sql = db.$client;
  // Attempts, their logs and the artifacts stay as history; the tasks begin another round of tries.
  const tasks = sql.prepare(
    `update task set state = 'pending', reason = null, queued_at = null, started_at = null, finished_at = null,
       retry_at = null, retry_since = null, retry_base = attempt, source_task_key = null where key in ${KEYS}`,
  );
  const values = sql.prepare(`delete from task_value where task_key in ${KEYS}`);
  const artifacts = sql.prepare(`delete from task_artifact where task_key in ${KEYS}`);
  const metrics = sql.prepare(`delete from metric where run_key = ? and task_key in ${KEYS}`);
  const cache = sql.prepare(`update task_cache set is_usable = 0 where task_key in ${KEYS}`);
  const outputs = sql.prepare("delete from run_output where run_key = ?");
  const outputArtifacts = sql.prepare("delete from run_artifact where run_key = ?");
  const run = sql.prepare(
    `update run set state = ?, reason = null, finished_at = null, deadline_at = null, cancel_requested_at = null,
       cancel_requested_by = null, is_cancel_hard = 0, retry_requested_at = null, retry_requested_by = null
     where key = ? and state = ?`,
  );
  const readLastMetrics = lastMetrics(db);
  const drop = sql.prepare("update run set retry_requested_at = null, retry_requested_by = null where key = ?");
  return {
    reopenTasks(runKey: number, keys: readonly number[]): void {
      const list = JSON.stringify(keys);
      for (const statement of [tasks, values, artifacts, cache]) statement.run(list);
      if (metrics.run(runKey, list).changes > 0) readLastMetrics(runKey);
    },
    /** Whether the run was in the expected state and has gone back; its outputs and the intents on it are gone. */
    reopenRun(key: number, from: RunState, to: RunState): boolean {
      outputs.run(key);
      outputArtifacts.run(key);
      return run.run(to, key, from).changes === 1;
    },
    /** Takes back the intent to retry, which cannot be followed. */
    drop: (key: number) => drop.run(key),
  };
}

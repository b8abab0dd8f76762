/** The engine's statements that move what is open along with the machine's clock when that has jumped. */
import type { Db } from "@/db/client";

const OPEN = "select key from run where state in ('pending', 'running', 'canceling')";

/** Statements on the moments of open runs, prepared once for a database. */
export function clockQueries(db: Db) {
  const sql = db.$client;
  // What the engine has not seen yet may have been made after the jump.
  const runs = sql.prepare(
    `update run set created_at = iif(is_noticed, created_at + :by, created_at), started_at = started_at + :by,
       deadline_at = deadline_at + :by
     where state in ('pending', 'running', 'canceling')`,
  );
  const tasks = sql.prepare(
    `update task set created_at = created_at + :by, queued_at = queued_at + :by, retry_at = retry_at + :by,
       retry_since = retry_since + :by, started_at = started_at + :by, finished_at = finished_at + :by
     where run_key in (${OPEN})`,
  );
  const attempts = sql.prepare(
    `update attempt set created_at = created_at + :by, started_at = started_at + :by, finished_at = finished_at + :by,
       stopped_at = stopped_at + :by, deadline_at = deadline_at + :by
     where task_key in (select key from task where run_key in (${OPEN}))`,
  );
  const tell = sql.prepare(
    `insert into event (at, topic, subject, kind, data)
     select ?, 'run', id, 'tasks', '{}' from run where state in ('running', 'canceling')`,
  );
  return {
    /** Moves what has happened in open runs, and what is to happen in them, by so much, and has pages read them anew. */
    moveOpen(byMs: number, nowMs: number): void {
      for (const statement of [runs, tasks, attempts]) statement.run({ by: byMs });
      tell.run(nowMs);
    },
  };
}

export type ClockQueries = ReturnType<typeof clockQueries>;

/** The state of the installation as the database tells it: the engine's sign of life and what is going on. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { attempt, heartbeat, run, task } from "@/db/schema";

/** The engine's last sign of life. */
export function lastHeartbeat(db: Executor): typeof heartbeat.$inferSelect | undefined {
  return db.select().from(heartbeat).where(eq(heartbeat.name, "engine")).get();
}

const count = (db: Executor, counted: ReturnType<typeof sql>): number => db.get<{ count: number }>(counted).count;

/** Attempts that hold a step slot, steps that wait for one, and runs that are not over; all by partial indexes. */
export function currentWork(db: Executor): { live: number; queued: number; running: number } {
  return {
    live: count(db, sql`select count(*) as count from ${attempt} where ${attempt.state} in ('starting', 'running')`),
    queued: count(db, sql`select count(*) as count from ${task} where ${task.state} = 'queued' and retry_at is null`),
    running: count(
      db,
      sql`select count(*) as count from ${run} where ${run.state} in ('pending', 'running', 'canceling')
          and ${run.state} <> 'pending'`,
    ),
  };
}

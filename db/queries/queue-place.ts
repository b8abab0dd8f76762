/** The queue for step slots as one task sees it: what is full, what comes first, and who holds the slots. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";

interface Waiting {
  readonly key: number;
  readonly priority: number;
  readonly queuedAtMs: number | null;
  readonly profile: string;
  readonly capacity: number | null;
}

export interface Holder {
  readonly task: number;
  readonly step: string;
  readonly runId: string;
  readonly runName: string;
  readonly startedAtMs: number | null;
}

const LIVE = sql`a.state in ('starting', 'running')`;

/** A task that waits, with the limit of its run's profile; undefined for any other. */
export const findWaiting = (db: Executor, key: number): Waiting | undefined =>
  db.get<Waiting | undefined>(
    sql`select t.key, t.priority, t.queued_at as queuedAtMs, r.profile, p.capacity
      from task t join run r on r.key = t.run_key left join profile p on p.name = r.profile
      where t.key = ${key} and t.state = 'queued'`,
  );

const of = (profile: string | null): SQL => (profile === null ? sql`1` : sql`r.profile = ${profile}`);

/** Steps that hold a slot; of one profile where it is named. */
export const countHolders = (db: Executor, profile: string | null): number =>
  db.get<{ n: number }>(
    sql`select count(*) as n from attempt a join run r on r.key = a.run_key where ${LIVE} and ${of(profile)}`,
  ).n;

/** Those of them that began first. */
export const listHolders = (db: Executor, profile: string | null, limit: number): Holder[] =>
  db.all<Holder>(
    sql`select t.key as task, t.path as step, r.id as runId, r.name as runName, a.started_at as startedAtMs
      from attempt a join run r on r.key = a.run_key join task t on t.key = a.task_key
      where ${LIVE} and ${of(profile)} and r.deleted_at is null order by a.key limit ${limit}`,
  );

/** How many may be claimed now, and how many of these come before the task; of one profile where it is named. */
export function placeInQueue(
  db: Executor,
  { key, priority, queuedAtMs }: Waiting,
  profile: string | null,
  nowMs: number,
): { waiting: number; ahead: number } {
  return db.get<{ waiting: number; ahead: number }>(
    sql`select count(*) as waiting, count(*) filter (where t.priority > ${priority}
        or (t.priority = ${priority} and (t.queued_at, t.key) < (${queuedAtMs}, ${key}))) as ahead
      from task t join run r on r.key = t.run_key
      where t.state = 'queued' and (t.retry_at is null or t.retry_at <= ${nowMs}) and ${of(profile)}`,
  );
}

/** The queues for step slots as one task sees them: where it stands, what waits beside it, and who holds the slots. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";

interface PlaceInQueue {
  readonly key: number;
  readonly profile: string;
  readonly priority: number;
}

export interface Holder {
  readonly task: number;
  readonly step: string;
  readonly runId: string;
  readonly runName: string;
  readonly startedAtMs: number | null;
}

const CLAIMABLE = sql`t.state = 'queued' and t.retry_at is null`;

/** A task that waits for a slot; undefined for any other. */
export const findWaiting = (db: Executor, key: number): PlaceInQueue | undefined =>
  db.get<PlaceInQueue | undefined>(
    sql`select t.key, t.profile, t.priority from task t where t.key = ${key} and ${CLAIMABLE}`,
  );

const under = (profile: string | null): SQL => (profile === null ? sql`1` : sql`r.profile = ${profile}`);

/** Those that hold a slot and began first; of one profile where it is named. */
export const listHolders = (db: Executor, profile: string | null, limit: number): Holder[] =>
  db.all<Holder>(
    sql`select t.key as task, t.path as step, r.id as runId, r.name as runName, a.started_at as startedAtMs
      from attempt a join run r on r.key = a.run_key join task t on t.key = a.task_key
      where a.state in ('starting', 'running') and ${under(profile)} and r.deleted_at is null
      order by a.key limit ${limit}`,
  );

/** How many wait in these queues, and how many of those with a higher priority than this one. */
export const countWaiting = (
  db: Executor,
  profiles: readonly string[],
  priority: number,
): { readonly waiting: number; readonly higher: number } =>
  db.get<{ waiting: number; higher: number }>(
    sql`select count(*) as waiting, count(*) filter (where t.priority > ${priority}) as higher from task t
      where ${CLAIMABLE} and t.profile in (select value from json_each(${JSON.stringify(profiles)}))`,
  );

/** Experiments that take turns at a place in the queue of a profile. */
export const countInTurn = (db: Executor, { profile, priority }: Pick<PlaceInQueue, "profile" | "priority">): number =>
  db.get<{ n: number }>(
    sql`select count(distinct t.experiment_key) as n from task t
      where ${CLAIMABLE} and t.profile = ${profile} and t.priority = ${priority}`,
  ).n;

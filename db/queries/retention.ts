/** Which runs the rules take, which the trash may let go, and their removal piece by piece. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { DAY_MS, KEEP_TAG, type RetentionRule } from "@/server/domain/retention";

export interface RunOfTrash {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly pipelineName: string;
  readonly state: "succeeded" | "failed" | "canceled";
  readonly finishedAtMs: number | null;
  readonly deletedAtMs: number | null;
  readonly artifactBytes: number;
}

const ENDED = sql`r.state in ('succeeded', 'failed', 'canceled') and r.retry_requested_at is null`;
const COLUMNS = sql`r.key, r.id, r.name, r.pipeline_name as pipelineName, r.state, r.finished_at as finishedAtMs,
  r.deleted_at as deletedAtMs,
  coalesce((select sum(a.size) from artifact a where a.run_key = r.key), 0) as artifactBytes`;

/** What no rule takes: a baseline, and a run that a person tagged to be kept. */
const FREE = sql`not exists (select 1 from experiment e where e.baseline_run_key = r.key)
  and not exists (select 1 from run_tag t where t.run_key = r.key and t.name = ${KEEP_TAG})`;

function taken({ pipelineId, states, afterDays, keepNewest }: RetentionRule, nowMs: number): SQL {
  const parts = [
    sql`r.deleted_at is null and ${ENDED} and r.finished_at < ${nowMs - afterDays * DAY_MS} and ${FREE}`,
    ...(pipelineId === null ? [] : [sql`r.pipeline_key = (select p.key from pipeline p where p.id = ${pipelineId})`]),
    ...(states.length === 0
      ? []
      : [
          sql`r.state in (${sql.join(
            states.map((state) => sql`${state}`),
            sql`, `,
          )})`,
        ]),
    ...(keepNewest === 0
      ? []
      : [
          sql`(select count(*) from (select 1 from run n where n.pipeline_key is r.pipeline_key and n.deleted_at is null
            and (n.created_at, n.key) > (r.created_at, r.key) limit ${keepNewest})) >= ${keepNewest}`,
        ]),
  ];
  return sql.join(parts, sql` and `);
}

/** Runs that a rule takes now, those that ended first first. */
export const runsTaken = (db: Executor, rule: RetentionRule, nowMs: number, limit: number): RunOfTrash[] =>
  db.all<RunOfTrash>(
    sql`select ${COLUMNS} from run r where ${taken(rule, nowMs)} order by r.finished_at, r.key limit ${limit}`,
  );

/** How many a rule takes, counted up to `most`. */
export const countTaken = (db: Executor, rule: RetentionRule, nowMs: number, most: number): number =>
  db.get<{ n: number }>(sql`select count(*) as n from (select 1 from run r where ${taken(rule, nowMs)} limit ${most})`)
    .n;

/** Why a run of the trash cannot go yet: another run that is not going has what this one left. */
const HELD = sql`exists (select 1 from artifact a join task_artifact l on l.artifact_key = a.key
    join task t on t.key = l.task_key join run o on o.key = t.run_key
    where a.run_key = r.key and t.run_key <> r.key and o.purging_at is null)
  or exists (select 1 from run o where o.state in ('pending', 'running', 'canceling')
    and json_extract(o.extent, '$.runId') = r.id)`;
const IN_TRASH = sql`r.deleted_at is not null and r.purging_at is null`;

export interface TrashedRun extends RunOfTrash {
  /** What it left is used by another run. */
  readonly isHeld: 0 | 1;
}

/** The trash, what was deleted last first. */
export const trashedRuns = (db: Executor, limit: number): TrashedRun[] =>
  db.all<TrashedRun>(
    sql`select ${COLUMNS}, (${HELD}) as isHeld from run r where ${IN_TRASH}
      order by r.deleted_at desc, r.key desc limit ${limit}`,
  );

export const countTrash = (db: Executor): number =>
  db.get<{ n: number }>(sql`select count(*) as n from run r where ${IN_TRASH}`).n;

/** Keys of runs that were deleted before a moment and may go. */
export const runsToPurge = (db: Executor, deletedBeforeMs: number, limit: number): number[] =>
  db
    .all<{ key: number }>(
      sql`select r.key from run r where ${IN_TRASH} and r.deleted_at < ${deletedBeforeMs} and ${ENDED}
        and not exists (select 1 from task t join attempt a on a.task_key = t.key
          where t.run_key = r.key and a.state in ('starting', 'running')) and not (${HELD})
        order by r.deleted_at, r.key limit ${limit}`,
    )
    .map(({ key }) => key);

/** Of these runs of the trash those that may go, whenever they were deleted. */
export const purgeable = (db: Executor, ids: readonly string[]): number[] =>
  db
    .all<{ key: number }>(
      sql`select r.key from run r where r.id in (${sql.join(
        ids.map((id) => sql`${id}`),
        sql`, `,
      )}) and ${IN_TRASH}
        and ${ENDED} and not (${HELD})`,
    )
    .map(({ key }) => key);

/** From here on nothing brings the runs back. */
export const beginPurge = (db: Executor, keys: readonly number[], nowMs: number): void => {
  for (const key of keys) {
    db.run(sql`update run set purging_at = ${nowMs} where key = ${key} and deleted_at is not null`);
  }
};

/** Runs whose removal has begun. */
export const runsGoing = (db: Executor): number[] =>
  db.all<{ key: number }>(sql`select key from run where purging_at is not null`).map(({ key }) => key);

const METRICS_AT_ONCE = 2_000;
const TASKS_AT_ONCE = 100;

/** Removes a piece of a run whose removal has begun; true when nothing of it is left. */
export function purgePiece(db: Executor, key: number): boolean {
  const metrics = db.run(
    sql`delete from metric where key in (select key from metric where run_key = ${key} limit ${METRICS_AT_ONCE})`,
  ).changes;
  if (metrics > 0) return false;
  const tasks = db.run(
    sql`delete from task where key in (select key from task where run_key = ${key} limit ${TASKS_AT_ONCE})`,
  ).changes;
  if (tasks > 0) return false;
  db.run(sql`delete from run_tag where run_key = ${key}`);
  db.run(sql`delete from run where key = ${key} and purging_at is not null`);
  return true;
}

export const hasRunRow = (db: Executor, key: number): boolean =>
  db.get<{ key: number } | undefined>(sql`select key from run where key = ${key}`) !== undefined;

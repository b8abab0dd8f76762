/** The runs of the same pipeline before a given one: which succeeded last, how many failed since, how long steps take. */
import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { run, task, version } from "@/db/schema";
import type { RunState } from "@/server/domain/states";

/** Runs looked back through for the last good one. */
const LOOK_BACK = 500;
/** Rows of tasks that durations are taken from, at most. */
const MAX_TASKS = 10_000;
const MAX_TIMED_RUNS = 20;

export interface RunBefore {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly version: number;
  readonly profile: string;
}

/** Runs of the pipeline of a run that were made before it and are over, the newest first; none without a pipeline. */
export function runsBefore(db: Db, runKey: number): RunBefore[] {
  return db.all<RunBefore>(
    sql`select r.key, r.id, r.name, r.state, v.number as version, r.profile
        from ${run} own join ${run} r on r.pipeline_key = own.pipeline_key
        join ${version} v on v.key = r.version_key
        where own.key = ${runKey} and r.deleted_at is null and r.state in ('succeeded', 'failed')
          and (r.created_at, r.key) < (own.created_at, own.key)
        order by r.created_at desc, r.key desc limit ${LOOK_BACK}`,
  );
}

export interface StepTime {
  readonly path: string;
  readonly ms: number;
}

const durations = (where: SQL): SQL =>
  sql`select t.step_path as path, t.finished_at - t.started_at as ms from ${task} t
      where ${where} and t.state = 'succeeded' and t.started_at is not null and instr(t.path, '[') = 0`;

/** How long each step outside loops took in these succeeded runs; a cached one says nothing. Reads a bounded number of rows. */
export function stepTimes(db: Db, runKeys: readonly number[]): StepTime[] {
  const times: StepTime[] = [];
  for (const key of runKeys.slice(0, MAX_TIMED_RUNS)) {
    times.push(...db.all<StepTime>(sql`${durations(sql`t.run_key = ${key}`)} limit ${MAX_TASKS - times.length}`));
    if (times.length >= MAX_TASKS) break;
  }
  return times;
}

/** How long these runs took, in milliseconds. */
export function runTimes(db: Db, runKeys: readonly number[]): number[] {
  if (runKeys.length === 0) return [];
  const keys = sql.join(
    runKeys.slice(0, MAX_TIMED_RUNS).map((key) => sql`${key}`),
    sql`, `,
  );
  return db
    .all<{ readonly ms: number }>(
      sql`select r.finished_at - r.started_at as ms from ${run} r
          where r.key in (${keys}) and r.started_at is not null and r.finished_at is not null`,
    )
    .map(({ ms }) => ms);
}

/** How the runs of recurring runs went: the last ones, how long they took, how late they began, and what each day brought. */
import type { Db } from "@/db/client";
import type { SkipReason } from "@/server/domain/recurrence/words";
import type { RunState } from "@/server/domain/states";
import { preparedFor } from "./statements";

export interface RecentRun {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly scheduledAt: number;
}

export interface RunTiming {
  readonly state: RunState;
  readonly scheduledAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Null for one that no slot asked for. */
  readonly slotAt: number | null;
}

export interface DayCount {
  /** Null for moments that were skipped. */
  readonly state: RunState | null;
  readonly moments: number;
}

const OWN = "recurring_run_key = ? and deleted_at is null";

function prepareFigures({ $client: client }: Db) {
  const recent = client.prepare(
    `select id, name, state, scheduled_at as scheduledAt from run where ${OWN} order by created_at desc, key desc limit ?`,
  );
  const ended = client.prepare(
    `select count(*) as ended, count(*) filter (where state = 'succeeded') as succeeded from
       (select state from run where ${OWN} and state in ('succeeded', 'failed', 'canceled')
        order by created_at desc limit ?)`,
  );
  const timings = client.prepare(
    `select r.state, r.scheduled_at as scheduledAt, r.started_at as startedAt, r.finished_at as finishedAt,
       (select s.at from slot s where s.recurring_run_key = r.recurring_run_key and s.at = r.scheduled_at
          and s.run_key = r.key) as slotAt
     from run r where r.recurring_run_key = ? and r.deleted_at is null order by r.created_at desc limit ?`,
  );
  const ofPipeline = client
    .prepare(
      `select finished_at - started_at from run where deleted_at is null and state = 'succeeded'
         and pipeline_key = (select key from pipeline where id = ?) and started_at is not null
       order by created_at desc limit ?`,
    )
    .pluck();
  const day = client.prepare(
    `select r.state, sum(s.count) as moments from
       (select run_key, count from slot where recurring_run_key = ? and at >= ? and at < ? limit ?) s
     left join run r on r.key = s.run_key group by r.state`,
  );
  const before = client.prepare(
    `select last_at as lastAt, skip_reason as reason from slot where recurring_run_key = ? and at < ?
     order by at desc limit 1`,
  );
  return {
    /** The runs made last, the newest first. */
    recent: (recurringKey: number, most: number) => recent.all(recurringKey, most) as RecentRun[],
    /** Of the last runs that are over, how many succeeded. */
    ended: (recurringKey: number, most: number) =>
      ended.get(recurringKey, most) as { readonly ended: number; readonly succeeded: number },
    /** Times of the runs made last. */
    timings: (recurringKey: number, most: number) => timings.all(recurringKey, most) as RunTiming[],
    /** How long the last good runs of a pipeline took. */
    durationsOf: (pipelineId: string, most: number) => ofPipeline.all(pipelineId, most) as number[],
    /** What the slots that begin in a span of time became, at most so many of them. */
    between: (recurringKey: number, fromMs: number, beforeMs: number, most: number) =>
      day.all(recurringKey, fromMs, beforeMs, most) as DayCount[],
    /** The slot before a moment: skipped moments may reach beyond it. */
    before: (recurringKey: number, ms: number) =>
      before.get(recurringKey, ms) as { readonly lastAt: number; readonly reason: SkipReason | null } | undefined,
  };
}

/** The statements on this connection. */
export const figureQueries = preparedFor(prepareFigures);

/** The engine's statements on the queues for step slots: what waits in them, who holds slots, and whose turn it was. */
import type { Db } from "@/db/client";
import type { Band, Holding, Lane, Queue, TurnTaken, Waiting } from "@/server/domain/queue/take-turns";
import type { Reason } from "@/server/domain/reason";
import { toText } from "./json";

/** What may be claimed; tries that are not due yet are none of it. */
const CLAIMABLE = "state = 'queued' and retry_at is null";
const IN_BAND = `${CLAIMABLE} and profile = :profile and priority = :priority`;

/** The next experiment of a band above a bound. */
const nextExperiment = (bound: string): string =>
  `(select experiment_key from task where ${IN_BAND} and ${bound} order by experiment_key limit 1)`;

interface BandRow extends Waiting {
  readonly experiment: number;
  readonly below: number | null;
  readonly turn: number;
  readonly served: number | null;
  readonly isLast: number;
}

/** What waits, and what holds slots meanwhile. */
export interface Standing {
  readonly queues: readonly Queue[];
  readonly held: readonly Holding[];
}

/** Statements on the queues, prepared once for a database. Each jumps from index entry to index entry. */
export function queueQueries(db: Db) {
  const sql = db.$client;
  const standing = sql.prepare(
    `with recursive queue(profile) as (
       select (select profile from task where ${CLAIMABLE} and profile > '' order by profile limit 1)
       union all
       select (select profile from task where ${CLAIMABLE} and profile > queue.profile order by profile limit 1)
       from queue where queue.profile is not null)
     select queue.profile, p.capacity, json_extract(p.limits, '$.totalCpus') as cpus,
       json_extract(p.limits, '$.totalMemoryBytes') as memoryBytes, (select priority from task where ${CLAIMABLE} and profile = queue.profile
       order by priority desc limit 1) as priority, null as experiment, null as count
     from queue left join profile p on p.name = queue.profile where queue.profile is not null
     union all
     select r.profile, null, total(t.cpus), total(t.memory_bytes), null, r.experiment_key, count(*)
     from attempt a join run r on r.key = a.run_key join task t on t.key = a.task_key
     where a.state in ('starting', 'running') group by r.profile, r.experiment_key`,
  );
  // A limit that is a bare parameter would have SQLite plan the statement anew each time; a subquery does not.
  const band = sql.prepare(
    `with recursive
       last(turn, served) as (select max(key), max(experiment_key) from queue_turn
         where profile = :profile and priority = :priority),
       later(experiment, n) as (
         select ${nextExperiment("experiment_key > (select coalesce(served, 0) from last)")}, 1
         union all
         select ${nextExperiment("experiment_key > later.experiment")}, n + 1 from later
         where later.experiment is not null and n < :lanes),
       earlier(experiment, n) as (
         select ${nextExperiment("experiment_key <= (select served from last)")}, 1
         union all
         select ${nextExperiment("experiment_key > earlier.experiment and experiment_key <= (select served from last)")},
           n + 1 from earlier
         where earlier.experiment is not null and n < :lanes),
       lane(round, experiment) as (select 0, experiment from later union all select 1, experiment from earlier)
     select t.key, t.run_key as runKey, t.cpus, t.memory_bytes as memoryBytes, lane.experiment, coalesce(last.turn, 0) as turn, last.served,
       last.turn is (select max(key) from queue_turn) as isLast,
       (select priority from task where ${CLAIMABLE} and profile = :profile and priority < :priority
         order by priority desc limit 1) as below
     from lane join last join task t on t.key in (select key from task where ${IN_BAND}
       and experiment_key = lane.experiment order by queued_at, key limit (select :each))
     order by lane.round, lane.experiment, t.queued_at, t.key`,
  );
  const noteTurn = sql.prepare(
    "insert or replace into queue_turn (profile, priority, experiment_key) values (:profile, :priority, :experiment)",
  );
  const release = sql.prepare(
    `update task set retry_at = null, reason = ? where state = 'queued' and retry_at is not null and retry_at <= ?
     returning key, run_key as runKey`,
  );
  return {
    /** The queues in which something waits, and the slots in use, counted from the attempts that live. */
    standing(): Standing {
      const rows = standing.all() as (Queue | Holding)[];
      const isHolding = (row: Queue | Holding): row is Holding => "count" in row && row.count !== null;
      return { queues: rows.filter((row) => !isHolding(row)) as Queue[], held: rows.filter(isHolding) };
    },
    /** A band with its first `lanes` experiments in turn, and the first `each` steps of every one. */
    band(profile: string, priority: number, most: { readonly lanes: number; readonly each: number }): Band {
      const rows = band.all({ profile, priority, ...most }) as BandRow[];
      const lanes = new Map<number, Waiting[]>();
      for (const { experiment, key, runKey, cpus, memoryBytes } of rows) {
        const lane = lanes.get(experiment);
        if (lane === undefined) lanes.set(experiment, [{ key, runKey, cpus, memoryBytes }]);
        else lane.push({ key, runKey, cpus, memoryBytes });
      }
      const { below = null, turn = 0, served = null, isLast = 0 } = rows[0] ?? {};
      return { priority, lanes: [...lanes].map(asLane), below, turn, served, isLast: isLast === 1 };
    },
    /** Remembers whose turn it was. */
    noteTurn: (taken: TurnTaken) => noteTurn.run(taken),
    /** Lets tries that are due into their queues and answers their tasks. */
    release: (reason: Reason, nowMs: number) => release.all(toText(reason), nowMs) as Pick<Waiting, "key" | "runKey">[],
  };
}

const asLane = ([experiment, tasks]: readonly [number, readonly Waiting[]]): Lane => ({ experiment, tasks });

export type QueueQueries = ReturnType<typeof queueQueries>;

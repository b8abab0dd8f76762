/** The engine's statements on the change feed, its sign of life, and the feed's upkeep. */
import type { Db } from "@/db/client";
import type { EngineFigures } from "@/server/domain/engine-figures";
import type { RunState, TaskState } from "@/server/domain/states";
import { fromText } from "./json";

export interface RunChange {
  readonly state?: RunState;
  /** Absent when too many to list. */
  readonly tasks?: readonly { readonly id: number; readonly state: TaskState }[];
}

/** Statements on events and the heartbeat, prepared once for a database. */
export function eventQueries(db: Db) {
  const sql = db.$client;
  const insert = sql.prepare("insert into event (at, topic, subject, kind, data) values (?, 'run', ?, ?, ?)");
  const beat = sql.prepare(
    `insert into heartbeat (name, at, started_at, pid, slots, figures) values ('engine', ?, ?, ?, ?, ?)
     on conflict (name) do update set at = excluded.at, started_at = excluded.started_at, pid = excluded.pid,
       slots = excluded.slots, figures = excluded.figures`,
  );
  const figures = sql.prepare("select figures from heartbeat where name = 'engine'").pluck();
  const newest = sql.prepare("select max(id) from event").pluck();
  const sweepOld = sql.prepare("delete from event where id in (select id from event where at < ? order by at limit ?)");
  const sweepMany = sql.prepare(
    "delete from event where id in (select id from event where id <= ? order by id limit ?)",
  );
  return {
    insert: (nowMs: number, runId: string, kind: "state" | "tasks", data: RunChange) =>
      insert.run(nowMs, runId, kind, JSON.stringify(data)),
    beat: (nowMs: number, startedAtMs: number, pid: number, slots: number, measured: EngineFigures) =>
      beat.run(nowMs, startedAtMs, pid, slots, JSON.stringify(measured)),
    /** What the last engine had measured; null when there was none. */
    figures: () => fromText<EngineFigures>((figures.get() as string | null | undefined) ?? null),
    /** Deletes up to `limit` events that are older than `beforeMs` or beyond the newest `keep`; returns how many. */
    sweep(beforeMs: number, keep: number, limit: number): number {
      const old = sweepOld.run(beforeMs, limit).changes;
      const last = (newest.get() as number | null) ?? 0;
      return old + (old < limit ? sweepMany.run(last - keep, limit - old).changes : 0);
    },
  };
}

export type EventQueries = ReturnType<typeof eventQueries>;

/** Figures that are read without counting rows: counters kept by triggers, and the sizes of the database's files. */
import { statSync } from "node:fs";
import type { Db } from "@/db/client";
import { preparedFor } from "./statements";

export interface StateCount {
  readonly entity: "run" | "task" | "attempt";
  readonly state: string;
  readonly count: number;
}

/** Durations in a state: how many each bound is the first to hold, in the order of the bounds; the last holds all. */
export interface Durations {
  readonly entity: "run" | "task";
  readonly state: string;
  readonly sumMs: number;
  readonly buckets: readonly { readonly upToMs: number; readonly count: number }[];
}

export interface DatabaseSizes {
  readonly fileBytes: number;
  readonly walBytes: number;
  /** Pages within the file that nothing uses. */
  readonly freeBytes: number;
}

interface DurationRow {
  readonly entity: "run" | "task";
  readonly state: string;
  readonly upToMs: number;
  readonly count: number;
  readonly sumMs: number;
}

const statements = preparedFor((db) => ({
  states: db.$client.prepare("select entity, state, count from state_count order by entity, state"),
  durations: db.$client.prepare(
    `select entity, state, up_to_ms as upToMs, count, sum_ms as sumMs from duration_count
     order by entity, state, up_to_ms`,
  ),
}));

/** How often runs, tasks and attempts have come into each state, ever. */
export const stateCounts = (db: Db): readonly StateCount[] => statements(db).states.all() as StateCount[];

/** How long runs and steps stayed in the states that are timed. */
export function keptDurations(db: Db): readonly Durations[] {
  const groups = new Map<string, DurationRow[]>();
  for (const row of statements(db).durations.all() as DurationRow[]) {
    const key = `${row.entity} ${row.state}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((buckets) => {
    const [first] = buckets;
    if (first === undefined) return [];
    const sumMs = buckets.reduce((sum, bucket) => sum + bucket.sumMs, 0);
    return [{ entity: first.entity, state: first.state, sumMs, buckets }];
  });
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Sizes of the database file, of its write-ahead log and of the room in it that is free. */
export function databaseSizes(db: Db): DatabaseSizes {
  const { name } = db.$client;
  const free = Number(db.$client.pragma("freelist_count", { simple: true }));
  const page = Number(db.$client.pragma("page_size", { simple: true }));
  return { fileBytes: sizeOf(name), walBytes: sizeOf(`${name}-wal`), freeBytes: free * page };
}

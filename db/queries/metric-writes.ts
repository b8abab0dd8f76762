/** Metrics that clients report of a run. */
import type { Db } from "@/db/client";
import { preparedFor } from "./statements";

export interface MetricRow {
  readonly runKey: number;
  readonly taskKey: number | null;
  readonly name: string;
  readonly value: number;
  readonly index: number | null;
  readonly format: "raw" | "percentage";
  readonly atMs: number;
}

const statements = preparedFor((db) => ({
  end: db.$client.prepare(`select max("index") from metric where run_key = ? and name = ? and task_key is ?`).pluck(),
  remove: db.$client.prepare(`delete from metric where run_key = ? and name = ? and task_key is ? and "index" is ?`),
  insert: db.$client.prepare(
    `insert into metric (run_key, task_key, name, value, "index", format, at) values (?, ?, ?, ?, ?, ?, ?)`,
  ),
  last: db.$client.prepare(
    `insert into run_metric (run_key, name, value, position) values (?, ?, ?, ?)
     on conflict (run_key, name) do update set value = excluded.value, position = excluded.position
     where excluded.position >= position`,
  ),
  task: db.$client.prepare("select key from task where run_key = ? and path = ?").pluck(),
}));

/**
 * Stores metrics in the place of earlier ones of the same run, task, name and index. Points that go on beyond the end
 * of their series, as nearly all do, replace nothing, so nothing is looked for.
 */
export function putMetrics(db: Db, metrics: readonly MetricRow[]): void {
  const { end, remove, insert, last } = statements(db);
  const ends = new Map<string, number>();
  const newest = new Map<string, MetricRow & { readonly index: number }>();
  for (const metric of metrics) {
    const { runKey, taskKey, name, value, index, format, atMs } = metric;
    const series = `${runKey} ${taskKey} ${name}`;
    const known = ends.get(series) ?? (end.get(runKey, name, taskKey) as number | null) ?? -1;
    if (index === null || index <= known) remove.run(runKey, name, taskKey, index);
    ends.set(series, Math.max(known, index ?? -1));
    insert.run(runKey, taskKey, name, value, index, format, atMs);
    if (index !== null && index >= (newest.get(`${runKey} ${name}`)?.index ?? -1)) {
      newest.set(`${runKey} ${name}`, { ...metric, index });
    }
  }
  for (const { runKey, name, value, index } of newest.values()) last.run(runKey, name, value, index);
}

/** Key of a run's task by its path; undefined when there is none. */
export const taskKeyOf = (db: Db, runKey: number, path: string): number | undefined =>
  statements(db).task.get(runKey, path) as number | undefined;

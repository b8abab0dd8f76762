/** Metrics of several runs: their values within a limit, their last ones beyond it, and series thinned out for a chart. */
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Db, Executor } from "@/db/client";
import { metric, metricGoal, task } from "@/db/schema";
import type { MetricGoalView } from "@/server/domain/views/compare";
import { type MetricSeries, metricPlaces, seriesAt, tasksOfMetric } from "./series";
import { preparedFor } from "./statements";

/** Up to this many values of all runs together are read one by one. */
const MOST_VALUES = 50_000;

const statements = preparedFor((db) => ({
  last: db.$client.prepare(
    `select t.step_path as step, m.name, m.value, m."index", m.format from metric m left join task t on t.key = m.task_key
     where m.run_key = ? and m.name = ? and m.task_key is ? order by m."index" desc limit 1`,
  ),
  stepOf: db.$client.prepare("select step_path from task where key = ?").pluck(),
}));

export interface MetricRow {
  readonly runKey: number;
  readonly step: string | null;
  readonly name: string;
  readonly value: number;
  readonly index: number | null;
  readonly format: "raw" | "percentage";
}

/** Every value of these runs, the points of a series in order; `isWhole` false where there are so many that each name has its last one only. */
export function metricsOfRuns(
  db: Db,
  runKeys: readonly number[],
): { readonly rows: readonly MetricRow[]; readonly isWhole: boolean } {
  const rows = db
    .select({
      runKey: metric.runKey,
      step: task.stepPath,
      name: metric.name,
      value: metric.value,
      index: metric.index,
      format: metric.format,
    })
    .from(metric)
    .leftJoin(task, eq(task.key, metric.taskKey))
    .where(inArray(metric.runKey, [...runKeys]))
    .orderBy(asc(metric.runKey), asc(metric.name), asc(metric.taskKey), asc(metric.index))
    .limit(MOST_VALUES + 1)
    .all();
  return rows.length <= MOST_VALUES ? { rows, isWhole: true } : { rows: lastValues(db, runKeys), isWhole: false };
}

/** Hops from series to series, so that their length costs nothing. */
function lastValues(db: Db, runKeys: readonly number[]): MetricRow[] {
  const { last } = statements(db);
  const rows: MetricRow[] = [];
  for (const runKey of runKeys) {
    for (const { name, task: taskKey } of metricPlaces(db, runKey)) {
      rows.push({ runKey, ...(last.get(runKey, name, taskKey) as Omit<MetricRow, "runKey">) });
      if (rows.length === MOST_VALUES) return rows;
    }
  }
  return rows;
}

/** A metric of a run at a step over its index, thinned out where it is long; of a loop the first task that has it. */
export function seriesAtStep(db: Db, runKey: number, name: string, step: string | null): MetricSeries | undefined {
  const { stepOf } = statements(db);
  for (const place of tasksOfMetric(db, runKey, name)) {
    const path = place.task === null ? null : (stepOf.get(place.task) as string | undefined);
    if (path === step) return seriesAt(db, runKey, place);
  }
  return undefined;
}

/** What has been said about metrics of these pipelines. */
export function goalsOfPipelines(db: Executor, pipelineNames: readonly string[]): MetricGoalView[] {
  return db
    .select()
    .from(metricGoal)
    .where(inArray(metricGoal.pipelineName, [...pipelineNames]))
    .all();
}

/** Sets what a metric's values are worth. */
export function putGoal(db: Executor, row: MetricGoalView): void {
  db.insert(metricGoal)
    .values(row)
    .onConflictDoUpdate({ target: [metricGoal.pipelineName, metricGoal.name], set: { goal: row.goal } })
    .run();
}

/** Forgets what a metric's values are worth. */
export function removeGoal(db: Executor, { pipelineName, name }: Omit<MetricGoalView, "goal">): void {
  db.delete(metricGoal)
    .where(and(eq(metricGoal.pipelineName, pipelineName), eq(metricGoal.name, name)))
    .run();
}

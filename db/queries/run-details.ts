/** What the page of one run shows beside its row: outputs, metrics and notices. */
import { asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { metric, runNotice, runOutput } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { MetricView, NoticeView, ValuesView } from "@/server/domain/views";
import { artifactsOfRun } from "./artifact-rows";

/** A run page shows at most this many points; charts of long series read their own. */
const MAX_METRICS = 2_000;

/** Outputs of the run as a whole. */
export function outputsOfRun(db: Executor, runKey: number): ValuesView {
  const parameters: { [name: string]: JsonValue } = {};
  for (const { name, value } of db.select().from(runOutput).where(eq(runOutput.runKey, runKey)).all()) {
    parameters[name] = value;
  }
  return { parameters, artifacts: artifactsOfRun(db, runKey) };
}

/** Metrics of a run by name and index. */
export function metricsOfRun(db: Executor, runKey: number): MetricView[] {
  return db
    .select({
      name: metric.name,
      value: metric.value,
      index: metric.index,
      format: metric.format,
      task: metric.taskKey,
    })
    .from(metric)
    .where(eq(metric.runKey, runKey))
    .orderBy(asc(metric.name), asc(metric.index), asc(metric.key))
    .limit(MAX_METRICS)
    .all();
}

/** What the run does not do though its file asks for it, and other remarks. */
export function noticesOfRun(db: Executor, runKey: number): NoticeView[] {
  return db
    .select({ code: runNotice.code, message: runNotice.message, step: runNotice.step })
    .from(runNotice)
    .where(eq(runNotice.runKey, runKey))
    .orderBy(asc(runNotice.key))
    .all();
}

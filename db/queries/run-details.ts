/** What the page of one run shows beside its row: outputs, metrics and notices. */
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Db, Executor } from "@/db/client";
import { metric, recurringRun, run, runNotice, runOutput } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { ValuesView } from "@/server/domain/views/artifacts";
import type { MetricView } from "@/server/domain/views/metrics";
import type { NoticeView } from "@/server/domain/views/runs";
import type { NamedRef } from "@/server/domain/views/shared";
import { artifactsOfRun } from "./artifact-rows";
import { metricPlaces } from "./series";

/** A run tells at most this many points; charts of longer series read their own. */
const MAX_METRICS = 2_000;

/** Outputs of the run as a whole. */
export function outputsOfRun(db: Executor, runKey: number): ValuesView {
  const parameters: { [name: string]: JsonValue } = {};
  for (const { name, value } of db.select().from(runOutput).where(eq(runOutput.runKey, runKey)).all()) {
    parameters[name] = value;
  }
  return { parameters, artifacts: artifactsOfRun(db, runKey) };
}

/** How a run was asked to run, beyond what lists show. */
export function optionsOfRun(db: Executor, runKey: number) {
  const row = db
    .select({
      profileSettings: run.profileSettings,
      fileMode: run.fileMode,
      stopsOnFailure: run.stopsOnFailure,
      retryRequestedAt: run.retryRequestedAt,
      cache: run.cache,
      cacheOff: run.cacheOff,
    })
    .from(run)
    .where(eq(run.key, runKey))
    .get();
  return (
    (row && { ...row, retryRequestedAt: row.retryRequestedAt?.toISOString() ?? null }) ?? {
      profileSettings: null,
      fileMode: "shared" as const,
      stopsOnFailure: false,
      retryRequestedAt: null,
      cache: "use" as const,
      cacheOff: [],
    }
  );
}

/** The recurring run that made a run, unless it was deleted. */
export function recurringRunOf(db: Executor, runKey: number): NamedRef | null {
  const found = db
    .select({ id: recurringRun.id, name: recurringRun.name })
    .from(run)
    .innerJoin(recurringRun, eq(recurringRun.key, run.recurringRunKey))
    .where(and(eq(run.key, runKey), isNull(recurringRun.deletedAt)))
    .get();
  return found ?? null;
}

/** Metrics of a run by name, task and index; of one with very many points the single numbers alone. */
export function metricsOfRun(db: Db, runKey: number): { metrics: MetricView[]; seriesLeftOut: boolean } {
  const columns = {
    name: metric.name,
    value: metric.value,
    index: metric.index,
    format: metric.format,
    task: metric.taskKey,
  };
  const order = [asc(metric.name), asc(metric.taskKey), asc(metric.index), asc(metric.key)];
  const of = eq(metric.runKey, runKey);
  const all = db
    .select(columns)
    .from(metric)
    .where(of)
    .orderBy(...order)
    .limit(MAX_METRICS + 1)
    .all();
  if (all.length <= MAX_METRICS) return { metrics: all, seriesLeftOut: false };
  const single: MetricView[] = [];
  for (const { name, task } of metricPlaces(db, runKey)) {
    const place = and(of, eq(metric.name, name), sql`${metric.taskKey} is ${task}`, isNull(metric.index));
    single.push(...db.select(columns).from(metric).where(place).orderBy(asc(metric.key)).all());
    if (single.length >= MAX_METRICS) break;
  }
  return { metrics: single, seriesLeftOut: true };
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

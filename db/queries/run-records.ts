/** What the Kubeflow API tells of runs beyond their rows in a list. */
import { eq, inArray, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { recurringRun, run, runParameter, version } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";

export interface RunExtras {
  readonly versionKey: number;
  /** Whether the version was made from an inline specification. */
  readonly isUnlisted: boolean;
  readonly scheduledAt: Date;
  readonly serviceAccount: string;
  readonly pipelineRoot: string;
  readonly recurringRunId: string | null;
  readonly cancelRequestedBy: string | null;
}

/** The extras of several runs in one statement, by the run's key. */
export function extrasOfRuns(db: Executor, keys: readonly number[]): ReadonlyMap<number, RunExtras> {
  if (keys.length === 0) return new Map();
  const rows = db
    .select({
      key: run.key,
      versionKey: run.versionKey,
      isUnlisted: sql<boolean>`${version.pipelineKey} is null`.mapWith(Boolean),
      scheduledAt: run.scheduledAt,
      serviceAccount: run.serviceAccount,
      pipelineRoot: run.pipelineRoot,
      recurringRunId: recurringRun.id,
      cancelRequestedBy: run.cancelRequestedBy,
    })
    .from(run)
    .leftJoin(version, eq(version.key, run.versionKey))
    .leftJoin(recurringRun, eq(recurringRun.key, run.recurringRunKey))
    .where(inArray(run.key, [...keys]))
    .all();
  return new Map(rows.map((row) => [row.key, row]));
}

type Parameters = { [name: string]: JsonValue };

/** Parameters as they were given, defaults left out, by the run's key. */
export function givenParameters(db: Executor, keys: readonly number[]): ReadonlyMap<number, Parameters> {
  const byRun = new Map<number, Parameters>(keys.map((key) => [key, {}]));
  if (keys.length === 0) return byRun;
  const rows = db
    .select({ runKey: runParameter.runKey, name: runParameter.name, raw: runParameter.raw })
    .from(runParameter)
    .where(sql`${inArray(runParameter.runKey, [...keys])} and ${runParameter.isGiven} = 1`)
    .all();
  for (const { runKey, name, raw } of rows) {
    const parameters = byRun.get(runKey);
    if (parameters) parameters[name] = raw;
  }
  return byRun;
}

/** What the Kubeflow API tells of runs beyond their rows in a list. */
import { asc, eq, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { recurringRun, run, runParameter, runPlugins, runRound, version } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import { listsByKey } from "@/server/domain/lists-by-key";
import { amongKeys, keyList, preparedFor } from "./statements";

export interface RunExtras {
  readonly versionKey: number;
  /** Whether the version was made from an inline specification. */
  readonly isUnlisted: boolean;
  readonly scheduledAt: Date;
  readonly serviceAccount: string;
  readonly pipelineRoot: string;
  readonly recurringRunId: string | null;
  readonly cancelRequestedAt: Date | null;
  readonly cancelRequestedBy: string | null;
  readonly retryRequestedAt: Date | null;
  /** What came for plugins; null for none. */
  readonly plugins: { readonly [name: string]: JsonValue } | null;
}

const statements = preparedFor((db) => ({
  extras: db
    .select({
      key: run.key,
      versionKey: run.versionKey,
      isUnlisted: sql<boolean>`${version.pipelineKey} is null`.mapWith(Boolean),
      scheduledAt: run.scheduledAt,
      serviceAccount: run.serviceAccount,
      pipelineRoot: run.pipelineRoot,
      recurringRunId: recurringRun.id,
      cancelRequestedAt: run.cancelRequestedAt,
      cancelRequestedBy: run.cancelRequestedBy,
      retryRequestedAt: run.retryRequestedAt,
      plugins: runPlugins.input,
    })
    .from(run)
    .leftJoin(version, eq(version.key, run.versionKey))
    .leftJoin(recurringRun, eq(recurringRun.key, run.recurringRunKey))
    .leftJoin(runPlugins, eq(runPlugins.runKey, run.key))
    .where(amongKeys(sql`${run.key}`))
    .prepare(),
  rounds: db
    .select()
    .from(runRound)
    .where(amongKeys(sql`${runRound.runKey}`))
    .orderBy(asc(runRound.key))
    .prepare(),
  given: db
    .select({ runKey: runParameter.runKey, name: runParameter.name, raw: runParameter.raw })
    .from(runParameter)
    .where(sql`${amongKeys(sql`${runParameter.runKey}`)} and ${runParameter.isGiven} = 1`)
    .prepare(),
}));

/** The extras of several runs in one statement, by the run's key. */
export function extrasOfRuns(db: Db, keys: readonly number[]): ReadonlyMap<number, RunExtras> {
  return new Map(
    statements(db)
      .extras.all(keyList(keys))
      .map((row) => [row.key, row]),
  );
}

export type Round = Omit<typeof runRound.$inferSelect, "key" | "runKey">;

/** Rounds that retries have left behind, the oldest first, by the run's key. */
export function roundsOfRuns(db: Db, keys: readonly number[]): ReadonlyMap<number, readonly Round[]> {
  const rows = statements(db).rounds.all(keyList(keys));
  return listsByKey(rows.map((row) => [row.runKey, row] as const));
}

export type GivenParameters = readonly (readonly [name: string, value: JsonValue])[];

/** Parameters as they were given, defaults left out, by the run's key. */
export function givenParameters(db: Db, keys: readonly number[]): ReadonlyMap<number, GivenParameters> {
  const rows = statements(db).given.all(keyList(keys));
  return listsByKey(rows.map(({ runKey, name, raw }) => [runKey, [name, raw] as const] as const));
}

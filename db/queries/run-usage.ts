/** What the attempts of a run took, added up. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { attempt, task } from "@/db/schema";
import type { RunUsageView } from "@/server/domain/views/runs";

/** Sums over every attempt of every task; an attempt that goes on counts with what is known of it. */
export function usageOfRun(db: Executor, runKey: number): RunUsageView {
  const row = db
    .select({
      attempts: sql<number>`count(*)`,
      ranMs: sql<number>`coalesce(sum(${attempt.finishedAt} - ${attempt.startedAt}), 0)`,
      cpuMs: sql<number | null>`sum(${attempt.cpuMs})`,
      peakBytes: sql<number | null>`max(${attempt.peakBytes})`,
      bytesIn: sql<number | null>`sum(${attempt.bytesIn})`,
      bytesOut: sql<number | null>`sum(${attempt.bytesOut})`,
    })
    .from(task)
    .innerJoin(attempt, eq(attempt.taskKey, task.key))
    .where(eq(task.runKey, runKey))
    .get();
  return row ?? { attempts: 0, ranMs: 0, cpuMs: null, peakBytes: null, bytesIn: null, bytesOut: null };
}

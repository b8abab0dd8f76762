/** Makes the runs of a recurring run, inside the caller's transaction: for a slot, or because a person asks for one. */
import type { Db } from "@/db/client";
import type { DueRow } from "@/db/queries/engine/recurring";
import { replaceRunTags } from "@/db/queries/run-tags";
import { WAITING_FOR_ROOM } from "@/server/domain/planning/reasons";
import { ProblemError } from "@/server/domain/problem-error";
import { runName } from "@/server/domain/recurrence/run-name";
import { startWithin } from "../runs/start-run";

export interface WantedRun {
  readonly now: Date;
  /** The slot, or now. */
  readonly scheduledAt: Date;
  /** Counts the slots that became runs, from 1; null for a run that no slot asked for. */
  readonly index: number | null;
  /** Whether it is kept back until there is room. */
  readonly waits: boolean;
}

/** Makes one run and returns its key and id. Throws `refused`, `invalid` or `not-found` when no run of today is accepted. */
export function makeRun(
  tx: Db,
  row: DueRow,
  { now, scheduledAt, index, waits }: WantedRun,
): { readonly key: number; readonly id: string } {
  if (row.versionId === null) {
    throw new ProblemError("not-found", "The version that it runs was deleted, or its pipeline has none any more.");
  }
  const made = startWithin(tx, now, {
    versionId: row.versionId,
    name: index === null ? undefined : runName(row.runNameBase, index),
    experimentId: row.experimentId ?? undefined,
    parameters: row.parameters,
    profile: row.profile ?? undefined,
    priority: row.priority,
    cache: row.cache ?? undefined,
    serviceAccount: row.serviceAccount,
    pipelineRoot: row.pipelineRoot,
    scheduledAt,
    plugins: Object.keys(row.pluginsInput).length === 0 ? null : row.pluginsInput,
    origin: "recurring",
    recurring: { key: row.key, index: index ?? undefined, heldFor: waits ? WAITING_FOR_ROOM : null },
  });
  if (Object.keys(row.tags).length > 0) replaceRunTags(tx, made.key, row.tags);
  return made;
}

/** Archives an experiment with its runs, and restores exactly what that took. */
import { addEvent } from "@/db/queries/events";
import { setExperimentArchived } from "@/db/queries/experiment-rows";
import { archiveRunsOf, unarchiveRunsOf } from "@/db/queries/run-writes";
import type { ExperimentView } from "@/server/domain/views";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { experimentRow, getExperiment } from "./get-experiment";

/** Archives an experiment and all its runs; runs that run go on. Throws `not-found`. */
export async function archiveExperiment(context: Context, id: string): Promise<ExperimentView> {
  await write(context.db, (tx) => {
    const row = experimentRow(context, id);
    if (row.archivedAt !== null) return;
    const at = context.now();
    setExperimentArchived(tx, row.key, at);
    archiveRunsOf(tx, row.key, at);
    addEvent(tx, { at, topic: "experiment", subject: id, kind: "archived" });
  });
  return getExperiment(context, id);
}

/**
 * Restores an experiment; `withRuns` also the runs that were archived together with it, none that were before.
 * Throws `not-found`.
 */
export async function restoreExperiment(context: Context, id: string, withRuns = true): Promise<ExperimentView> {
  await write(context.db, (tx) => {
    const row = experimentRow(context, id);
    if (row.archivedAt === null) return;
    if (withRuns) unarchiveRunsOf(tx, row.key, row.archivedAt);
    setExperimentArchived(tx, row.key, null);
    addEvent(tx, { at: context.now(), topic: "experiment", subject: id, kind: "restored" });
  });
  return getExperiment(context, id);
}

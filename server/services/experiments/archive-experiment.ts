/** Archives an experiment with its runs and disables its recurring runs, and restores exactly what that took. */
import { addEvent } from "@/db/queries/events";
import { setExperimentArchived } from "@/db/queries/experiment-rows";
import { recurringRunsOf } from "@/db/queries/recurring-rows";
import { archiveRunsOf, unarchiveRunsOf } from "@/db/queries/run-writes";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { switchWithin } from "../recurring-runs/switch-recurring-run";
import { experimentRow, getExperiment } from "./get-experiment";

/** Archives an experiment and all its runs, and disables its recurring runs; runs that run go on. Throws `not-found`. */
export async function archiveExperiment(context: Context, id: string): Promise<ExperimentView> {
  await write(context.db, (tx) => {
    const row = experimentRow(context, id);
    if (row.archivedAt !== null) return;
    const at = context.now();
    setExperimentArchived(tx, row.key, at);
    archiveRunsOf(tx, row.key, at);
    const disabling = { isEnabled: false, now: at, by: null, archivedAt: at, reason: "its experiment was archived" };
    for (const one of recurringRunsOf(tx, row.key, { enabled: true })) switchWithin(tx, one, disabling);
    addEvent(tx, { at, topic: "experiment", subject: id, kind: "archived" });
  });
  return getExperiment(context, id);
}

/**
 * Restores an experiment; `withRuns` also the runs that were archived together with it, none that were before, and
 * enables the recurring runs that were disabled together with it.
 * Throws `not-found`.
 */
export async function restoreExperiment(context: Context, id: string, withRuns = true): Promise<ExperimentView> {
  await write(context.db, (tx) => {
    const row = experimentRow(context, id);
    if (row.archivedAt === null) return;
    const at = context.now();
    if (withRuns) {
      unarchiveRunsOf(tx, row.key, row.archivedAt);
      const enabling = { isEnabled: true, now: at, by: null, reason: "its experiment was restored" };
      for (const one of recurringRunsOf(tx, row.key, { disabledAt: row.archivedAt })) switchWithin(tx, one, enabling);
    }
    setExperimentArchived(tx, row.key, null);
    addEvent(tx, { at, topic: "experiment", subject: id, kind: "restored" });
  });
  return getExperiment(context, id);
}

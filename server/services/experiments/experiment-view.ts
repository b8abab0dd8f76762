/** Experiments as views: a row and the counts of its runs. */
import type { ExperimentRow } from "@/db/queries/experiment-rows";
import { countsOfExperiments } from "@/db/queries/run-counts";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { Context } from "../context";

/** The views of these rows, with all counts read in one statement. */
export function experimentViews(context: Context, rows: readonly ExperimentRow[]): ExperimentView[] {
  const counts = countsOfExperiments(
    context.db,
    rows.map((row) => row.key),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    isDefault: row.isDefault,
    createdAt: row.createdAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    runCounts: counts.get(row.key) ?? {},
  }));
}

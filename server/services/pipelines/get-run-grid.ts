/** Reads the last runs of a pipeline: by the steps of one level, and by one metric. */
import { cellsOfRuns, lastRunsOf, metricNamesOf, metricTrend, stepsOfLevel } from "@/db/queries/run-grid";
import type { MetricTrendInput, RunGridInput } from "@/server/domain/inputs/pipelines";
import type { MetricTrendView } from "@/server/domain/views/metrics";
import type { GridCell, RunGridView } from "@/server/domain/views/run-grid";
import type { Context } from "../context";
import { pipelineRow } from "./get-pipeline";

/** What a grid is made of at most; a level of very many steps shows fewer runs. */
const MAX_CELLS = 20_000;
const FEWEST_RUNS = 5;

/** The grid of a pipeline's last runs that are not archived. Throws `not-found`. */
export function getRunGrid({ db, ...context }: Context, { id, within, limit }: RunGridInput): RunGridView {
  const pipeline = pipelineRow({ db, ...context }, id);
  const newest = lastRunsOf(db, pipeline.key, limit);
  const keys = newest.map(({ key }) => key);
  const steps = stepsOfLevel(db, keys, within);
  const room = Math.max(FEWEST_RUNS, Math.floor(MAX_CELLS / Math.max(1, steps.length)));
  const shown = newest.slice(0, room);
  const cells = cellsOfRuns(
    db,
    shown.map(({ key }) => key),
    within,
  );
  const none: { readonly [step: string]: GridCell } = {};
  return {
    runs: shown.reverse().map(({ key, ...run }) => ({ ...run, cells: cells.get(key) ?? none })),
    steps,
    metrics: metricNamesOf(db, keys),
  };
}

/** One metric over a pipeline's last runs that are not archived. Throws `not-found`. */
export function getMetricTrend(context: Context, { id, metric, limit }: MetricTrendInput): MetricTrendView {
  const pipeline = pipelineRow(context, id);
  const keys = lastRunsOf(context.db, pipeline.key, limit).map(({ key }) => key);
  return { points: metricTrend(context.db, keys, metric) };
}

/** The series of a run for its charts. */
import { seriesOfRun } from "@/db/queries/series";
import type { SeriesView } from "@/server/domain/views/metrics";
import type { Context } from "../context";
import { runRow } from "./get-run";

/** At most 200 series, each thinned to at most 500 points. Throws `not-found`. */
export const runSeries = (context: Context, id: string): SeriesView[] =>
  seriesOfRun(context.db, runRow(context, id).key);

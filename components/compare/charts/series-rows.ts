/** From the series of several runs to what one chart draws: a row per index, a value per run. */
import type { ComparedSeries } from "@/server/domain/views/compare";

/** `x` is the index; `r0`, `r1` … the values of the runs that have one there. */
export type SeriesRow = { readonly x: number } & { readonly [run: `r${number}`]: number };

/** Rows in order of their index; a run's values stand under its place. */
export function seriesRows(series: readonly ComparedSeries[], places: readonly string[]): readonly SeriesRow[] {
  const rows = new Map<number, { x: number; [run: `r${number}`]: number }>();
  for (const { run, points } of series) {
    const place = places.indexOf(run);
    if (place === -1) continue;
    for (const { x: index, y: value } of points) {
      const row = rows.get(index) ?? { x: index };
      row[`r${place}`] = value;
      rows.set(index, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

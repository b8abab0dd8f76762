/** From the metrics of a run to its single numbers and its series. */
import type { MetricView, SeriesView } from "@/server/domain/views/metrics";

export interface Series {
  readonly key: string;
  readonly name: string;
  readonly task: number | null;
  /** Whether more was reported than is drawn. */
  readonly isThinned: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface MetricGroups {
  readonly single: readonly MetricView[];
  readonly series: readonly Series[];
}

/** Series that were read for themselves. */
export const chartSeries = (series: readonly SeriesView[]): Series[] =>
  series.filter(({ points }) => points.length > 1).map((each) => ({ ...each, key: `${each.task ?? ""} ${each.name}` }));

/** A metric with indexes is a series; one point alone is still a number. */
export function metricGroups(metrics: readonly MetricView[]): MetricGroups {
  const groups = new Map<string, MetricView[]>();
  for (const metric of metrics) {
    const key = `${metric.task ?? ""} ${metric.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [metric]);
    else group.push(metric);
  }
  const single: MetricView[] = [];
  const series: Series[] = [];
  for (const [key, group] of groups) {
    const indexed = group.filter((metric) => metric.index !== null);
    const [first] = group;
    if (first === undefined) continue;
    if (indexed.length < 2) {
      single.push(...group);
      continue;
    }
    single.push(...group.filter((metric) => metric.index === null));
    const points = indexed.map(({ index, value }) => ({ x: index ?? 0, y: value })).sort((a, b) => a.x - b.x);
    series.push({ key, name: first.name, task: first.task, isThinned: false, points });
  }
  return { single, series };
}

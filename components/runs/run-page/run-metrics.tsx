/** The metrics of a run: single numbers as a table, series as lines. */
"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { chartSeries, metricGroups } from "@/components/charts/series-model";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Skeleton } from "@/components/ui/skeleton";
import type { MetricView } from "@/server/domain/views/metrics";
import type { RunView } from "@/server/domain/views/runs";

/** Series of a million points are dear to read: while more come, a chart may be a moment old. */
const LONG_PAUSE_MS = 3_000;

const SeriesChart = dynamic(() => import("@/components/charts/series-chart").then((module) => module.SeriesChart), {
  ssr: false,
  loading: () => <Skeleton className="h-48" />,
});

const metricText = ({ value, format }: MetricView): string =>
  format === "percentage" ? `${Number((value * 100).toPrecision(6))} %` : String(Number(value.toPrecision(12)));

function Numbers({
  metrics,
  stepOf,
}: {
  readonly metrics: readonly MetricView[];
  readonly stepOf: (task: number | null) => string;
}) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-left text-xs text-dim [&>th]:py-1 [&>th]:font-medium">
          <th scope="col">Name</th>
          <th scope="col" className="text-right">
            Value
          </th>
          <th scope="col" className="pl-6">
            Step
          </th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <tr key={`${metric.task} ${metric.name} ${metric.index}`} className="border-t border-line/60 [&>*]:py-1">
            <th scope="row" className="text-left font-normal [overflow-wrap:anywhere]">
              {metric.name}
              {metric.index === null ? null : <span className="text-faint"> [{metric.index}]</span>}
            </th>
            <td className="text-right font-mono text-xs">{metricText(metric)}</td>
            <td className="pl-6 text-dim">{stepOf(metric.task)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RunMetrics({ run }: { readonly run: RunView }) {
  const trpc = useTRPC();
  const { single, series: short } = useMemo(() => metricGroups(run.metrics), [run.metrics]);
  const long = useQuery(trpc.runs.series.queryOptions({ id: run.id }, { enabled: run.seriesLeftOut }));
  useRefresh([`run:${run.id}`], [trpc.runs.series.queryFilter({ id: run.id })], LONG_PAUSE_MS);
  const series = useMemo(() => (long.data ? chartSeries(long.data) : short), [long.data, short]);
  const names = new Map(run.tasks.map((task) => [task.id, task.step]));
  const stepOf = (task: number | null): string =>
    task === null ? "the run" : decodeURIComponent(names.get(task) ?? `task ${task}`);
  return (
    <div className="flex flex-col gap-3">
      {single.length === 0 ? null : <Numbers metrics={single} stepOf={stepOf} />}
      {long.isLoading ? <Skeleton className="h-48" /> : null}
      {series.length === 0 ? null : (
        <div className="grid gap-3 sm:grid-cols-2">
          {series.map((each) => (
            <SeriesChart key={each.key} series={each} step={stepOf(each.task)} />
          ))}
        </div>
      )}
    </div>
  );
}

/** One metric over the last runs of a pipeline; which one stands in the address. */
"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";

const TrendChart = dynamic(() => import("@/components/charts/trend-chart").then((module) => module.TrendChart), {
  loading: () => <Skeleton className="h-40" />,
});

export function MetricTrend({
  pipelineId,
  metrics,
}: {
  readonly pipelineId: string;
  readonly metrics: readonly string[];
}) {
  const trpc = useTRPC();
  const [wanted, setWanted] = useQueryState("metric", parseAsString);
  const metric = wanted !== null && metrics.includes(wanted) ? wanted : (metrics[0] ?? "");
  const query = useQuery(trpc.pipelines.metricTrend.queryOptions({ id: pipelineId, metric }));
  return (
    <section aria-labelledby="trend-title">
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <h2 id="trend-title" className="text-sm font-semibold">
          Trend
        </h2>
        <Select
          aria-label="Metric"
          className="w-56"
          value={metric}
          options={metrics.map((name) => ({ value: name, label: name }))}
          onValueChange={(name) => void setWanted(name === metrics[0] ? null : name)}
        />
      </div>
      {query.data ? (
        <TrendChart name={metric} points={query.data.points} />
      ) : query.error ? (
        <p className="text-sm text-failed">{callProblem(query.error).message}</p>
      ) : (
        <Skeleton className="h-40" />
      )}
    </section>
  );
}

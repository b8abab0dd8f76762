/** One metric over its index, a line per run. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, GRID, TOOLTIP } from "@/components/charts/chart-looks";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { ComparedRun } from "@/server/domain/views/compare";
import { runColor } from "../run-mark";
import { type MetricSeries, shortNumber } from "./axes";
import { seriesRows } from "./series-rows";

/** Lines of runs that lie next to each other differ in more than their colour. */
const DASHES = ["0", "6 3", "2 2", "8 3 2 3", "1 3"];

export function SeriesLines({
  metric,
  runs,
}: {
  readonly metric: MetricSeries;
  readonly runs: readonly ComparedRun[];
}) {
  const trpc = useTRPC();
  const ids = runs.map((run) => run.id);
  const input = { runs: [...ids].sort(), name: metric.name, step: metric.step };
  const query = useQuery(trpc.compare.series.queryOptions(input, { staleTime: 5_000 }));
  if (query.isPending) return <Skeleton className="h-72" />;
  if (query.isError) {
    return (
      <ErrorState
        title="The series could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const rows = seriesRows(query.data, ids);
  const isThinned = query.data.some((each) => each.isThinned);
  const words = runs.map((run) => {
    const count = query.data.find((each) => each.run === run.id)?.points.length ?? 0;
    return `${run.name} ${count} points`;
  });
  return (
    <figure>
      <div className="h-72" role="img" aria-label={`${metric.label} over its index: ${words.join(", ")}`}>
        <ResponsiveContainer>
          <LineChart data={[...rows]} margin={{ top: 8, right: 12, bottom: 4, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid {...GRID} vertical={false} />
            <XAxis {...AXIS} dataKey="x" type="number" domain={["dataMin", "dataMax"]} allowDecimals={false} />
            <YAxis {...AXIS} type="number" domain={["auto", "auto"]} width={52} tickFormatter={shortNumber} />
            <Tooltip isAnimationActive={false} contentStyle={TOOLTIP} labelFormatter={(x) => `index ${x}`} />
            {runs.map((run, place) => (
              <Line
                key={run.id}
                name={`${place + 1} ${run.name}`}
                dataKey={`r${place}`}
                stroke={runColor(place)}
                strokeDasharray={DASHES[place % DASHES.length] ?? "0"}
                strokeWidth={1.75}
                dot={rows.length <= 24 ? { r: 2, fill: runColor(place) } : false}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      {isThinned ? (
        <figcaption className="text-xs text-faint">
          Long series are drawn with the lowest and the highest value of every part.
        </figcaption>
      ) : null}
    </figure>
  );
}

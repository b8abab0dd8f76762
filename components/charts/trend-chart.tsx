/** One number over runs, the oldest first; a point opens its run. */
"use client";

import { useRouter } from "next/navigation";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { MetricTrendView } from "@/server/domain/views/metrics";
import { AXIS, GRID, TOOLTIP } from "./chart-looks";

const short = (value: number): string => String(Number(value.toPrecision(4)));

export function TrendChart({ name, points }: { readonly name: string } & MetricTrendView) {
  const router = useRouter();
  const values = points.map(({ value }) => value);
  const last = points.at(-1);
  const words = `${name} over ${points.length} runs: lowest ${short(Math.min(...values))}, highest ${short(Math.max(...values))}, last ${short(last?.value ?? 0)} in ${last?.run.name ?? "none"}`;
  const data = points.map(({ run, value }, at) => ({ at, value, id: run.id, run: run.name }));
  const open = (at: unknown) => {
    const point = data[Number(at)];
    if (point !== undefined) router.push(`/runs/${point.id}`);
  };
  return (
    <div className="h-40 max-w-3xl" role="img" aria-label={words}>
      <ResponsiveContainer>
        <LineChart
          data={data}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          onClick={(state) => open(state.activeTooltipIndex ?? undefined)}
          className="cursor-pointer"
        >
          <CartesianGrid {...GRID} vertical={false} />
          <XAxis {...AXIS} dataKey="at" type="number" domain={["dataMin", "dataMax"]} tick={false} height={8} />
          <YAxis {...AXIS} type="number" domain={["auto", "auto"]} width={52} tickFormatter={short} />
          <Tooltip
            isAnimationActive={false}
            formatter={(value) => [String(value), name]}
            labelFormatter={(at) => data[Number(at)]?.run ?? ""}
            contentStyle={TOOLTIP}
          />
          <Line
            dataKey="value"
            stroke="var(--accent)"
            strokeWidth={1.75}
            dot={{ r: 2.5, fill: "var(--accent)" }}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

/** A metric over its steps as a line. */
"use client";

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, GRID, TOOLTIP } from "./chart-looks";
import type { Series } from "./series-model";

const short = (value: number): string => String(Number(value.toPrecision(4)));

export function SeriesChart({ series, step }: { readonly series: Series; readonly step: string }) {
  const { name, points, isThinned } = series;
  const last = points.at(-1);
  const values = points.map(({ y }) => y);
  const words = `${name} of ${step}: ${points.length} points${isThinned ? " of many more" : ""}, lowest ${short(Math.min(...values))}, highest ${short(Math.max(...values))}, last ${short(last?.y ?? 0)}`;
  return (
    <figure className="min-w-0 rounded-md border border-line px-3 py-2">
      <figcaption className="flex items-baseline gap-2 text-sm">
        <span className="min-w-0 truncate font-medium">{name}</span>
        <span className="min-w-0 truncate text-xs text-dim">{step}</span>
        <span className="ml-auto font-mono text-xs">{short(last?.y ?? 0)}</span>
      </figcaption>
      <div className="h-40" role="img" aria-label={words}>
        <ResponsiveContainer>
          <LineChart data={[...points]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid {...GRID} vertical={false} />
            <XAxis {...AXIS} dataKey="x" type="number" domain={["dataMin", "dataMax"]} allowDecimals={false} />
            <YAxis {...AXIS} type="number" domain={["auto", "auto"]} width={44} tickFormatter={short} />
            <Tooltip
              isAnimationActive={false}
              formatter={(value) => [String(value), name]}
              labelFormatter={(x) => `step ${x}`}
              contentStyle={TOOLTIP}
            />
            <Line
              dataKey="y"
              stroke="var(--accent)"
              strokeWidth={1.75}
              dot={points.length <= 24 ? { r: 2, fill: "var(--accent)" } : false}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

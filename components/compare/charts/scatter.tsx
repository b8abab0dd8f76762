/** Two numbers of every run against each other; each point carries the number of its run. */
"use client";

import { CartesianGrid, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, GRID, LABEL, TOOLTIP } from "@/components/charts/chart-looks";
import type { ComparedRun } from "@/server/domain/views/compare";
import { runColor } from "../run-mark";
import { type Axis, shortNumber } from "./axes";

interface Spot {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly payload?: { readonly place: number } | undefined;
}

function Mark({ cx = 0, cy = 0, payload }: Spot) {
  const place = payload?.place ?? 0;
  return (
    <g>
      <circle cx={cx} cy={cy} r={9} fill={runColor(place)} />
      <text
        x={cx}
        y={cy}
        textAnchor="middle"
        dominantBaseline="central"
        fontSize={10}
        fontWeight={600}
        fill="var(--surface)"
      >
        {place + 1}
      </text>
    </g>
  );
}

export function RunScatter({
  x,
  y,
  runs,
}: {
  readonly x: Axis;
  readonly y: Axis;
  readonly runs: readonly ComparedRun[];
}) {
  const data = runs.flatMap((run, place) => {
    const [across, up] = [x.values[place], y.values[place]];
    return across == null || up == null ? [] : [{ place, name: run.name, x: across, y: up }];
  });
  const words = data.map((spot) => `${spot.name} at ${spot.x}, ${spot.y}`).join("; ");
  if (data.length === 0) return <p className="py-6 text-sm text-dim">No run has both numbers.</p>;
  return (
    <div className="h-72" role="img" aria-label={`${y.label} over ${x.label}: ${words}`}>
      <ResponsiveContainer>
        <ScatterChart margin={{ top: 12, right: 16, bottom: 20, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid {...GRID} />
          <XAxis
            {...AXIS}
            dataKey="x"
            type="number"
            name={x.label}
            domain={["auto", "auto"]}
            tickFormatter={shortNumber}
            padding={{ left: 12, right: 12 }}
            label={{ value: x.label, position: "insideBottom", offset: -12, ...LABEL }}
          />
          <YAxis
            {...AXIS}
            dataKey="y"
            type="number"
            name={y.label}
            domain={["auto", "auto"]}
            width={52}
            tickFormatter={shortNumber}
            padding={{ top: 12, bottom: 12 }}
          />
          <Tooltip
            isAnimationActive={false}
            contentStyle={TOOLTIP}
            cursor={{ strokeDasharray: "3 3", stroke: "var(--border-control)" }}
          />
          <Scatter data={data} shape={Mark} isAnimationActive={false} />
        </ScatterChart>
      </ResponsiveContainer>
    </div>
  );
}

/** One metric over the runs as bars. */
"use client";

import { X } from "lucide-react";
import { Bar, BarChart, CartesianGrid, Cell, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, GRID, TOOLTIP } from "@/components/charts/chart-looks";
import { IconButton } from "@/components/ui/button";
import type { ComparedRun } from "@/server/domain/views/compare";
import { runColor } from "../run-mark";
import { type Axis, shortNumber } from "./axes";

export function MetricBars({
  axis,
  runs,
  onRemove,
}: {
  readonly axis: Axis;
  readonly runs: readonly ComparedRun[];
  readonly onRemove: () => void;
}) {
  const data = runs.map((run, place) => ({
    id: run.id,
    mark: String(place + 1),
    name: run.name,
    value: axis.values[place],
  }));
  const words = data.map(({ name, value }) => `${name} ${value === null ? "none" : value}`).join(", ");
  return (
    <figure className="min-w-0 rounded-md border px-3 py-2">
      <figcaption className="flex items-center gap-2 text-sm">
        <span className="min-w-0 flex-1 truncate font-medium" title={axis.label}>
          {axis.label}
        </span>
        <IconButton size="sm" label={`Take ${axis.label} away`} onClick={onRemove}>
          <X />
        </IconButton>
      </figcaption>
      <div className="h-40" role="img" aria-label={`${axis.label}: ${words}`}>
        <ResponsiveContainer>
          <BarChart data={data} margin={{ top: 8, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid {...GRID} vertical={false} />
            <XAxis {...AXIS} dataKey="mark" interval={0} />
            <YAxis {...AXIS} width={48} tickFormatter={shortNumber} domain={["auto", "auto"]} />
            <Tooltip
              isAnimationActive={false}
              contentStyle={TOOLTIP}
              cursor={{ fill: "var(--surface-hover)" }}
              formatter={(value) => [String(value), axis.label]}
              labelFormatter={(_, points) => String(points[0]?.payload?.name ?? "")}
            />
            <Bar dataKey="value" isAnimationActive={false} maxBarSize={36}>
              {data.map(({ id }, place) => (
                <Cell key={id} fill={runColor(place)} />
              ))}
            </Bar>
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

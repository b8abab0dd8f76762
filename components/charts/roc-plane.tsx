/** The square in which ROC curves are drawn: both rates as axes, and the diagonal of a guess. */
"use client";

import type { ReactNode } from "react";
import { CartesianGrid, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { cn } from "@/components/ui/cn";
import { AXIS, GRID, LABEL } from "./chart-looks";

const GUESS = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
] as const;

export function RocPlane({
  label,
  reach = 1,
  data,
  className,
  children,
}: {
  /** What is drawn, in words. */
  readonly label: string;
  /** How far the horizontal axis goes. */
  readonly reach?: number;
  /** The points of the one curve, where each is to be pointed at; several curves bring their own. */
  readonly data?: readonly { readonly x: number; readonly y: number }[];
  /** Its size. */
  readonly className: string;
  /** The curves, and what lies over them. */
  readonly children: ReactNode;
}) {
  return (
    <div className={cn("w-full", className)} role="img" aria-label={label}>
      <ResponsiveContainer>
        <LineChart
          {...(data && { data: [...data] })}
          margin={{ top: 8, right: 12, bottom: 16, left: 12 }}
          accessibilityLayer={false}
        >
          <CartesianGrid {...GRID} />
          <XAxis
            {...AXIS}
            dataKey="x"
            type="number"
            domain={[0, reach]}
            allowDataOverflow
            allowDuplicatedCategory={data !== undefined}
            label={{ value: "false positive rate", position: "insideBottom", offset: -10, ...LABEL }}
          />
          <YAxis
            {...AXIS}
            type="number"
            domain={[0, 1]}
            width={36}
            label={{
              value: "true positive rate",
              angle: -90,
              position: "insideLeft",
              offset: -4,
              style: { textAnchor: "middle" },
              ...LABEL,
            }}
          />
          <ReferenceLine segment={GUESS} stroke="var(--border-control)" strokeDasharray="4 4" />
          {children}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

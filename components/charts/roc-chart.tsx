/** A ROC curve: the part with few false positives brought closer, and what each threshold gives, by pointer or by keys. */
"use client";

import { useId, useMemo, useState } from "react";
import { Line, ReferenceDot, Tooltip } from "recharts";
import { Select } from "@/components/ui/select";
import type { RocPoint } from "@/server/domain/display/classification";
import { rocModel } from "./roc-model";
import { RocPlane } from "./roc-plane";

interface Hovered {
  readonly payload?: { readonly x: number; readonly y: number; readonly threshold: string };
}

function Threshold({ active, payload }: { readonly active?: boolean; readonly payload?: readonly Hovered[] }) {
  const point = payload?.[0]?.payload;
  if (!active || point === undefined) return null;
  return (
    <dl className="grid grid-cols-[auto_auto] gap-x-3 rounded-md border border-line bg-raised px-2 py-1 text-xs shadow-float">
      <dt className="text-dim">threshold</dt>
      <dd className="font-mono">{point.threshold}</dd>
      <dt className="text-dim">true positives</dt>
      <dd className="font-mono">{point.y.toFixed(3)}</dd>
      <dt className="text-dim">false positives</dt>
      <dd className="font-mono">{point.x.toFixed(3)}</dd>
    </dl>
  );
}

/** How far the horizontal axis reaches. */
const REACHES = [
  { value: "1", label: "whole curve" },
  { value: "0.2", label: "up to 0.2" },
  { value: "0.05", label: "up to 0.05" },
];

export function RocChart({ points: given }: { readonly points: readonly RocPoint[] }) {
  const { points, area } = useMemo(() => rocModel(given), [given]);
  const [reach, setReach] = useState("1");
  const [at, setAt] = useState<number | null>(null);
  const slider = useId();
  const point = at === null ? undefined : points[at];
  return (
    <figure>
      <figcaption className="mb-1 text-xs text-dim">
        ROC curve of {points.length} points
        {area === null ? "" : <span className="font-mono"> · area {area.toFixed(3)}</span>}
      </figcaption>
      <Select
        aria-label="False positives shown"
        className="mb-1 w-36"
        value={reach}
        options={REACHES}
        onValueChange={setReach}
      />
      <RocPlane
        label={`ROC curve, area ${area?.toFixed(3) ?? "unknown"}`}
        reach={Number(reach)}
        data={points}
        className="h-64 max-w-md"
      >
        <Tooltip content={<Threshold />} isAnimationActive={false} />
        <Line
          dataKey="y"
          stroke="var(--accent)"
          strokeWidth={2}
          dot={points.length <= 30 ? { r: 2, fill: "var(--accent)" } : false}
          isAnimationActive={false}
        />
        {point === undefined ? null : <ReferenceDot x={point.x} y={point.y} r={5} fill="var(--accent)" />}
      </RocPlane>
      <div className="flex max-w-md flex-wrap items-center gap-x-3 text-xs text-dim">
        <label htmlFor={slider}>Threshold</label>
        <input
          id={slider}
          type="range"
          min={0}
          max={Math.max(0, points.length - 1)}
          value={at ?? 0}
          aria-valuetext={point === undefined ? "none chosen" : point.threshold}
          onChange={(event) => setAt(Number(event.target.value))}
          className="h-6 min-w-32 flex-1 accent-accent"
        />
        <output htmlFor={slider} className="w-full font-mono">
          {point === undefined
            ? "Move it to see what a threshold gives."
            : `${point.threshold}: ${point.y.toFixed(3)} true, ${point.x.toFixed(3)} false positives`}
        </output>
      </div>
    </figure>
  );
}

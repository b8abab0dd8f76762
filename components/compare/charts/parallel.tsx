/** Parallel coordinates: every chosen number an upright axis, every run a line across them. */
"use client";

import type { ComparedRun } from "@/server/domain/views/compare";
import { runColor } from "../run-mark";
import { type Axis, shortNumber } from "./axes";
import { parallelModel } from "./parallel-model";

const HEIGHT = 280;
/** An axis needs room for its name. */
const BETWEEN = 150;

export function ParallelCoordinates({
  axes,
  runs,
}: {
  readonly axes: readonly Axis[];
  readonly runs: readonly ComparedRun[];
}) {
  const width = Math.max(640, axes.length * BETWEEN);
  const frame = { width, top: 44, bottom: HEIGHT - 26, side: BETWEEN / 2 };
  const { axes: placed, lines } = parallelModel(axes, runs.length, frame);
  const words = runs.map(
    (run, place) => `${run.name}: ${axes.map((axis) => `${axis.label} ${axis.values[place] ?? "none"}`).join(", ")}`,
  );
  return (
    <section
      aria-label="Parallel coordinates"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
      tabIndex={0}
      className="scroll-thin overflow-x-auto"
    >
      <svg
        role="img"
        aria-label={words.join("; ")}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        style={{ minWidth: width }}
        className="w-full"
        height={HEIGHT}
      >
        {lines.map(({ place, parts }) => (
          <g key={runs[place]?.id ?? place} className="group">
            <title>{words[place]}</title>
            {parts.map((part) => (
              <polyline
                key={part[0]?.x}
                points={part.map(({ x, y }) => `${x},${y}`).join(" ")}
                fill="none"
                stroke={runColor(place)}
                strokeWidth={2}
                strokeLinejoin="round"
                className="group-hover:stroke-4"
              />
            ))}
            {parts.flat().map(({ x, y }) => (
              <circle key={x} cx={x} cy={y} r={4} fill={runColor(place)} />
            ))}
          </g>
        ))}
        {placed.map((axis) => (
          <g key={axis.key} fontSize={11} fill="var(--text-dim)" textAnchor="middle">
            <line x1={axis.x} x2={axis.x} y1={frame.top} y2={frame.bottom} stroke="var(--border-control)" />
            <text x={axis.x} y={14} fontWeight={500} fill="var(--text)">
              {axis.label.length > 22 ? `${axis.label.slice(0, 21)}…` : axis.label}
              <title>{axis.label}</title>
            </text>
            <text x={axis.x} y={frame.top - 10}>
              {shortNumber(axis.high)}
            </text>
            <text x={axis.x} y={frame.bottom + 18}>
              {shortNumber(axis.low)}
            </text>
          </g>
        ))}
      </svg>
    </section>
  );
}

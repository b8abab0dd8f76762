/** The charts of a comparison: metrics as bars, a metric over its index, two numbers against each other, many at once. */
"use client";

import { X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Combobox } from "@/components/ui/combobox";
import { EmptyState } from "@/components/ui/empty-state";
import { Select } from "@/components/ui/select";
import type { CompareViewProps } from "../view-props";
import { type Axis, chosenAxes, numericAxes, seriesMetrics } from "./axes";
import { MetricBars } from "./bars";
import { ParallelCoordinates } from "./parallel";
import { RunScatter } from "./scatter";
import { SeriesLines } from "./series";

/** How many bars and axes there are before anybody has chosen. */
const USUAL_BARS = 6;
const USUAL_AXES = 6;

const asOptions = (axes: readonly Axis[]) => axes.map(({ key, label, kind }) => ({ value: key, label, aside: kind }));

function Chart({
  title,
  controls,
  children,
}: {
  readonly title: string;
  readonly controls: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-2">
        <h2 className="mr-2 text-base font-semibold">{title}</h2>
        {controls}
      </div>
      {children}
    </section>
  );
}

function AddAxis({
  axes,
  label,
  onAdd,
}: {
  readonly axes: readonly Axis[];
  readonly label: string;
  readonly onAdd: (key: string) => void;
}) {
  return (
    <Combobox
      aria-label={label}
      value={null}
      text={null}
      options={asOptions(axes)}
      onValueChange={(key) => (key === null ? undefined : onAdd(key))}
      placeholder={label}
      searchLabel="Search parameters and metrics"
      className="w-44"
    />
  );
}

export function ChartsView({ view, url, setUrl }: CompareViewProps) {
  const { runs } = view;
  const axes = useMemo(() => numericAxes(view, url.pick), [view, url.pick]);
  const metrics = axes.filter((axis) => axis.kind === "metric");
  const series = useMemo(() => seriesMetrics(view), [view]);
  const bars = chosenAxes(metrics, url.bars, USUAL_BARS);
  const lines = chosenAxes(axes, url.axes, USUAL_AXES);
  const usual = chosenAxes(axes, null, 2);
  const x = axes.find((axis) => axis.key === url.x) ?? usual[0];
  const y =
    axes.find((axis) => axis.key === url.y) ?? metrics.find((axis) => axis.differs && axis !== x) ?? usual[1] ?? x;
  const shown = series.find((each) => each.key === url.series) ?? series[0];
  const rest = (chosen: readonly Axis[], of: readonly Axis[]) => of.filter((axis) => !chosen.includes(axis));
  const keys = (chosen: readonly Axis[]) => chosen.map((axis) => axis.key);
  if (axes.length === 0 || x === undefined || y === undefined) {
    return (
      <EmptyState title="There is nothing to draw">
        Charts are drawn over parameters that are numbers and over metrics. None of these runs has any.
      </EmptyState>
    );
  }
  return (
    <div className="scroll-thin relative flex min-h-0 flex-1 flex-col gap-8 overflow-y-auto px-6 py-4 max-md:px-4">
      {metrics.length === 0 ? null : (
        <Chart
          title="Metrics"
          controls={
            <AddAxis
              axes={rest(bars, metrics)}
              label="Add a metric"
              onAdd={(key) => void setUrl({ bars: [...keys(bars), key] })}
            />
          }
        >
          <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
            {bars.map((axis) => (
              <MetricBars
                key={axis.key}
                axis={axis}
                runs={runs}
                onRemove={() => void setUrl({ bars: keys(bars).filter((key) => key !== axis.key) })}
              />
            ))}
          </div>
        </Chart>
      )}
      {shown === undefined ? null : (
        <Chart
          title="Over the index"
          controls={
            <Select
              aria-label="Metric over its index"
              className="w-60"
              value={shown.key}
              options={series.map(({ key, label }) => ({ value: key, label }))}
              onValueChange={(key) => void setUrl({ series: key })}
            />
          }
        >
          <SeriesLines metric={shown} runs={runs} />
        </Chart>
      )}
      <Chart
        title="Against each other"
        controls={(["x", "y"] as const).map((name) => (
          <Combobox
            key={name}
            aria-label={name === "x" ? "Across" : "Up"}
            value={name === "x" ? x.key : y.key}
            text={`${name === "x" ? "across" : "up"}: ${(name === "x" ? x : y).label}`}
            options={asOptions(axes)}
            onValueChange={(key) => void setUrl({ [name]: key })}
            placeholder=""
            searchLabel="Search parameters and metrics"
            className="w-56"
          />
        ))}
      >
        <RunScatter x={x} y={y} runs={runs} />
      </Chart>
      <Chart
        title="All at once"
        controls={
          <>
            <AddAxis
              axes={rest(lines, axes)}
              label="Add an axis"
              onAdd={(key) => void setUrl({ axes: [...keys(lines), key] })}
            />
            {lines.map((axis) => (
              <button
                key={axis.key}
                type="button"
                aria-label={`Take the axis ${axis.label} away`}
                onClick={() => void setUrl({ axes: keys(lines).filter((key) => key !== axis.key) })}
                className="inline-flex h-7 max-w-48 items-center gap-1 rounded-md border px-2 text-xs hover:bg-hover"
              >
                <span className="truncate">{axis.label}</span>
                <X aria-hidden className="size-3.5 text-faint" />
              </button>
            ))}
          </>
        }
      >
        {lines.length === 0 ? (
          <p className="text-sm text-dim">Add an axis to begin.</p>
        ) : (
          <ParallelCoordinates axes={lines} runs={runs} />
        )}
      </Chart>
    </div>
  );
}

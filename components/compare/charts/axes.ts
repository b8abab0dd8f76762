/** What charts of a comparison are drawn over: every parameter and metric that is a number in at least one run. */
import type { ComparisonView } from "@/server/domain/views/compare";
import type { Pick } from "../compare-url";
import { areEqual, stepWords } from "../rows/row";

export interface Axis {
  /** Stands in the address. */
  readonly key: string;
  readonly label: string;
  readonly kind: "parameter" | "metric";
  /** One per run; null where a run has no number. */
  readonly values: readonly (number | null)[];
  /** Whether the runs differ in it: only then there is something to see. */
  readonly differs: boolean;
}

/** The address of a metric: its name, and its step where it has one. */
const metricKey = (step: string | null, name: string): string => (step === null ? name : `${name}@${step}`);

const metricLabel = (step: string | null, name: string): string =>
  step === null ? name : `${name} · ${stepWords(step)}`;

function numberIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

const axis = (key: string, label: string, kind: Axis["kind"], values: readonly (number | null)[]): Axis[] =>
  values.every((value) => value === null) ? [] : [{ key, label, kind, values, differs: !areEqual(values) }];

/** Parameters first, then metrics, each in the order of the table. */
export function numericAxes({ runs, metrics }: ComparisonView, pick: Pick): readonly Axis[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.parameters)))];
  return [
    ...names.flatMap((name) =>
      axis(
        `parameter:${name}`,
        name,
        "parameter",
        runs.map((run) => numberIn(run.parameters[name]?.text)),
      ),
    ),
    ...metrics.flatMap(({ step, name, cells }) =>
      axis(
        metricKey(step, name),
        metricLabel(step, name),
        "metric",
        cells.map((cell) => (cell && Number.isFinite(cell[pick]) ? cell[pick] : null)),
      ),
    ),
  ];
}

/** Those that were chosen and are there; without a choice the first `count` that differ, else the first there are. */
export function chosenAxes(axes: readonly Axis[], keys: readonly string[] | null, count: number): readonly Axis[] {
  if (keys !== null) return keys.flatMap((key) => axes.find((each) => each.key === key) ?? []);
  const telling = axes.filter((each) => each.differs);
  return (telling.length > 0 ? telling : axes).slice(0, count);
}

export interface MetricSeries {
  readonly key: string;
  readonly label: string;
  readonly step: string | null;
  readonly name: string;
}

/** Metrics that are a series in at least one run. */
export const seriesMetrics = ({ metrics }: ComparisonView): readonly MetricSeries[] =>
  metrics
    .filter(({ cells }) => cells.some((cell) => cell?.isSeries))
    .map(({ step, name }) => ({ key: metricKey(step, name), label: metricLabel(step, name), step, name }));

/** `0.00123`, `12.4k`: short enough for an axis. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return size >= 10_000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(4)));
}

/** Parameters and metrics of compared runs as rows. */
import type { ComparedRun, ComparedValue, ComparisonView, MetricCell, MetricGoal } from "@/server/domain/views/compare";
import type { Pick } from "../compare-url";
import { metricDelta, metricText } from "./numbers";
import { areEqual, type Cell, type Row, stepWords } from "./row";

/** Text without its quotes; other values as JSON. */
function plainText({ text, digest }: ComparedValue): string {
  if (digest !== null) return `${text}…`;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}

const parameterCell = (run: ComparedRun, value: ComparedValue): Cell => {
  const text = plainText(value);
  return {
    text: text === "" ? "empty text" : text,
    title:
      value.digest === null ? text : `${text}\n${value.size.toLocaleString("en")} characters, sha256 ${value.digest}`,
    href: `/runs/${run.id}?view=parameters`,
    isCode: true,
  };
};

/** Parameters by name, in the order in which runs first have them. */
export function parameterRows({ runs }: ComparisonView): Row[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.parameters)))];
  return names.map((name) => {
    const values = runs.map((run) => run.parameters[name]);
    return {
      key: `parameters ${name}`,
      section: "parameters",
      name,
      note: null,
      cells: runs.map((run, at) => {
        const value = values[at];
        return value === undefined ? null : parameterCell(run, value);
      }),
      isEqual: areEqual(values.map((value) => (value === undefined ? undefined : (value.digest ?? value.text)))),
    };
  });
}

/** Goals by pipeline and metric. */
export function goalOf(view: ComparisonView, pipelineName: string, name: string): MetricGoal | undefined {
  return view.goals.find((goal) => goal.pipelineName === pipelineName && goal.name === name)?.goal;
}

const SERIES_WORDS: { readonly [pick in Pick]: string } = { last: "last", low: "lowest", high: "highest" };

function seriesTitle(cell: MetricCell): string {
  const [low, high] = [metricText(cell.low, cell.format), metricText(cell.high, cell.format)];
  return cell.points === null ? "the last of very many values" : `${cell.points} values from ${low} to ${high}`;
}

/** Metrics by name; of a series the value that `pick` names. */
export function metricRows(view: ComparisonView, baseline: number, pick: Pick): Row[] {
  const { runs, metrics } = view;
  return metrics.map(({ step, name, cells }) => {
    const base = cells[baseline]?.[pick];
    return {
      key: `metrics ${step ?? ""} ${name}`,
      section: "metrics",
      name,
      note: step === null ? null : stepWords(step),
      metric: name,
      isEqual: areEqual(cells.map((cell) => cell?.[pick])),
      cells: runs.map((run, at): Cell | null => {
        const cell = cells[at];
        if (!cell) return null;
        const value = cell[pick];
        const delta =
          at === baseline ? undefined : metricDelta(base, value, cell.format, goalOf(view, run.pipelineName, name));
        return {
          text: metricText(value, cell.format),
          title: cell.isSeries ? `${SERIES_WORDS[pick]} of ${seriesTitle(cell)}` : String(value),
          href: `/runs/${run.id}?view=outputs`,
          isCode: true,
          ...(delta && { delta }),
        };
      }),
    };
  });
}

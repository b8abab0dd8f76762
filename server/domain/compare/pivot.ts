/** From rows of the database to rows of a comparison: one per step and name, one cell per run, the longest of loops folded. */
import type { StepKind } from "@/pipelines/graph";
import type { TaskState } from "../states";
import type { ArtifactCell, ComparedRow, ComparedStep, MetricCell, StepCell } from "../views/compare";
import type { TaskCounts } from "../views/tasks";

/** More rows of a section are counted and left out. */
const MOST_ROWS = 5_000;

export interface Section<Row> {
  readonly rows: readonly Row[];
  readonly leftOut: number;
}

interface Placed {
  /** Place of the run among those compared. */
  readonly run: number;
  readonly step: string | null;
  readonly name: string;
}

export interface PlacedMetric extends Placed {
  readonly value: number;
  readonly index: number | null;
  readonly format: "raw" | "percentage";
}

export interface PlacedArtifact extends Placed, ArtifactCell {
  readonly step: string;
}

export interface PlacedStep {
  readonly run: number;
  readonly step: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly isIteration: boolean;
  readonly state: TaskState;
  readonly count: number;
  readonly task: number;
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly open: number;
}

const cutRows = <Row>(rows: readonly Row[]): Section<Row> => ({
  rows: rows.slice(0, MOST_ROWS),
  leftOut: Math.max(0, rows.length - MOST_ROWS),
});

/** Rows in the order of their first sight, with the entries of each run. */
function gather<Entry extends Placed>(entries: readonly Entry[], runs: number) {
  const rows = new Map<string, { step: string | null; name: string; of: Entry[][] }>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.step, entry.name]);
    let row = rows.get(key);
    if (row === undefined) {
      row = { step: entry.step, name: entry.name, of: Array.from({ length: runs }, () => []) };
      rows.set(key, row);
    }
    row.of[entry.run]?.push(entry);
  }
  return [...rows.values()];
}

const inOrder = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function metricCell(entries: readonly PlacedMetric[], isWhole: boolean): MetricCell | null {
  const last = entries.at(-1);
  if (last === undefined) return null;
  let [low, high] = [last.value, last.value];
  for (const { value } of entries) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return {
    last: last.value,
    low,
    high,
    points: isWhole ? entries.length : null,
    isSeries: isWhole ? entries.filter(({ index }) => index !== null).length > 1 : last.index !== null,
    format: last.format,
  };
}

/** Metrics by name; `entries` in order of their index, `isWhole` false where each is only the last of its name. */
export function metricRows(
  entries: readonly PlacedMetric[],
  runs: number,
  isWhole: boolean,
): Section<ComparedRow<MetricCell>> {
  const rows = gather(entries, runs)
    .map(({ step, name, of }) => ({ step, name, cells: of.map((each) => metricCell(each, isWhole)) }))
    .sort((a, b) => inOrder.compare(a.name, b.name) || inOrder.compare(a.step ?? "", b.step ?? ""));
  return cutRows(rows);
}

/** Artifacts by step and output name. */
export function artifactRows(entries: readonly PlacedArtifact[], runs: number): Section<ComparedRow<ArtifactCell>> {
  const rows = gather(entries, runs).map(({ step, name, of }) => ({
    step,
    name,
    cells: of.map(([entry]): ArtifactCell | null => {
      if (entry === undefined) return null;
      const { id, task, count, type, size, digest } = entry;
      return { id, task, count, type, size, digest };
    }),
  }));
  return cutRows(rows);
}

const countsOf = (entries: readonly PlacedStep[]): TaskCounts =>
  Object.fromEntries(entries.map(({ state, count }) => [state, count]));

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const extreme = (values: readonly (number | null)[], pick: (...values: number[]) => number): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : pick(...known);
};

function stepCell(entries: readonly PlacedStep[]): StepCell | null {
  const own = entries.filter(({ isIteration }) => !isIteration);
  const first = own.find(({ state }) => state === "failed") ?? own[0];
  if (first === undefined) return null;
  const iterations = entries.filter(({ isIteration }) => isIteration);
  const isOpen = own.some(({ open }) => open > 0);
  return {
    task: first.task,
    attempt: first.attempt,
    tasks: countsOf(own),
    iterations: iterations.length === 0 ? null : countsOf(iterations),
    startedAt: iso(
      extreme(
        own.map((each) => each.startedAt),
        Math.min,
      ),
    ),
    finishedAt: isOpen
      ? null
      : iso(
          extreme(
            own.map((each) => each.finishedAt),
            Math.max,
          ),
        ),
  };
}

/** Steps by path, in the order in which the first run that has them reached them. */
export function stepRows(entries: readonly PlacedStep[], runs: number): Section<ComparedStep> {
  const rows = new Map<string, PlacedStep[]>();
  for (const entry of [...entries].sort((a, b) => a.run - b.run || a.task - b.task)) {
    const row = rows.get(entry.step);
    if (row === undefined) rows.set(entry.step, [entry]);
    else row.push(entry);
  }
  return cutRows(
    [...rows].map(([step, of]) => ({
      step,
      name: of[0]?.name ?? step,
      kind: of[0]?.kind ?? "container",
      cells: Array.from({ length: runs }, (_, run) => stepCell(of.filter((entry) => entry.run === run))),
    })),
  );
}

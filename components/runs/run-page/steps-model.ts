/** Filtering and sorting of the step table: pure, by what stands in the address. */
import { TASK_STATES } from "@/server/domain/states";
import type { RunRow } from "./run-rows";

export const STEP_COLUMNS = ["step", "state", "started", "waited", "took", "attempts"] as const;
export type StepColumn = (typeof STEP_COLUMNS)[number];

export interface StepSort {
  readonly column: StepColumn;
  readonly isDescending: boolean;
}

/** `took.desc` → column and direction; null for the order of the run. */
export function parseSort(text: string | null): StepSort | null {
  const [name, direction] = (text ?? "").split(".");
  const column = STEP_COLUMNS.find((each) => each === name);
  return column === undefined ? null : { column, isDescending: direction === "desc" };
}

/** What a click on a column's head leads to: up, down, then the run's own order. */
export function nextSort(sort: StepSort | null, column: StepColumn): string | null {
  if (sort?.column !== column) return column;
  return sort.isDescending ? null : `${column}.desc`;
}

const between = (from: string | null, to: string | null, nowMs: number): number | null =>
  from === null ? null : (to === null ? nowMs : Date.parse(to)) - Date.parse(from);

/** Milliseconds from queued to started, or to now; null for what was never queued. */
const waitedMs = (row: RunRow, nowMs: number): number | null =>
  between(row.queuedAt, row.startedAt ?? row.finishedAt, nowMs);

const tookMs = (row: RunRow, nowMs: number): number | null => between(row.startedAt, row.finishedAt, nowMs);

/** Trouble first, then what goes on. */
const STATE_ORDER = ["failed", "canceling", "running", "queued", ...TASK_STATES];

const VALUE: { readonly [column in StepColumn]: (row: RunRow, nowMs: number) => string | number | null } = {
  step: (row) => row.name.toLowerCase(),
  state: (row) => (row.state === null ? null : STATE_ORDER.indexOf(row.state)),
  started: (row) => row.startedAt,
  waited: waitedMs,
  took: tookMs,
  attempts: (row) => row.attempt,
};

/** Rows that match every word, sorted; rows without a value come last in either direction. */
export function shownRows(
  rows: readonly RunRow[],
  query: string,
  sort: StepSort | null,
  nowMs: number,
): readonly RunRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matching =
    words.length === 0
      ? rows
      : rows.filter((row) => {
          const text =
            `${row.name} ${row.path} ${row.state ?? "not reached"} ${row.kind} ${row.reason?.message ?? ""}`.toLowerCase();
          return words.every((word) => text.includes(word));
        });
  if (sort === null) return matching;
  const value = VALUE[sort.column];
  const sign = sort.isDescending ? -1 : 1;
  return matching
    .map((row) => ({ row, key: value(row, nowMs) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
      return a.key < b.key ? -sign : a.key > b.key ? sign : 0;
    })
    .map(({ row }) => row);
}

/** Steps of compared runs as rows: state, how long they took, and how often they were tried. */
import { countsInWords } from "@/components/graph/state-counts";
import { stateWords } from "@/components/runs/run-status";
import { formatDuration } from "@/components/ui/format-time";
import { TASK_STATES, type TaskState } from "@/server/domain/states";
import type { ComparisonView, StepCell } from "@/server/domain/views/compare";
import { isSameTime, timeDelta } from "./numbers";
import { areEqual, type Cell, type Row, stepWords } from "./row";

/** What a fold of tasks shows as one: what went wrong before what goes on before what went well. */
const TELLING: readonly TaskState[] = ["failed", "running", "canceling", "queued", "pending", "canceled"];

function stateOf({ tasks }: StepCell): TaskState {
  const there = TASK_STATES.filter((state) => (tasks[state] ?? 0) > 0);
  return TELLING.find((state) => there.includes(state)) ?? there[0] ?? "pending";
}

/** From the first start to the last end; null while it goes on or where nothing ran. */
const tookMs = ({ startedAt, finishedAt }: StepCell): number | null =>
  startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);

const countOf = (cell: StepCell): number => Object.values(cell.tasks).reduce((sum, count) => sum + count, 0);

function words(cell: StepCell): string {
  const took = tookMs(cell);
  const time = took === null ? "" : formatDuration(took);
  if (cell.iterations !== null) return [countsInWords(cell.iterations), time].filter(Boolean).join(" · ");
  const many = countOf(cell) > 1 ? countsInWords(cell.tasks) : "";
  const tries = many === "" && cell.attempt > 1 ? `${cell.attempt} tries` : "";
  return [many, time, tries].filter(Boolean).join(" · ") || stateWords(stateOf(cell), null).toLowerCase();
}

/** What makes two cells differ, times apart. */
const outcome = (cell: StepCell | null): string =>
  cell === null ? "" : JSON.stringify([Object.entries(cell.tasks).sort(), cell.iterations, cell.attempt]);

function isEqualStep(cells: readonly (StepCell | null)[], baseline: number): boolean {
  if (!areEqual(cells.map(outcome))) return false;
  const base = cells[baseline] ?? null;
  return cells.every((cell) => isSameTime(base && tookMs(base), cell && tookMs(cell)));
}

/** Steps by path; the tasks of a loop are one row. */
export function stepRows({ runs, steps }: ComparisonView, baseline: number): Row[] {
  return steps.map(({ step, name, cells }) => {
    const base = cells[baseline] ?? null;
    const path = stepWords(step);
    return {
      key: `steps ${step}`,
      section: "steps",
      name,
      note: path === name ? null : path,
      isEqual: isEqualStep(cells, baseline),
      cells: runs.map((run, at): Cell | null => {
        const cell = cells[at];
        if (!cell) return null;
        const delta = at === baseline || base === null ? undefined : timeDelta(tookMs(base), tookMs(cell));
        const state = stateOf(cell);
        return {
          text: words(cell),
          title: `${stateWords(state, null)}, ${words(cell)}`,
          href: `/runs/${run.id}?task=${cell.task}`,
          state,
          ...(delta && { delta }),
        };
      }),
    };
  });
}

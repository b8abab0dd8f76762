/** What a list of runs is narrowed to, as it stands in the URL, and as the API is asked. */
import { createParser, parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";
import type { TableLayout } from "@/components/data-table/table-layout";
import { listParsers } from "@/components/lists/list-address";
import { isRunSort } from "@/server/domain/lists/run-sorts";
import type { RunState } from "@/server/domain/states";
import { namesIn } from "./run-facts";

/** A chip stands for one or two states: what is being canceled still runs. */
export const STATE_CHIPS = [
  "pending",
  "running",
  "succeeded",
  "failed",
  "canceled",
] as const satisfies readonly RunState[];
export type StateChip = (typeof STATE_CHIPS)[number];

export const chipStates = (chip: StateChip): readonly RunState[] =>
  chip === "running" ? ["running", "canceling"] : [chip];

const HOUR_MS = 3_600_000;
export const PERIODS = { "1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 168 * HOUR_MS, "30d": 720 * HOUR_MS } as const;
export const PERIOD_NAMES = Object.keys(PERIODS) as (keyof typeof PERIODS)[];

const parseAsSort = createParser<string>({
  parse: (text) => (isRunSort(text) ? text : null),
  serialize: (sort) => sort,
});

export const runFilterParsers = {
  q: parseAsString.withDefault("").withOptions({ history: "replace" }),
  state: parseAsArrayOf(parseAsStringLiteral(STATE_CHIPS)).withDefault([]),
  pipeline: parseAsString,
  experiment: parseAsString,
  since: parseAsStringLiteral(PERIOD_NAMES),
  archived: parseAsBoolean.withDefault(false),
  sort: parseAsSort.withDefault("created"),
  /** In its text form, which the server reads. */
  filter: parseAsString,
  ...listParsers,
};

export interface RunFilters {
  readonly q: string;
  readonly state: StateChip[];
  readonly pipeline: string | null;
  readonly experiment: string | null;
  readonly since: keyof typeof PERIODS | null;
  readonly archived: boolean;
  readonly filter: string | null;
  readonly sort: string;
  readonly dir: "asc" | "desc";
}

export const NO_FILTERS = { q: "", state: [], pipeline: null, experiment: null, since: null, filter: null };

/** Where a list stands: everywhere, or inside a pipeline or an experiment. */
export interface RunScope {
  readonly pipelineId?: string;
  readonly experimentId?: string;
  readonly recurringRunId?: string;
}

/** Whether anything narrows the list besides its scope and *archived*. */
export const isNarrowed = (filters: RunFilters): boolean =>
  filters.q !== "" ||
  filters.state.length > 0 ||
  filters.pipeline !== null ||
  filters.experiment !== null ||
  filters.since !== null ||
  filters.filter !== null;

/** Which runs a list is narrowed to, as the API is asked; `nowMs` is cut to the minute so that the same filter stays the same question. */
export function runChoice(filters: RunFilters, scope: RunScope, nowMs: number) {
  const pipelineId = scope.pipelineId ?? filters.pipeline;
  const experimentId = scope.experimentId ?? filters.experiment;
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  return {
    ...(filters.q ? { search: filters.q } : {}),
    ...(filters.state.length > 0 ? { states: filters.state.flatMap(chipStates) } : {}),
    ...(pipelineId ? { pipelineId } : {}),
    ...(experimentId ? { experimentId } : {}),
    ...(scope.recurringRunId ? { recurringRunId: scope.recurringRunId } : {}),
    ...(filters.since ? { createdAfter: new Date(minute - PERIODS[filters.since]).toISOString() } : {}),
    ...(filters.filter ? { where: filters.filter } : {}),
    archived: filters.archived,
  };
}
export type RunChoice = ReturnType<typeof runChoice>;

/** The question for a page: the choice, its order, and the facts that its columns show. */
export function listInput(choice: RunChoice, filters: RunFilters, layout: TableLayout) {
  const columns = layout.columns ?? [];
  return {
    ...choice,
    sort: filters.sort,
    direction: filters.dir,
    parameters: namesIn(columns, "param"),
    metrics: namesIn(columns, "metric"),
    limit: 50,
  };
}

/** The address of the whole list as a file, with the columns it shows. */
export function exportAddress(
  choice: RunChoice,
  { sort, dir }: RunFilters,
  columns: readonly string[],
  format: "csv" | "json",
): string {
  const { states = [], archived, ...rest } = choice;
  const query = new URLSearchParams({ ...rest, archived: String(archived), format, sort, direction: dir });
  for (const state of states) query.append("states", state);
  for (const column of columns) query.append("columns", column);
  return `/api/runs/export?${query}`;
}

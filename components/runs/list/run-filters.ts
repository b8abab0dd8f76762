/** What a list of runs is narrowed to, as it stands in the URL, and as the API is asked. */
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";
import type { RunState } from "@/server/domain/states";

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

/** By what a list of runs can be sorted here. */
export const LIST_SORTS = ["created", "finished", "name", "duration"] as const;

export const runFilterParsers = {
  q: parseAsString.withDefault("").withOptions({ history: "replace" }),
  state: parseAsArrayOf(parseAsStringLiteral(STATE_CHIPS)).withDefault([]),
  pipeline: parseAsString,
  experiment: parseAsString,
  since: parseAsStringLiteral(PERIOD_NAMES),
  archived: parseAsBoolean.withDefault(false),
  sort: parseAsStringLiteral(LIST_SORTS).withDefault("created"),
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
};

export interface RunFilters {
  readonly q: string;
  readonly state: StateChip[];
  readonly pipeline: string | null;
  readonly experiment: string | null;
  readonly since: keyof typeof PERIODS | null;
  readonly archived: boolean;
  readonly sort: (typeof LIST_SORTS)[number];
  readonly dir: "asc" | "desc";
}

/** Where a list stands: everywhere, or inside a pipeline or an experiment. */
export interface RunScope {
  readonly pipelineId?: string;
  readonly experimentId?: string;
}

/** Whether anything narrows the list besides its scope and *archived*. */
export const isNarrowed = (filters: RunFilters): boolean =>
  filters.q !== "" ||
  filters.state.length > 0 ||
  filters.pipeline !== null ||
  filters.experiment !== null ||
  filters.since !== null;

/** The question to the API; `nowMs` is cut to the minute so that the same filter stays the same question. */
export function listInput(filters: RunFilters, scope: RunScope, nowMs: number) {
  const pipelineId = scope.pipelineId ?? filters.pipeline;
  const experimentId = scope.experimentId ?? filters.experiment;
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  return {
    ...(filters.q ? { search: filters.q } : {}),
    ...(filters.state.length > 0 ? { states: filters.state.flatMap(chipStates) } : {}),
    ...(pipelineId ? { pipelineId } : {}),
    ...(experimentId ? { experimentId } : {}),
    ...(filters.since ? { createdAfter: new Date(minute - PERIODS[filters.since]).toISOString() } : {}),
    archived: filters.archived,
    sort: filters.sort,
    direction: filters.dir,
    limit: 50,
  };
}

/** Experiments as a list: filtered and sorted by their own columns, by the kept counts of their runs, and with how the last ones went. */
import { inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, runCount } from "@/db/schema";
import type { ExperimentSort } from "@/server/domain/lists/experiment-fields";
import type { Comparison } from "@/server/domain/lists/filter";
import type { RunState } from "@/server/domain/states";
import { contains } from "../conditions";
import type { ExperimentRow } from "../experiment-rows";
import { moment, number, text } from "./comparison-sql";
import { lastRunsOf, type RecentRun } from "./last-runs";
import { columnOrders, type ListOrder, type ListSource } from "./list-source";
import { countMatching, type ItemPage, matching, readKeys } from "./read-keys";
import type { TimedQuestion } from "./task-page";

const STATE = sql`iif(${experiment.archivedAt} is null, 'active', 'archived')`;

/** Runs that are not archived, from the counters. */
const runsIn = (...states: readonly RunState[]): SQL => {
  const wanted = states.length === 0 ? sql`1` : inArray(sql`c.state`, [...states]);
  return sql`(select coalesce(sum(c.count), 0) from ${runCount} c
    where c.experiment_key = ${experiment.key} and ${wanted} and c.is_archived = 0)`;
};
const RUNS = runsIn();
const RUNNING = runsIn("running", "canceling");
const SUCCEEDED = runsIn("succeeded");
const FAILED = runsIn("failed");

const COMPARE: { readonly [field: string]: (comparison: Comparison, nowMs: number) => SQL } = {
  text: (c) => {
    const words = "value" in c ? String(c.value) : "";
    return sql`(${contains(sql`${experiment.name}`, words)} or ${contains(sql`${experiment.description}`, words)}
      or ${experiment.id} = ${words})`;
  },
  state: (c) => text(STATE, c),
  name: (c) => text(sql`${experiment.name}`, c),
  description: (c) => text(sql`${experiment.description}`, c),
  runs: (c) => number(RUNS, c),
  running: (c) => number(RUNNING, c),
  succeeded: (c) => number(SUCCEEDED, c),
  failed: (c) => number(FAILED, c),
  last: (c, now) => moment(sql`${experiment.lastRunAt}`, c, now),
  created: (c, now) => moment(sql`${experiment.createdAt}`, c, now),
  archived: (c, now) => moment(sql`${experiment.archivedAt}`, c, now),
  id: (c) => text(sql`${experiment.id}`, c),
};

const { always, sometimes } = columnOrders(sql`${experiment}`, sql`${experiment.key}`);

/** By what an index has, or by a count that is summed for each experiment. */
const ORDERS: { readonly [sort in ExperimentSort]: ListOrder } = {
  last: sometimes(sql`${experiment.lastRunAt}`),
  created: always(sql`${experiment.createdAt}`),
  name: always(sql`${experiment.name} collate nocase`),
  runs: always(RUNS),
  running: always(RUNNING),
  succeeded: always(SUCCEEDED),
  failed: always(FAILED),
  archived: sometimes(sql`${experiment.archivedAt}`),
};

const experimentSource = (nowMs: number): ListSource => ({
  from: sql`${experiment}`,
  key: sql`${experiment.key}`,
  visible: sql`${experiment.deletedAt} is null`,
  compare: (comparison) => COMPARE[comparison.field]?.(comparison, nowMs) ?? sql`0`,
  arms: () => null,
  candidates: () => null,
  order: (sort) => ORDERS[sort as ExperimentSort] ?? ORDERS.last,
});

export interface ListedExperiment {
  readonly row: ExperimentRow;
  /** The newest first. */
  readonly lastRuns: readonly RecentRun[];
}

const LAST_RUNS = lastRunsOf(sql`r.experiment_key = ${experiment.key}`);

/** The experiments with these keys, in their order. */
function experimentsOf(db: Executor, keys: readonly number[]): ListedExperiment[] {
  if (keys.length === 0) return [];
  const rows = db
    .select({ row: experiment, lastRuns: LAST_RUNS })
    .from(experiment)
    .where(inArray(experiment.key, [...keys]))
    .all();
  const byKey = new Map(rows.map((one) => [one.row.key, one]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** A page of experiments. */
export function readExperimentItems(db: Executor, question: TimedQuestion): ItemPage<ListedExperiment> {
  const source = experimentSource(question.nowMs);
  const { keys, next } = readKeys(db, source, matching(db, source, question), question);
  return { items: experimentsOf(db, keys), next };
}

/** How many experiments match, up to 10,001. */
export function countExperiments(db: Executor, question: TimedQuestion): number {
  const source = experimentSource(question.nowMs);
  return countMatching(db, source, matching(db, source, question));
}

/** Lists of runs: filters, order, pages and totals. */
import { type SQL, sql } from "drizzle-orm";
import type { Db, Executor } from "@/db/client";
import { experiment, metric, pipeline, recurringRun, run, runCount, runRound, version } from "@/db/schema";
import type { PagePosition, RunField, RunPredicate, RunSortKey } from "@/server/domain/predicates";
import { allOf, condition, contains } from "./conditions";
import { COUNT_LIMIT, NOTHING, type PageRequest, readPage, type SortColumn, type SortedRow } from "./keyset";
import { type RunRow, runRowsOf } from "./run-rows";

/** A run that was canceled has failed in Kubeflow's eyes. */
const HISTORY = sql`(coalesce((select group_concat('PENDING,RUNNING,' || iif(r.state = 'succeeded', 'SUCCEEDED', 'FAILED'))
  || ',' from ${runRound} r where r.run_key = ${run.key}), '') || 'PENDING' || iif(${run.startedAt} is null, '', ',RUNNING')
  || iif(${run.finishedAt} is null, '', iif(${run.state} = 'succeeded', ',SUCCEEDED', ',FAILED')))`;

const FIELDS: { readonly [field in Exclude<RunField, "search">]: SQL } = {
  id: sql`${run.id}`,
  name: sql`${run.name}`,
  description: sql`${run.description}`,
  state: sql`${run.state}`,
  archived: sql`(${run.archivedAt} is not null)`,
  created: sql`${run.createdAt}`,
  createdSecond: sql`(${run.createdAt} / 1000)`,
  scheduledSecond: sql`(${run.scheduledAt} / 1000)`,
  finishedSecond: sql`(coalesce(${run.finishedAt}, 0) / 1000)`,
  experimentId: sql`(select e.id from ${experiment} e where e.key = ${run.experimentKey})`,
  pipelineId: sql`(select p.id from ${pipeline} p where p.key = ${run.pipelineKey})`,
  versionId: sql`(select v.id from ${version} v where v.key = ${run.versionKey})`,
  recurringRunId: sql`(select r.id from ${recurringRun} r where r.key = ${run.recurringRunKey})`,
  history: HISTORY,
  nothing: NOTHING.by,
};

const SORTS: { readonly [sort in Exclude<RunSortKey, `metric:${string}`>]: SortColumn } = {
  created: { by: sql`${run.createdAt}`, nullable: false },
  scheduled: { by: sql`${run.scheduledAt}`, nullable: false },
  finished: { by: sql`${run.finishedAt}`, nullable: true },
  duration: { by: sql`(${run.finishedAt} - ${run.startedAt})`, nullable: true },
  name: { by: sql`${run.name} collate nocase`, nullable: false },
  description: { by: sql`${run.description} collate nocase`, nullable: false },
  state: { by: sql`iif(${run.state} = 'canceled', 'failed', ${run.state})`, nullable: false },
  id: { by: sql`${run.id}`, nullable: false },
  storage: { by: sql`(${run.archivedAt} is null)`, nullable: false },
  experimentId: { by: sql`${run.experimentKey}`, nullable: false },
  recurringRunId: { by: sql`${run.recurringRunKey}`, nullable: true },
  history: { by: HISTORY, nullable: false },
  nothing: NOTHING,
};

/** By the value of a metric that was reported last; runs without it stand before all values. */
const byMetric = (name: string): SortColumn => ({
  by: sql`(select m.value from ${metric} m where m.run_key = ${run.key} and m.name = ${name} order by m.key desc limit 1)`,
  nullable: true,
});

const METRIC = "metric:";
const isFixed = (sort: RunSortKey): sort is keyof typeof SORTS => !sort.startsWith(METRIC);
const columnOf = (sort: RunSortKey): SortColumn => (isFixed(sort) ? SORTS[sort] : byMetric(sort.slice(METRIC.length)));

/** Ids of other nouns become one key lookup, so that the index on the run's own key serves the list. */
const OWNERS: { readonly [field in "experimentId" | "pipelineId" | "versionId"]: (id: string) => SQL } = {
  experimentId: (id) => sql`${run.experimentKey} = (select e.key from ${experiment} e where e.id = ${id})`,
  pipelineId: (id) => sql`${run.pipelineKey} = (select p.key from ${pipeline} p where p.id = ${id})`,
  versionId: (id) => sql`${run.versionKey} = (select v.key from ${version} v where v.id = ${id})`,
};

function runCondition(predicate: RunPredicate): SQL {
  const { field } = predicate;
  if (field === "search") {
    const text = predicate.operation === "contains" ? predicate.value : "";
    return sql`(${contains(FIELDS.name, text)} or ${run.id} = ${text})`;
  }
  if (field === "archived" && predicate.operation === "eq") {
    return predicate.value === 1 ? sql`${run.archivedAt} is not null` : sql`${run.archivedAt} is null`;
  }
  if (field === "name" && predicate.operation === "eq" && predicate.value !== null) {
    // The index on names ignores their case, which the order by name wants.
    return sql`${run.name} collate nocase = ${predicate.value} and ${run.name} = ${predicate.value}`;
  }
  const isOwner = field === "experimentId" || field === "pipelineId" || field === "versionId";
  if (isOwner && predicate.operation === "eq" && typeof predicate.value === "string") {
    return OWNERS[field](predicate.value);
  }
  return condition(FIELDS[field], predicate);
}

const matching = (predicates: readonly RunPredicate[]): SQL =>
  allOf([sql`${run.deletedAt} is null`, ...predicates.map(runCondition)]);

interface RunRequest extends PageRequest {
  readonly sort: RunSortKey;
  readonly predicates: readonly RunPredicate[];
}

const isStates = ({ field, operation }: RunPredicate): boolean => field === "state" && operation === "in";

/**
 * The matching runs as conditions of which exactly one holds: in the order of creation each state has an index of its
 * own, where several together would be read whole and sorted.
 */
function armsOf({ sort, predicates }: RunRequest): readonly SQL[] {
  const states = sort === "created" ? predicates.find(isStates) : undefined;
  if (states?.operation !== "in" || states.values.length === 0) return [matching(predicates)];
  const rest = matching(predicates.filter((predicate) => predicate !== states));
  return [...new Set(states.values)].map((state) => sql`${run.state} = ${state} and ${rest}`);
}

/** One page of the runs that match every predicate. */
export function listRunRows(db: Db, request: RunRequest): { rows: RunRow[]; next: PagePosition | null } {
  const column = columnOf(request.sort);
  const arms = armsOf(request);
  const page = readPage(column, sql`${run.key}`, request, ({ where, order, limit }) => {
    const each = arms.map(
      (arm) =>
        sql`select ${run.key} as key, ${column.by} as sortValue from ${run}
          where ${arm} and ${where} order by ${order} limit ${limit}`,
    );
    const [only] = each;
    const way = request.direction === "asc" ? sql`asc` : sql`desc`;
    const merged = () =>
      sql`select key, sortValue from (${sql.join(
        each.map((one) => sql`select * from (${one})`),
        sql` union all `,
      )}) order by sortValue ${way}, key ${way} limit ${limit}`;
    return db.all<SortedRow>(each.length === 1 && only ? only : merged());
  });
  const keys = page.rows.map(({ key }) => key);
  return { rows: runRowsOf(db, keys), next: page.next };
}

type Kept = (typeof runCount)["experimentKey" | "state" | "isArchived"];

/** The counter's column that answers for a predicate; undefined where runs have to be looked at. */
function keptCondition(predicate: RunPredicate): SQL | undefined {
  const { field, operation } = predicate;
  if (field === "experimentId" && operation === "eq") {
    return sql`${runCount.experimentKey} = (select e.key from ${experiment} e where e.id = ${predicate.value})`;
  }
  const kept: Kept | null = field === "state" ? runCount.state : field === "archived" ? runCount.isArchived : null;
  if (kept === null || (operation !== "eq" && operation !== "in")) return undefined;
  return condition(sql`${kept}`, predicate);
}

/** How many runs match; `exact` counts them all, otherwise counting stops at one more than the limit. */
export function countRunRows(db: Executor, predicates: readonly RunPredicate[], exact = false): number {
  const kept = predicates.map(keptCondition).filter((one) => one !== undefined);
  if (kept.length === predicates.length) {
    const summed = sql`select coalesce(sum(${runCount.count}), 0) as count from ${runCount} where ${allOf(kept)}`;
    return db.get<{ count: number }>(summed).count;
  }
  const limit = exact ? -1 : COUNT_LIMIT + 1;
  const counted = sql`select count(*) as count from (select 1 from ${run} where ${matching(predicates)} limit ${limit})`;
  return db.get<{ count: number }>(counted).count;
}

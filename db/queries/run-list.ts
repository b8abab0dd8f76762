/** Lists of runs: filters, order, pages and totals. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, recurringRun, run, version } from "@/db/schema";
import type { PagePosition, RunField, RunPredicate, RunSortKey } from "@/server/domain/predicates";
import { allOf, condition, contains } from "./conditions";
import { COUNT_LIMIT, type PageRequest, readPage, type SortColumn } from "./keyset";
import { type RunRow, readRunRows } from "./run-rows";

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
};

const SORTS: { readonly [sort in RunSortKey]: SortColumn } = {
  created: { by: sql`${run.createdAt}`, nullable: false },
  scheduled: { by: sql`${run.scheduledAt}`, nullable: false },
  finished: { by: sql`${run.finishedAt}`, nullable: true },
  duration: { by: sql`(${run.finishedAt} - ${run.startedAt})`, nullable: true },
  name: { by: sql`${run.name} collate nocase`, nullable: false },
  description: { by: sql`${run.description} collate nocase`, nullable: false },
  state: { by: sql`${run.state}`, nullable: false },
  id: { by: sql`${run.id}`, nullable: false },
  archived: { by: sql`(${run.archivedAt} is not null)`, nullable: false },
  experimentId: { by: sql`${run.experimentKey}`, nullable: false },
  recurringRunId: { by: sql`${run.recurringRunKey}`, nullable: true },
};

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
  const isOwner = field === "experimentId" || field === "pipelineId" || field === "versionId";
  if (isOwner && predicate.operation === "eq" && typeof predicate.value === "string") {
    return OWNERS[field](predicate.value);
  }
  return condition(FIELDS[field], predicate);
}

const matching = (predicates: readonly RunPredicate[]): SQL =>
  allOf([sql`${run.deletedAt} is null`, ...predicates.map(runCondition)]);

/** One page of the runs that match every predicate. */
export function listRunRows(
  db: Executor,
  request: PageRequest & { readonly sort: RunSortKey; readonly predicates: readonly RunPredicate[] },
): { rows: RunRow[]; next: PagePosition | null } {
  const column = SORTS[request.sort];
  const matches = matching(request.predicates);
  return readPage(column, sql`${run.key}`, request, ({ where, order, limit }) =>
    readRunRows(db, {
      where: sql`${matches} and ${where}`,
      order,
      limit,
      sortValue: sql<string | number | null>`${column.by}`,
    }).all(),
  );
}

/** How many runs match; `exact` counts them all, otherwise counting stops at one more than the limit. */
export function countRunRows(db: Executor, predicates: readonly RunPredicate[], exact = false): number {
  const limit = exact ? -1 : COUNT_LIMIT + 1;
  const counted = sql`select count(*) as count from (select 1 from ${run} where ${matching(predicates)} limit ${limit})`;
  return db.get<{ count: number }>(counted).count;
}

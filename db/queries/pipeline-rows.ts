/** Pipelines: rows, lists and writes. */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Executor } from "@/db/client";
import { pipeline, pipelineTag, run, runCount } from "@/db/schema";
import type { PagePosition, PipelineField, PipelinePredicate, PipelineSortKey } from "@/server/domain/predicates";
import type { RunState } from "@/server/domain/states";
import { allOf, condition, contains } from "./conditions";
import { COUNT_LIMIT, NOTHING, type PageRequest, readPage, type SortColumn } from "./keyset";
import { lastRunsOf } from "./lists/last-runs";

const lastRun = alias(run, "last_run");

const FIELDS: { readonly [field in Exclude<PipelineField, "search">]: SQL } = {
  id: sql`${pipeline.id}`,
  name: sql`${pipeline.name}`,
  displayName: sql`${pipeline.displayName}`,
  description: sql`${pipeline.description}`,
  createdSecond: sql`(${pipeline.createdAt} / 1000)`,
};

const SORTS: { readonly [sort in PipelineSortKey]: SortColumn } = {
  name: { by: sql`${pipeline.name} collate nocase`, nullable: false },
  displayName: { by: sql`${pipeline.displayName} collate nocase`, nullable: false },
  updated: { by: sql`${pipeline.updatedAt}`, nullable: false },
  created: { by: sql`${pipeline.createdAt}`, nullable: false },
  description: { by: sql`${pipeline.description} collate nocase`, nullable: false },
  id: { by: sql`${pipeline.id}`, nullable: false },
  nothing: NOTHING,
};

/** A pipeline's own runs by index. */
const LAST_RUN = sql`(select r.key from ${run} r where r.pipeline_key = ${pipeline.key} and r.deleted_at is null
  order by r.created_at desc, r.key desc limit 1)`;

/** How many runs of a pipeline there are, in these states or in any, from the kept counters. */
export const pipelineRunsIn = (...states: readonly RunState[]): SQL<number> => {
  const wanted = states.length === 0 ? sql`1` : inArray(sql`c.state`, [...states]);
  return sql<number>`(select coalesce(sum(c.count), 0) from ${runCount} c
    where c.pipeline_key = ${pipeline.key} and ${wanted})`;
};

const TAGS = sql`(select json_group_object(t.name, t.value)
  from (select name, value from ${pipelineTag} where pipeline_key = ${pipeline.key} order by name) t)`.mapWith(
  (text: string): { readonly [name: string]: string } => JSON.parse(text),
);
const LAST_RUNS = lastRunsOf(sql`r.pipeline_key = ${pipeline.key}`);

function selectPipelines(db: Executor, sortValue: SQL<string | number | null>) {
  return db
    .select({
      key: pipeline.key,
      id: pipeline.id,
      name: pipeline.name,
      displayName: pipeline.displayName,
      description: pipeline.description,
      fileMode: pipeline.fileMode,
      cache: pipeline.cache,
      profile: pipeline.profile,
      createdAt: pipeline.createdAt,
      updatedAt: pipeline.updatedAt,
      deletedAt: pipeline.deletedAt,
      lastRunId: lastRun.id,
      lastRunState: lastRun.state,
      lastRunAt: lastRun.createdAt,
      lastRuns: LAST_RUNS,
      runCount: pipelineRunsIn(),
      tags: TAGS,
      sortValue,
    })
    .from(pipeline)
    .leftJoin(lastRun, sql`${lastRun.key} = ${LAST_RUN}`);
}

export type PipelineRow = ReturnType<ReturnType<typeof selectPipelines>["all"]>[number];

export interface TagFilter {
  readonly name: string;
  readonly value: string;
}

export interface PipelineFilter {
  readonly predicates: readonly PipelinePredicate[];
  readonly tags?: readonly TagFilter[];
}

function pipelineCondition(predicate: PipelinePredicate): SQL {
  const { field } = predicate;
  if (field !== "search") return condition(FIELDS[field], predicate);
  const text = predicate.operation === "contains" ? predicate.value : "";
  return sql`(${contains(FIELDS.displayName, text)} or ${contains(FIELDS.description, text)})`;
}

const hasTag = ({ name, value }: TagFilter): SQL =>
  sql`exists (select 1 from ${pipelineTag} t where t.pipeline_key = ${pipeline.key} and t.name = ${name} and t.value = ${value})`;

const matching = ({ predicates, tags = [] }: PipelineFilter): SQL =>
  allOf([sql`${pipeline.deletedAt} is null`, ...predicates.map(pipelineCondition), ...tags.map(hasTag)]);

/** One page of the pipelines that match. */
export function listPipelineRows(
  db: Executor,
  request: PageRequest & PipelineFilter & { readonly sort: PipelineSortKey },
): { rows: PipelineRow[]; next: PagePosition | null } {
  const column = SORTS[request.sort];
  const matches = matching(request);
  return readPage(column, sql`${pipeline.key}`, request, ({ where, order, limit }) =>
    selectPipelines(db, sql<string | number | null>`${column.by}`)
      .where(sql`${matches} and ${where}`)
      .orderBy(order)
      .limit(limit)
      .all(),
  );
}

/** How many pipelines match; `exact` counts them all. */
export function countPipelineRows(db: Executor, filter: PipelineFilter, exact = false): number {
  const limit = exact ? -1 : COUNT_LIMIT + 1;
  return db.get<{ count: number }>(
    sql`select count(*) as count from (select 1 from ${pipeline} where ${matching(filter)} limit ${limit})`,
  ).count;
}

/** The pipelines with these keys, in their order. */
export function pipelinesByKey(db: Executor, keys: readonly number[]): PipelineRow[] {
  if (keys.length === 0) return [];
  const rows = selectPipelines(db, sql`null`)
    .where(inArray(pipeline.key, [...keys]))
    .all();
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** The pipeline with this id; a deleted one only when asked for. */
export function findPipeline(db: Executor, id: string, options: { deleted?: boolean } = {}): PipelineRow | undefined {
  const live = options.deleted ? sql`1` : sql`${pipeline.deletedAt} is null`;
  return selectPipelines(db, sql`null`).where(sql`${pipeline.id} = ${id} and ${live}`).get();
}

/** The pipeline with this unique name. */
export function findPipelineByName(db: Executor, name: string): PipelineRow | undefined {
  return selectPipelines(db, sql`null`).where(sql`${pipeline.name} = ${name} and ${pipeline.deletedAt} is null`).get();
}

/** Ids of the pipelines made from bundled examples, by the example's id. */
export function pipelinesOfExamples(db: Executor): ReadonlyMap<string, string> {
  const rows = db
    .select({ id: pipeline.id, exampleId: pipeline.exampleId })
    .from(pipeline)
    .where(sql`${pipeline.exampleId} is not null and ${pipeline.deletedAt} is null`)
    .all();
  return new Map(rows.map(({ id, exampleId }) => [exampleId ?? "", id]));
}

export type NewPipeline = Omit<typeof pipeline.$inferInsert, "key" | "deletedAt">;

/** Adds a pipeline and returns its key. */
export function insertPipeline(db: Executor, row: NewPipeline): number {
  return db.insert(pipeline).values(row).returning({ key: pipeline.key }).get().key;
}

export type PipelineChange = Partial<
  Pick<NewPipeline, "name" | "displayName" | "description" | "exampleId" | "fileMode" | "cache">
>;

/** Changes columns of a pipeline and moves its time of change. */
export function updatePipelineRow(
  db: Executor,
  key: number,
  change: PipelineChange & { readonly updatedAt: Date },
): void {
  db.update(pipeline).set(change).where(eq(pipeline.key, key)).run();
}

/** Replaces the whole set of tags. */
export function replaceTags(db: Executor, key: number, tags: { readonly [name: string]: string }): void {
  db.delete(pipelineTag).where(eq(pipelineTag.pipelineKey, key)).run();
  for (const [name, value] of Object.entries(tags)) {
    db.insert(pipelineTag).values({ pipelineKey: key, name, value }).run();
  }
}

/** Soft deletion and its undoing; false when the pipeline was not in the state that this changes. */
export function setPipelineDeleted(db: Executor, key: number, deletedAt: Date | null): boolean {
  const from = deletedAt === null ? sql`${pipeline.deletedAt} is not null` : sql`${pipeline.deletedAt} is null`;
  return (
    db
      .update(pipeline)
      .set({ deletedAt })
      .where(and(eq(pipeline.key, key), from))
      .run().changes > 0
  );
}

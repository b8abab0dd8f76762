/** Versions: narrow rows for lists, and the heavy parts read one at a time. */
import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { pipeline, version, versionFile, versionSpec, versionTag } from "@/db/schema";
import type { PipelineGraph, Problem } from "@/pipelines/graph";
import type { PagePosition, VersionField, VersionPredicate, VersionSortKey } from "@/server/domain/predicates";
import type { VersionSummary } from "@/server/domain/views/pipelines";
import { allOf, condition } from "./conditions";
import { COUNT_LIMIT, type PageRequest, readPage, type SortColumn } from "./keyset";
import type { TagFilter } from "./pipeline-rows";

const SPEC_TEXT = sql`(select s.text from ${versionSpec} s where s.version_key = ${version.key})`;

const FIELDS: { readonly [field in VersionField]: SQL } = {
  id: sql`${version.id}`,
  name: sql`${version.name}`,
  displayName: sql`${version.displayName}`,
  description: sql`${version.description}`,
  createdSecond: sql`(${version.createdAt} / 1000)`,
  state: sql`${version.state}`,
  spec: SPEC_TEXT,
};

const SORTS: { readonly [sort in VersionSortKey]: SortColumn } = {
  number: { by: sql`${version.number}`, nullable: false },
  name: { by: sql`${version.name} collate nocase`, nullable: false },
  displayName: { by: sql`${version.displayName} collate nocase`, nullable: false },
  created: { by: sql`${version.createdAt}`, nullable: false },
  description: { by: sql`${version.description} collate nocase`, nullable: false },
  id: { by: sql`${version.id}`, nullable: false },
  state: { by: sql`${version.state}`, nullable: false },
  // A page token holds what a list is sorted by, so a text takes part with its beginning.
  spec: { by: sql`substr(${SPEC_TEXT}, 1, 200)`, nullable: false },
};

/** `missing` is read for Incomplete versions only: it lies behind the graph, which a list must not touch. */
function selectVersions(db: Executor, sortValue: SQL<string | number | null>) {
  return db
    .select({
      key: version.key,
      id: version.id,
      pipelineKey: version.pipelineKey,
      number: version.number,
      name: version.name,
      displayName: version.displayName,
      description: version.description,
      state: version.state,
      format: version.format,
      formatVersion: version.formatVersion,
      createdAt: version.createdAt,
      digest: version.digest,
      stepCount: version.stepCount,
      codeSourceUrl: version.codeSourceUrl,
      missing: versionSpec.missing,
      sortValue,
    })
    .from(version)
    .leftJoin(versionSpec, and(eq(versionSpec.versionKey, version.key), eq(version.state, "incomplete")));
}

export type VersionRow = ReturnType<ReturnType<typeof selectVersions>["all"]>[number];

/** The view of a row. */
export function versionSummary(row: VersionRow): VersionSummary {
  return {
    id: row.id,
    number: row.number,
    name: row.displayName,
    description: row.description,
    state: row.state,
    format: row.format,
    formatVersion: row.formatVersion,
    createdAt: row.createdAt.toISOString(),
    digest: row.digest,
    stepCount: row.stepCount,
    missing: row.missing ?? [],
  };
}

export interface VersionFilter {
  readonly predicates: readonly VersionPredicate[];
  readonly tags?: readonly TagFilter[];
}

export interface VersionListRequest extends PageRequest, VersionFilter {
  readonly pipelineKey: number;
  readonly sort: VersionSortKey;
}

const hasTag = ({ name, value }: TagFilter): SQL =>
  sql`exists (select 1 from ${versionTag} t where t.version_key = ${version.key} and t.name = ${name} and t.value = ${value})`;

const matching = (pipelineKey: number, { predicates, tags = [] }: VersionFilter): SQL =>
  allOf([
    sql`${version.pipelineKey} = ${pipelineKey} and ${version.deletedAt} is null`,
    ...predicates.map((predicate) => condition(FIELDS[predicate.field], predicate)),
    ...tags.map(hasTag),
  ]);

/** One page of a pipeline's versions. */
export function listVersionRows(
  db: Executor,
  request: VersionListRequest,
): { rows: VersionRow[]; next: PagePosition | null } {
  const column = SORTS[request.sort];
  const matches = matching(request.pipelineKey, request);
  return readPage(column, sql`${version.key}`, request, ({ where, order, limit }) =>
    selectVersions(db, sql<string | number | null>`${column.by}`)
      .where(sql`${matches} and ${where}`)
      .orderBy(order)
      .limit(limit)
      .all(),
  );
}

/** How many versions of a pipeline match; `exact` counts them all. */
export function countVersionRows(db: Executor, pipelineKey: number, filter: VersionFilter, exact = false): number {
  const limit = exact ? -1 : COUNT_LIMIT + 1;
  const where = matching(pipelineKey, filter);
  return db.get<{ count: number }>(
    sql`select count(*) as count from (select 1 from ${version} where ${where} limit ${limit})`,
  ).count;
}

const LIVE = sql`${version.deletedAt} is null and not exists (select 1 from ${pipeline} p
  where p.key = ${version.pipelineKey} and p.deleted_at is not null)`;

/** The version with this id; one that was deleted, or whose pipeline was, only when asked for. */
export function findVersion(db: Executor, id: string, options: { deleted?: boolean } = {}): VersionRow | undefined {
  const live = options.deleted ? sql`1` : LIVE;
  return selectVersions(db, sql`null`).where(sql`${version.id} = ${id} and ${live}`).get();
}

/** A pipeline's version by number, or its newest. */
export function findVersionOf(db: Executor, pipelineKey: number, number?: number): VersionRow | undefined {
  const wanted = number === undefined ? sql`1` : sql`${version.number} = ${number}`;
  return selectVersions(db, sql`null`)
    .where(sql`${version.pipelineKey} = ${pipelineKey} and ${version.deletedAt} is null and ${wanted}`)
    .orderBy(sql`${version.number} desc`)
    .limit(1)
    .get();
}

/** The unlisted version with this digest. */
export function findUnlistedVersion(db: Executor, digest: string): VersionRow | undefined {
  return selectVersions(db, sql`null`)
    .where(sql`${version.pipelineKey} is null and ${version.digest} = ${digest}`)
    .get();
}

/** Newest versions and numbers of versions of several pipelines, by the pipeline's key. */
export function latestVersions(
  db: Executor,
  pipelineKeys: readonly number[],
): ReadonlyMap<number, { readonly latest: VersionRow; readonly count: number }> {
  if (pipelineKeys.length === 0) return new Map();
  const own = sql`v.pipeline_key = ${pipeline.key} and v.deleted_at is null`;
  const newest = db
    .select({
      key: sql<number>`(select v.key from ${version} v where ${own} order by v.number desc limit 1)`,
    })
    .from(pipeline)
    .where(inArray(pipeline.key, [...pipelineKeys]));
  const count = sql<number>`(select count(*) from ${version} v where v.pipeline_key = ${version.pipelineKey}
    and v.deleted_at is null)`;
  const rows = selectVersions(db, count).where(inArray(version.key, newest)).all();
  return new Map(
    rows.flatMap((row) =>
      row.pipelineKey === null ? [] : [[row.pipelineKey, { latest: row, count: Number(row.sortValue) }]],
    ),
  );
}

/** Highest number ever given in a pipeline, deleted versions included; 0 before the first. */
export function highestNumber(db: Executor, pipelineKey: number): number {
  const where = sql`${version.pipelineKey} = ${pipelineKey}`;
  return (
    db.get<{ number: number | null }>(sql`select max(${version.number}) as number from ${version} where ${where}`)
      .number ?? 0
  );
}

/** Whether a live version of the pipeline has this name. */
export function hasVersionNamed(db: Executor, pipelineKey: number, name: string): boolean {
  const where = sql`${version.pipelineKey} = ${pipelineKey} and ${version.deletedAt} is null and ${version.name} = ${name}`;
  return db.get(sql`select 1 from ${version} where ${where}`) !== undefined;
}

/** The pipeline a version belongs to, also a deleted one. */
export function pipelineOfVersion(db: Executor, versionKey: number): { id: string; name: string } | undefined {
  return db
    .select({ id: pipeline.id, name: pipeline.displayName })
    .from(version)
    .innerJoin(pipeline, eq(pipeline.key, version.pipelineKey))
    .where(eq(version.key, versionKey))
    .get();
}

export interface VersionSpecRow {
  readonly specFile: string;
  readonly graph: PipelineGraph;
  readonly problems: readonly Problem[];
  readonly missing: readonly string[];
}

/** Whether what was read back is a graph at all: damaged text reads as null. */
const isGraph = (graph: PipelineGraph | null): boolean =>
  [graph?.steps, graph?.parameters, graph?.needs].every(Array.isArray) &&
  graph?.steps.every((step) => step?.body !== undefined && step.interface !== undefined) === true;

/** Graph, problems and missing files of a version, without its text; undefined when they are not there or damaged. */
export function specOfVersion(db: Executor, versionKey: number): VersionSpecRow | undefined {
  const row = db
    .select({
      specFile: versionSpec.specFile,
      graph: versionSpec.graph,
      problems: versionSpec.problems,
      missing: versionSpec.missing,
    })
    .from(versionSpec)
    .where(eq(versionSpec.versionKey, versionKey))
    .get();
  if (row === undefined || !isGraph(row.graph)) return undefined;
  return { ...row, problems: row.problems ?? [], missing: row.missing ?? [] };
}

/** The pipeline text of a version, as uploaded. */
export function textOfVersion(db: Executor, versionKey: number): { file: string; text: string } | undefined {
  return db
    .select({ file: versionSpec.specFile, text: versionSpec.text })
    .from(versionSpec)
    .where(eq(versionSpec.versionKey, versionKey))
    .get();
}

export type FileRow = Pick<typeof versionFile.$inferSelect, "path" | "size" | "digest" | "isExecutable">;

/** Files of a version by path. */
export function filesOfVersion(db: Executor, versionKey: number): FileRow[] {
  return db
    .select({
      path: versionFile.path,
      size: versionFile.size,
      digest: versionFile.digest,
      isExecutable: versionFile.isExecutable,
    })
    .from(versionFile)
    .where(eq(versionFile.versionKey, versionKey))
    .orderBy(asc(versionFile.path))
    .all();
}

/** Pipelines and versions as the Kubeflow API lists and reads them. */
import {
  countPipelineRows,
  findPipelineByName,
  listPipelineRows,
  type PipelineRow,
  type TagFilter,
} from "@/db/queries/pipeline-rows";
import {
  countVersionRows,
  findVersion,
  findVersionOf,
  listVersionRows,
  pipelineOfVersion,
  type VersionRow,
} from "@/db/queries/version-rows";
import { tagsOfVersions } from "@/db/queries/version-tags";
import type { JsonValue } from "@/pipelines/graph";
import type { PipelinePredicate, PipelineSortKey, VersionPredicate, VersionSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { pipelineRow } from "../pipelines/get-pipeline";
import type { ListAnswer, ListQuery } from "./query-runs";
import { specDocuments } from "./spec-documents";

export type PipelineRecord = PipelineRow;

export interface VersionRecord extends VersionRow {
  readonly pipelineId: string;
  readonly tags: { readonly [name: string]: string };
  readonly documents: readonly JsonValue[];
}

/** A page of pipelines. */
export function queryPipelines(
  context: Context,
  query: ListQuery<PipelineSortKey, PipelinePredicate> & { readonly tags: readonly TagFilter[] },
): ListAnswer<PipelineRecord> {
  const { rows, next } = listPipelineRows(context.db, query);
  return { records: rows, next, total: countPipelineRows(context.db, query, true) };
}

/** One pipeline by its id. Throws `not-found`. */
export const readPipelineRecord = (context: Context, id: string): PipelineRecord => pipelineRow(context, id);

/** One pipeline by its unique name. Throws `not-found`. */
export function readPipelineByName(context: Context, name: string): PipelineRecord {
  const row = findPipelineByName(context.db, name);
  if (row === undefined) throw new ProblemError("not-found", `Pipeline ${name} not found`);
  return row;
}

/** Records of versions; their texts are read one by one, their tags at once. */
function versionRecords(context: Context, rows: readonly VersionRow[], pipelineId: string): Promise<VersionRecord[]> {
  const tags = tagsOfVersions(
    context.db,
    rows.map((row) => row.key),
  );
  return Promise.all(
    rows.map(async (row) => {
      const documents = row.format === "kfp" ? await specDocuments(context, row.key) : [];
      return { ...row, pipelineId, tags: tags.get(row.key) ?? {}, documents };
    }),
  );
}

/** A page of a pipeline's versions. Throws `not-found`. */
export async function queryVersions(
  context: Context,
  pipelineId: string,
  query: ListQuery<VersionSortKey, VersionPredicate> & { readonly tags: readonly TagFilter[] },
): Promise<ListAnswer<VersionRecord>> {
  const { key: pipelineKey } = pipelineRow(context, pipelineId);
  const { rows, next } = listVersionRows(context.db, { ...query, pipelineKey });
  return {
    records: await versionRecords(context, rows, pipelineId),
    next,
    total: countVersionRows(context.db, pipelineKey, query, true),
  };
}

const versionNotFound = (id: string): ProblemError => new ProblemError("not-found", `PipelineVersion ${id} not found`);

/** One version by its id. Throws `not-found`. */
export async function readVersion(context: Context, id: string): Promise<VersionRecord> {
  const row = findVersion(context.db, id);
  if (row === undefined) throw versionNotFound(id);
  const pipelineId = pipelineOfVersion(context.db, row.key)?.id ?? "";
  const [record] = await versionRecords(context, [row], pipelineId);
  if (record === undefined) throw new Error("one row makes one record");
  return record;
}

/** The pipeline that a version belongs to, by their ids. Throws `not-found`. */
export function pipelineIdOf(context: Context, versionId: string): string {
  const row = findVersion(context.db, versionId);
  if (row === undefined) throw versionNotFound(versionId);
  return pipelineOfVersion(context.db, row.key)?.id ?? "";
}

/** The newest version of a pipeline; undefined when all were deleted. Throws `not-found` for the pipeline. */
export const newestVersion = (context: Context, pipelineId: string): VersionRow | undefined =>
  findVersionOf(context.db, pipelineRow(context, pipelineId).key);

/** Pipelines and versions over the Kubeflow API. */
import type { PipelineField, PipelineSortKey, VersionField, VersionSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import {
  newestVersion,
  queryPipelines,
  queryVersions,
  readPipelineByName,
  readPipelineRecord,
  readVersion,
} from "@/server/services/kubeflow/query-pipelines";
import { deletePipeline, deleteVersion } from "@/server/services/pipelines/delete-pipeline";
import type { Call } from "./call";
import type { JsonObject } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { pipelineJson, versionJson } from "./resources";

const PIPELINES: ListShape<PipelineField, PipelineSortKey> = {
  resource: "Pipeline",
  hasTags: true,
  sorts: {
    id: "id",
    pipeline_id: "id",
    name: "name",
    display_name: "displayName",
    created_at: "created",
    description: "description",
  },
  keys: {
    id: { field: "id", as: "text" },
    pipeline_id: { field: "id", as: "text" },
    name: { field: "name", as: "text" },
    display_name: { field: "displayName", as: "text" },
    description: { field: "description", as: "text" },
    created_at: { field: "createdSecond", as: "second" },
    namespace: { as: "ignored" },
  },
};

const VERSIONS: ListShape<VersionField, VersionSortKey> = {
  resource: "PipelineVersion",
  sorts: {
    id: "id",
    pipeline_version_id: "id",
    name: "name",
    display_name: "displayName",
    created_at: "created",
    description: "description",
    status: "state",
  },
  keys: {
    id: { field: "id", as: "text" },
    pipeline_version_id: { field: "id", as: "text" },
    name: { field: "name", as: "text" },
    display_name: { field: "displayName", as: "text" },
    description: { field: "description", as: "text" },
    created_at: { field: "createdSecond", as: "second" },
    status: {
      field: "state",
      as: "words",
      words: { READY: ["runnable"], CREATING: ["incomplete"], DELETING: [] },
    },
  },
};

/** Python sends `True`. */
const isTrue = (text: string | null): boolean => ["1", "t", "T", "true", "True", "TRUE"].includes(text ?? "");

export function listPipelines({ context, query }: Call): JsonObject {
  const listing = readListing(context, PIPELINES, query);
  const { records, next, total } = queryPipelines(context, listing);
  return listAnswer("pipelines", records.map(pipelineJson), total, listing.next(next));
}

export const getPipeline = ({ context, part }: Call): JsonObject =>
  pipelineJson(readPipelineRecord(context, part("pipeline_id")));

export const getPipelineByName = ({ context, part }: Call): JsonObject =>
  pipelineJson(readPipelineByName(context, part("name")));

export async function removePipeline({ context, query, part }: Call): Promise<JsonObject> {
  const id = part("pipeline_id");
  const newest = newestVersion(context, id);
  if (newest !== undefined && !isTrue(query.get("cascade"))) {
    throw new ProblemError(
      "invalid",
      `Pipeline ${id} cannot be deleted as it has existing pipeline versions (e.g. ${newest.id}). Set cascade=true to delete all versions`,
    );
  }
  return deletePipeline(context, id);
}

export async function listVersions({ context, query, part }: Call): Promise<JsonObject> {
  const id = part("pipeline_id");
  const listing = readListing(context, VERSIONS, query, id);
  const { records, next, total } = await queryVersions(context, id, listing);
  return listAnswer("pipeline_versions", records.map(versionJson), total, listing.next(next));
}

/** The version's id alone counts: Kubeflow reads it whatever pipeline the path names. */
export const getVersion = async ({ context, part }: Call): Promise<JsonObject> =>
  versionJson(await readVersion(context, part("version_id")));

export async function removeVersion({ context, part }: Call): Promise<JsonObject> {
  await deleteVersion(context, part("version_id"));
  return {};
}

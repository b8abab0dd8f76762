/** Versions of pipelines over the Kubeflow API. */
import type { VersionField, VersionSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import {
  pipelineIdOf,
  queryVersions,
  readPipelineRecord,
  readVersion,
} from "@/server/services/kubeflow/query-pipelines";
import { deleteVersion } from "@/server/services/pipelines/delete-pipeline";
import { updateVersion } from "@/server/services/pipelines/update-version";
import type { Call } from "./call";
import { checkTitle, type JsonObject, message, readBody, tagsOf, text } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { versionJson } from "./resources";
import { VERSION_WORDS } from "./states";

const VERSIONS: ListShape<VersionField, VersionSortKey> = {
  resource: "PipelineVersion",
  hasTags: true,
  sorts: {
    id: "id",
    pipeline_version_id: "id",
    name: "name",
    display_name: "displayName",
    created_at: "created",
    description: "description",
    status: "state",
    pipeline_spec: "spec",
  },
  keys: {
    id: { field: "id", as: "text" },
    pipeline_version_id: { field: "id", as: "text" },
    name: { field: "name", as: "text" },
    display_name: { field: "displayName", as: "text" },
    description: { field: "description", as: "text" },
    created_at: { field: "createdSecond", as: "second" },
    status: { field: "state", as: "words", words: VERSION_WORDS },
    pipeline_spec: { field: "spec", as: "text" },
  },
};

/** What is said to a version that should be fetched from an address. */
export function importIsOff(version: JsonObject): ProblemError {
  const url = text(message(version.package_url, "package_url").pipeline_url, "pipeline_url");
  if (url === "")
    return new ProblemError("invalid", "package_url.pipeline_url: Pipeline URL is empty. Please specify a valid URL");
  return new ProblemError(
    "invalid",
    "package_url.pipeline_url: Pipeline URL validation failed: this server fetches no pipelines. Upload the file instead",
  );
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
  const id = part("version_id");
  // Our own words for a missing version are others than Kubeflow's.
  pipelineIdOf(context, id);
  await deleteVersion(context, id);
  return {};
}

/** `POST /pipelines/{id}/versions`: a version that lies at an address, which nothing is fetched from. */
export async function importVersion({ context, request, part }: Call): Promise<JsonObject> {
  const body = await readBody(request);
  readPipelineRecord(context, part("pipeline_id"));
  tagsOf(body.tags);
  throw importIsOff(body);
}

/** `PATCH`: another title unless it is empty, other tags unless they are absent; all else is left alone. */
export async function changeVersion({ context, request, part }: Call): Promise<JsonObject> {
  const id = part("version_id");
  const body = await readBody(request);
  const displayName = text(body.display_name, "display_name") || undefined;
  checkTitle(displayName ?? "");
  await updateVersion(context, id, { displayName, tags: tagsOf(body.tags) });
  return versionJson(await readVersion(context, id));
}

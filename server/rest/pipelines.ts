/** Pipelines over the Kubeflow API. */
import type { PipelineField, PipelineSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import {
  newestVersion,
  queryPipelines,
  readPipelineByName,
  readPipelineRecord,
} from "@/server/services/kubeflow/query-pipelines";
import { createPipeline } from "@/server/services/pipelines/create-pipeline";
import { deletePipeline } from "@/server/services/pipelines/delete-pipeline";
import { updatePipeline } from "@/server/services/pipelines/update-pipeline";
import type { Call } from "./call";
import { checkLength, checkTitle, type JsonObject, message, readBody, tagsOf, text } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { once } from "./once";
import { pipelineJson } from "./resources";
import { importIsOff } from "./versions";

/** Bytes, as Kubeflow counts them. */
const MAX_NAME = 128;

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
    namespace: "nothing",
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

interface Named {
  readonly name: string;
  readonly displayName: string;
}

/** The two names of a message, each of which stands in for the other. Throws `invalid` without any. */
function namesOf(body: JsonObject): Named {
  const name = text(body.name, "name");
  const displayName = text(body.display_name, "display_name");
  if (name === "" && displayName === "") throw new ProblemError("invalid", "name is required");
  checkLength("Pipeline.Name", name || displayName, MAX_NAME);
  checkTitle(displayName);
  return { name: name || displayName, displayName: displayName || name };
}

/** `POST /pipelines`: a pipeline that has no version yet. */
export async function addPipeline(call: Call): Promise<JsonObject> {
  const { context, request } = call;
  const body = await readBody(request);
  const wanted = { ...namesOf(body), description: text(body.description, "description"), tags: tagsOf(body.tags) };
  const id = await once(call, "pipeline", body, (requestKey) => createPipeline(context, { ...wanted, requestKey }));
  return pipelineJson(readPipelineRecord(context, id));
}

/** `POST /pipelines/create`: a pipeline with the version that lies at an address, which nothing is fetched from. */
export async function importPipeline({ request }: Call): Promise<JsonObject> {
  const body = await readBody(request);
  namesOf(message(body.pipeline, "pipeline"));
  const version = message(body.pipeline_version, "pipeline_version");
  tagsOf(version.tags);
  throw importIsOff(version);
}

/** `PATCH`: another title unless it is empty, other tags unless they are absent; all else is left alone. */
export async function changePipeline({ context, request, part }: Call): Promise<JsonObject> {
  const id = part("pipeline_id");
  const body = await readBody(request);
  const displayName = text(body.display_name, "display_name") || undefined;
  checkTitle(displayName ?? "");
  await updatePipeline(context, { id, displayName, tags: tagsOf(body.tags) });
  return pipelineJson(readPipelineRecord(context, id));
}

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

/** Uploads over the Kubeflow API: one multipart file, everything else in the query. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Tags } from "@/server/domain/inputs";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "@/server/services/context";
import { readPipelineRecord, readVersion } from "@/server/services/kubeflow/query-pipelines";
import { storePackage } from "@/server/services/kubeflow/store-package";
import { updatePipeline } from "@/server/services/pipelines/update-pipeline";
import type { ReceivedFile } from "@/server/services/uploads/store-upload";
import type { Call } from "./call";
import type { JsonObject } from "./json";
import { pipelineJson, versionJson } from "./resources";

const MAX_PACKAGE = 32 * 1024 * 1024;
const MAX_NAME = 128;

async function uploadedFile(request: Request): Promise<File> {
  const form = await request.formData().catch(() => {
    throw new ProblemError("invalid", "Failed to read the multipart form of the upload");
  });
  const file = form.get("uploadfile");
  if (!(file instanceof File)) throw new ProblemError("invalid", "The multipart form has no file named uploadfile");
  if (file.size > MAX_PACKAGE) {
    throw new ProblemError("too-large", `File size too large. Maximum supported size: ${MAX_PACKAGE} bytes`);
  }
  return file;
}

async function withReceived<T>(context: Context, file: File, use: (received: ReceivedFile) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(context.dataDir.tmp, "package-"));
  try {
    const bytes = Buffer.from(await file.arrayBuffer());
    const tmpFile = join(folder, "package");
    await writeFile(tmpFile, bytes, { mode: 0o600 });
    const path = file.name.replace(/^.*[/\\]/, "") || "pipeline.yaml";
    return await use({ path, tmpFile, size: bytes.length, digest: createHash("sha256").update(bytes).digest("hex") });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function nameOf(query: URLSearchParams, file: ReceivedFile): { name: string; displayName: string } {
  const name = query.get("name") || query.get("display_name") || file.path;
  if (Buffer.byteLength(name) > MAX_NAME) {
    throw new ProblemError("invalid", `The name ${name.slice(0, 40)}… is longer than ${MAX_NAME} bytes`);
  }
  return { name, displayName: query.get("display_name") || name };
}

function tagsOf(query: URLSearchParams): Tags | undefined {
  const text = query.get("tags");
  if (!text) return undefined;
  try {
    return Tags.parse(JSON.parse(text));
  } catch {
    throw new ProblemError("invalid", "tags is not a JSON object of short texts (at most 20, 63 characters each)");
  }
}

/** `POST /pipelines/upload`: a pipeline and its first version; the answer is the pipeline alone. */
export async function uploadPipeline({ context, request, query }: Call): Promise<JsonObject> {
  const tags = tagsOf(query);
  const file = await uploadedFile(request);
  const { pipeline } = await withReceived(context, file, (received) => {
    const description = query.get("description") ?? "";
    return storePackage(context, { file: received, pipelineId: null, ...nameOf(query, received), description });
  });
  if (tags !== undefined) await updatePipeline(context, { id: pipeline.id, tags });
  return pipelineJson(readPipelineRecord(context, pipeline.id));
}

/** `POST /pipelines/upload_version?pipelineid=`: a version of a pipeline that is there. */
export async function uploadVersion({ context, request, query }: Call): Promise<JsonObject> {
  const pipelineId = query.get("pipelineid");
  if (!pipelineId) throw new ProblemError("invalid", "Please specify a pipeline id when creating versions.");
  readPipelineRecord(context, pipelineId);
  const file = await uploadedFile(request);
  const { version } = await withReceived(context, file, (received) => {
    const description = query.get("description") ?? "";
    return storePackage(context, { file: received, pipelineId, ...nameOf(query, received), description });
  });
  return versionJson(await readVersion(context, version.id));
}

/** Uploads over the Kubeflow API: one multipart file, everything else in the query. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readLenientJson } from "@/pipelines/text/json";
import type { Tags } from "@/server/domain/inputs/shared";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "@/server/services/context";
import { readPipelineRecord, readVersion } from "@/server/services/kubeflow/query-pipelines";
import { storePackage } from "@/server/services/kubeflow/store-package";
import type { ReceivedFile } from "@/server/services/uploads/store-upload";
import type { Call } from "./call";
import { checkLength, checkTitle, type JsonObject, tagsOf } from "./json";
import { once } from "./once";
import { pipelineJson, versionJson } from "./resources";

const MAX_PACKAGE = 32 * 1024 * 1024;
/** Bytes, as Kubeflow counts them. */
const MAX_PIPELINE_NAME = 128;
const MAX_VERSION_NAME = 127;
const MAX_URL = 2_048;

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

/** The last part of the name that the file came under. */
const fileName = (file: File): string => file.name.replace(/^.*[/\\]/, "") || "pipeline.yaml";

async function withReceived<T>(context: Context, file: File, use: (received: ReceivedFile) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(context.dataDir.tmp, "package-"));
  try {
    const bytes = Buffer.from(await file.arrayBuffer());
    const tmpFile = join(folder, "package");
    await writeFile(tmpFile, bytes, { mode: 0o600 });
    return await use({
      path: fileName(file),
      tmpFile,
      size: bytes.length,
      digest: createHash("sha256").update(bytes).digest("hex"),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Asked {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tags: Tags | undefined;
  readonly codeSourceUrl: string;
}

/** What the query says of an upload; without a name it has that of the file, extension included. */
function askedIn(query: URLSearchParams, file: File, field: string, max: number): Asked {
  const name = query.get("name") || query.get("display_name") || fileName(file);
  const displayName = query.get("display_name") || name;
  checkLength(field, name, max);
  checkTitle(displayName);
  const codeSourceUrl = query.get("code_source_url") ?? "";
  checkLength("code_source_url", codeSourceUrl, MAX_URL);
  return { name, displayName, description: query.get("description") ?? "", tags: tagsIn(query), codeSourceUrl };
}

function tagsIn(query: URLSearchParams): Tags | undefined {
  const text = query.get("tags");
  if (!text) return undefined;
  const read = readLenientJson(text);
  if (read.ok) return tagsOf(read.value);
  throw new ProblemError(
    "invalid",
    "Failed to parse tags query parameter. Expected JSON object with string keys and values",
  );
}

/** Stores the upload once for its key: the same query and the same bytes. */
function stored(call: Call, file: File, pipelineId: string | null, asked: Asked): Promise<string> {
  const { context, query } = call;
  return withReceived(context, file, (received) => {
    const request = [pipelineId, [...query], received.path, received.digest];
    return once(call, pipelineId === null ? "pipeline" : "version", request, async (requestKey) => {
      const { pipeline, version } = await storePackage(context, { file: received, pipelineId, ...asked, requestKey });
      return pipelineId === null ? pipeline.id : version.id;
    });
  });
}

/** `POST /pipelines/upload`: a pipeline and its first version; the answer is the pipeline alone. */
export async function uploadPipeline(call: Call): Promise<JsonObject> {
  const file = await uploadedFile(call.request);
  const id = await stored(call, file, null, askedIn(call.query, file, "Pipeline.Name", MAX_PIPELINE_NAME));
  return pipelineJson(readPipelineRecord(call.context, id));
}

/** The pipeline that gets a version; one that nobody has is told as a mistake of the query. */
function pipelineOf({ context, query }: Call): string {
  const id = query.get("pipelineid");
  if (!id)
    throw new ProblemError("invalid", "Please specify a pipeline id when creating versions: pipelineid is missing");
  try {
    return readPipelineRecord(context, id).id;
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not-found") throw new ProblemError("invalid", error.message);
    throw error;
  }
}

/** `POST /pipelines/upload_version?pipelineid=`: a version of a pipeline that is there. */
export async function uploadVersion(call: Call): Promise<JsonObject> {
  const pipelineId = pipelineOf(call);
  const file = await uploadedFile(call.request);
  const id = await stored(call, file, pipelineId, askedIn(call.query, file, "PipelineVersion.Name", MAX_VERSION_NAME));
  return versionJson(await readVersion(call.context, id));
}

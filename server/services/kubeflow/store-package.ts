/** Stores what the Kubeflow API sends: packages as pipelines or versions, and inline specifications as unlisted versions. */
import type { JsonValue } from "@/pipelines/graph";
import type { Tags } from "@/server/domain/inputs/shared";
import { ProblemError } from "@/server/domain/problem-error";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import type { RequestKey } from "../idempotency";
import { parseText, readPipeline, withOpenedArchive } from "../uploads/read-upload";
import type { ReceivedFile } from "../uploads/received";
import { storeUnlisted, storeVersion } from "../uploads/store-version";

export interface PackageRequest {
  readonly file: ReceivedFile;
  /** The pipeline that gets a version; null makes one. */
  readonly pipelineId: string | null;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Labels of the pipeline that is made, else of the version. */
  readonly tags?: Tags | undefined;
  readonly codeSourceUrl?: string | undefined;
  readonly requestKey?: RequestKey | undefined;
}

/** Stores a package. Every upload makes a version, under the name it was given. Throws as uploads do. */
export async function storePackage(context: Context, request: PackageRequest): Promise<UploadView> {
  const { pipelineId, name, displayName, description, tags, codeSourceUrl } = request;
  return withOpenedArchive(context, [request.file], async (files, archive) => {
    const read = await readPipeline(context, files, archive !== null);
    return storeVersion(context, read, {
      pipelineId,
      name,
      displayName,
      description,
      versionName: name,
      versionDisplayName: displayName,
      tags,
      versionTags: pipelineId === null ? undefined : tags,
      codeSourceUrl,
      requestKey: request.requestKey,
      isNewPipeline: true,
      keepIncomplete: true,
      reuseNewest: false,
    });
  });
}

/** The text that an inline specification is stored as; one that brings a platform document keeps its wrapper. */
function inlineText(spec: JsonValue): string {
  try {
    const isWrapped =
      typeof spec === "object" &&
      spec !== null &&
      !Array.isArray(spec) &&
      ("pipeline_spec" in spec || "pipelineSpec" in spec);
    return JSON.stringify(isWrapped ? { pipeline_spec: spec } : spec);
  } catch {
    throw new ProblemError("invalid", "The pipeline spec nests too deeply. Flatten it.");
  }
}

/** Stores an inline specification, the same one once. Returns its version's id. Throws `invalid` with its problems. */
export async function storeInline(context: Context, spec: JsonValue): Promise<string> {
  const text = inlineText(spec);
  const fileName = "pipeline.json";
  const parsed = await parseText(context, fileName, text);
  return storeUnlisted(context, { ...parsed, text, fileName, specFile: fileName, files: [], missing: [] });
}

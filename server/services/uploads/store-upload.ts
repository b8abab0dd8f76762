/** The two ways files come in: a pipeline with whatever it brings, and files that complete a version. */
import { filesOfVersion, pipelineOfVersion, specOfVersion, textOfVersion } from "@/db/queries/version-rows";
import { UploadInput } from "@/server/domain/inputs/pipelines";
import { ProblemError } from "@/server/domain/problem-error";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { versionRow } from "../pipelines/get-version";
import { addFiles } from "./complete-version";
import { readPipeline, withOpenedArchive } from "./read-upload";
import type { ReceivedFile } from "./received";
import { storeVersion } from "./store-version";
import { withComponents } from "./with-components";

export type { ReceivedFile } from "./received";

export interface UploadRequest {
  readonly files: readonly ReceivedFile[];
  readonly pipelineId?: string | null;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly keepIncomplete?: boolean;
  readonly exampleId?: string;
}

function parseOptions(request: UploadRequest): UploadInput {
  const { pipelineId, name, description, keepIncomplete } = request;
  const parsed = UploadInput.safeParse({
    pipelineId: pipelineId || undefined,
    name: name || undefined,
    description: description || undefined,
    keepIncomplete,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ProblemError("invalid", `${issue?.path.join(".") ?? "upload"}: ${issue?.message ?? "not valid"}`);
}

/** The name of a pipeline that was given none: its file's, without folders and extension. */
function nameOfFile(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1);
  return base.replace(/(?<=.)\.(?:pipeline|ya?ml|json|ipynb|zip|tgz|tar\.gz)$/i, "").slice(0, 128);
}

/** `pipeline.yaml` in an archive says nothing; the archive's own name does. */
function defaultName(fileName: string, archive: ReceivedFile | null): string {
  const isNameless = /(?:^|\/)pipeline\.(?:ya?ml|json)$/i.test(fileName);
  return nameOfFile(archive !== null && isNameless ? archive.path : fileName);
}

/**
 * Stores an upload as a new pipeline, or as a version of the one named by id or by the file's own name. The files stay
 * the caller's: they are linked, never moved. Throws `invalid`, `too-large`, `conflict`, `refused` or `not-found`.
 */
export async function storeUpload(context: Context, request: UploadRequest): Promise<UploadView> {
  const options = parseOptions(request);
  return withOpenedArchive(context, request.files, async (files, archive) => {
    const read = await readPipeline(context, files, archive !== null);
    return storeVersion(context, read, {
      pipelineId: options.pipelineId ?? null,
      name: options.name ?? defaultName(read.fileName, archive),
      description: options.description ?? null,
      isNewPipeline: options.name !== undefined,
      exampleId: request.exampleId,
      keepIncomplete: options.keepIncomplete,
      reuseNewest: true,
    });
  });
}

/** Adds files to an Incomplete version. Throws `conflict` for a complete one, since its runs rely on what it is. */
export async function completeVersion(
  context: Context,
  versionId: string,
  received: readonly ReceivedFile[],
): Promise<UploadView> {
  const version = versionRow(context, versionId);
  const pipeline = pipelineOfVersion(context.db, version.key);
  const spec = specOfVersion(context.db, version.key);
  const text = textOfVersion(context.db, version.key)?.text;
  if (version.state === "runnable" || pipeline === undefined || spec === undefined || text === undefined) {
    throw new ProblemError("conflict", "This version misses no file. Upload the files as a new version instead.");
  }
  return withOpenedArchive(context, received, async (files) => {
    const added = files.map(({ path, digest, size, tmpFile, isExecutable = false }) => ({
      path,
      digest,
      size,
      isExecutable,
      tmpFile,
    }));
    const kept = filesOfVersion(context.db, version.key).map((file) => ({ ...file, tmpFile: null }));
    const read = await withComponents(context, { ...spec, text }, [...added, ...kept]);
    return addFiles(context, pipeline.id, version, added, read);
  });
}

/** Turns received files into a pipeline, a version, or the completion of one. */
import type { UploadView } from "@/server/domain/views";
import type { Context } from "../context";

/** A file that the web server received: named by the client, already on the data directory's disk and hashed. */
export interface ReceivedFile {
  /** As the client said: relative path or bare name; not to be trusted as a path. */
  readonly path: string;
  /** Moved away or copied by the service; the receiver removes it afterwards. */
  readonly tmpFile: string;
  readonly size: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

export interface UploadRequest {
  readonly files: readonly ReceivedFile[];
  /** Null: a new pipeline. */
  readonly pipelineId: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly keepIncomplete: boolean;
}

/** Stores an upload as a new pipeline or as a version of one. */
export async function storeUpload(_context: Context, _request: UploadRequest): Promise<UploadView> {
  throw new Error("not filled yet");
}

/** Adds files to an incomplete version. */
export async function completeVersion(
  _context: Context,
  _versionId: string,
  _files: readonly ReceivedFile[],
): Promise<UploadView> {
  throw new Error("not filled yet");
}

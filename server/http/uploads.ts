/** Uploads of pipelines and of the files that an incomplete version misses. */
import type { IncomingMessage } from "node:http";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { Context } from "@/server/services/context";
import { completeVersion, storeUpload } from "@/server/services/uploads/store-upload";
import { receiveFiles } from "./receive-files";

/** `POST /api/uploads`: a new pipeline, or a new version of `pipelineId`. */
export const answerUpload = (context: Context, request: IncomingMessage, query: URLSearchParams): Promise<UploadView> =>
  receiveFiles(request, context.dataDir.tmp, (files) =>
    storeUpload(context, {
      files,
      pipelineId: query.get("pipelineId"),
      name: query.get("name"),
      description: query.get("description"),
      keepIncomplete: query.get("keepIncomplete") !== "false",
    }),
  );

/** `POST /api/versions/<id>/files`: files for an incomplete version. */
export const answerCompletion = (context: Context, request: IncomingMessage, versionId: string): Promise<UploadView> =>
  receiveFiles(request, context.dataDir.tmp, (files) => completeVersion(context, versionId, files));

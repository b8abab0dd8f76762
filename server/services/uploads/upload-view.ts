/** Tells what became of an upload. */
import { findPipeline } from "@/db/queries/pipeline-rows";
import type { VersionRow } from "@/db/queries/version-rows";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import type { ReadPipeline } from "./read-upload";

/** Where an upload went. */
export interface Placed {
  readonly pipelineId: string;
  readonly version: Pick<VersionRow, "id" | "number">;
  readonly missing: readonly string[];
  readonly unchanged: boolean;
}

/** The view of it. */
export function uploadView(context: Context, placed: Placed, read: Pick<ReadPipeline, "problems">): UploadView {
  const pipeline = findPipeline(context.db, placed.pipelineId, { deleted: true });
  const { id, number } = placed.version;
  return {
    pipeline: { id: placed.pipelineId, name: pipeline?.displayName ?? "" },
    version: {
      id,
      number,
      state: placed.missing.length > 0 ? "incomplete" : "runnable",
      missing: placed.missing,
    },
    unchanged: placed.unchanged,
    problems: read.problems,
  };
}

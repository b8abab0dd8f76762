/** Reads one pipeline. */
import { findPipeline, type PipelineRow } from "@/db/queries/pipeline-rows";
import { ProblemError } from "@/server/domain/problem-error";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { pipelineViews } from "./pipeline-view";

/** The row of a pipeline. Throws `not-found`. */
export function pipelineRow(context: Context, id: string, options: { deleted?: boolean } = {}): PipelineRow {
  const row = findPipeline(context.db, id, options);
  if (row === undefined) throw new ProblemError("not-found", `Pipeline ${id} not found. It may have been deleted.`);
  return row;
}

/** A pipeline with its newest version and last run. Throws `not-found`. */
export function getPipeline(context: Context, id: string): PipelineSummary {
  const [view] = pipelineViews(context, [pipelineRow(context, id)]);
  if (view === undefined) throw new Error("one row makes one view");
  return view;
}

/** Reads one pipeline. */
import type { PipelineSummary } from "@/server/domain/views";
import type { Context } from "../context";

export function getPipeline(_context: Context, _id: string): PipelineSummary {
  throw new Error("not filled yet");
}

/** Changes a pipeline. */
import type { UpdatePipelineInput } from "@/server/domain/inputs";
import type { PipelineSummary } from "@/server/domain/views";
import type { Context } from "../context";

export async function updatePipeline(_context: Context, _input: UpdatePipelineInput): Promise<PipelineSummary> {
  throw new Error("not filled yet");
}

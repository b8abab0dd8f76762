/** Lists pipelines. */
import type { ListPipelinesInput } from "@/server/domain/inputs";
import type { PageView, PipelineSummary } from "@/server/domain/views";
import type { Context } from "../context";

export function listPipelines(_context: Context, _input: ListPipelinesInput): PageView<PipelineSummary> {
  throw new Error("not filled yet");
}

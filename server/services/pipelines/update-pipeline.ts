/** Changes the name, description or tags of a pipeline. */
import { addEvent } from "@/db/queries/events";
import { findPipelineByName, type PipelineChange, replaceTags, updatePipelineRow } from "@/db/queries/pipeline-rows";
import type { UpdatePipelineInput } from "@/server/domain/inputs";
import { ProblemError } from "@/server/domain/problem-error";
import type { PipelineSummary } from "@/server/domain/views";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getPipeline, pipelineRow } from "./get-pipeline";

/** Changes what is given and keeps the rest; tags are replaced as a whole. Throws `not-found`, or `conflict` on the name. */
export async function updatePipeline(context: Context, input: UpdatePipelineInput): Promise<PipelineSummary> {
  await write(context.db, (tx) => {
    const { key } = pipelineRow(context, input.id);
    const { name, description, tags } = input;
    const holder = name === undefined ? undefined : findPipelineByName(tx, name);
    if (holder !== undefined && holder.key !== key) {
      throw new ProblemError("conflict", `There is a pipeline named ${name} already. Choose another name.`);
    }
    const change: PipelineChange = {
      ...(name === undefined ? {} : { name, displayName: name }),
      ...(description === undefined ? {} : { description }),
    };
    const at = context.now();
    updatePipelineRow(tx, key, { ...change, updatedAt: at });
    if (tags !== undefined) replaceTags(tx, key, tags);
    addEvent(tx, { at, topic: "pipeline", subject: input.id, kind: "updated" });
  });
  return getPipeline(context, input.id);
}

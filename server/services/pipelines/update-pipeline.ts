/** Changes the name, description, tags or ways of running of a pipeline. */
import { addEvent } from "@/db/queries/events";
import { findPipelineByName, type PipelineChange, replaceTags, updatePipelineRow } from "@/db/queries/pipeline-rows";
import type { UpdatePipelineInput } from "@/server/domain/inputs/pipelines";
import { ProblemError } from "@/server/domain/problem-error";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { profileOf } from "../runs/start-references";
import { getPipeline, pipelineRow } from "./get-pipeline";

/** Beside what our own pages change: the title alone, under which the name stays. */
export type PipelineUpdate = UpdatePipelineInput & { readonly displayName?: string | undefined };

/** Changes what is given and keeps the rest; tags are replaced as a whole. Throws `not-found`, `conflict` on the name, or `invalid` for no profile. */
export async function updatePipeline(context: Context, input: PipelineUpdate): Promise<PipelineSummary> {
  await write(context.db, (tx) => {
    const { key } = pipelineRow(context, input.id);
    const { name, displayName, description, tags, fileMode, cache, profile } = input;
    const holder = name === undefined ? undefined : findPipelineByName(tx, name);
    if (holder !== undefined && holder.key !== key) {
      throw new ProblemError("conflict", `There is a pipeline named ${name} already. Choose another name.`);
    }
    // Throws for a name that no profile has; runs that exist keep the profile they were made with.
    if (profile != null) profileOf(tx, profile);
    const change: PipelineChange = {
      ...(name === undefined ? {} : { name, displayName: name }),
      ...(displayName === undefined ? {} : { displayName }),
      ...(description === undefined ? {} : { description }),
      ...(fileMode === undefined ? {} : { fileMode }),
      ...(cache === undefined ? {} : { cache }),
      ...(profile === undefined ? {} : { profile }),
    };
    const at = context.now();
    updatePipelineRow(tx, key, { ...change, updatedAt: at });
    if (tags !== undefined) replaceTags(tx, key, tags);
    addEvent(tx, { at, topic: "pipeline", subject: input.id, kind: "updated" });
  });
  return getPipeline(context, input.id);
}

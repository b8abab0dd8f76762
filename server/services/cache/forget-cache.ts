/** Forgets results, so that the steps that left them run again; what they left stays with their runs. */
import { forgetting } from "@/db/queries/cache-rows";
import { addEvent } from "@/db/queries/events";
import { findTask } from "@/db/queries/task-rows";
import type { ForgetPipelineCacheInput } from "@/server/domain/inputs/pipelines";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { pipelineRow } from "../pipelines/get-pipeline";

/** How many results will never be used again. */
export interface Forgotten {
  readonly forgotten: number;
}

/** Forgets the result of a task, and every other one that was made of the same. Throws `not-found`. */
export async function forgetTaskCache(context: Context, taskKey: number): Promise<Forgotten> {
  const found = findTask(context.db, taskKey);
  if (found === undefined) throw new ProblemError("not-found", `Task ${taskKey} not found. Its run may be deleted.`);
  return write(context.db, (tx) => {
    const at = context.now();
    const forgotten = forgetting(tx).ofTask(taskKey, at);
    addEvent(tx, { at, topic: "run", subject: found.runId, kind: "cache-forgotten" });
    return { forgotten };
  });
}

/** Forgets the results of a pipeline's runs, of one step or of all. Throws `not-found`. */
export async function forgetPipelineCache(context: Context, input: ForgetPipelineCacheInput): Promise<Forgotten> {
  const { key } = pipelineRow(context, input.id);
  return write(context.db, (tx) => {
    const at = context.now();
    const forgotten = forgetting(tx).ofPipeline(key, input.step ?? null, at);
    addEvent(tx, { at, topic: "pipeline", subject: input.id, kind: "cache-forgotten" });
    return { forgotten };
  });
}

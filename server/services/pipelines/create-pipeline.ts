/** Makes a pipeline that has no version yet. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import { findPipelineByName, insertPipeline, replaceTags } from "@/db/queries/pipeline-rows";
import { newId } from "@/server/domain/ids";
import type { Tags } from "@/server/domain/inputs/shared";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { madeBefore, noteMade, type RequestKey } from "../idempotency";

export interface NewPipelineRequest {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tags?: Tags | undefined;
  readonly requestKey?: RequestKey | undefined;
}

/** What is said of a name that another pipeline has; Kubeflow's sentence. */
export const nameTaken = (name: string): ProblemError =>
  new ProblemError(
    "conflict",
    `Failed to create a new pipeline. The name ${name} already exist(s). Please specify a new name`,
  );

function insert(tx: Db, at: Date, { name, displayName, description, tags = {} }: NewPipelineRequest): string {
  if (findPipelineByName(tx, name) !== undefined) throw nameTaken(name);
  const id = newId();
  const key = insertPipeline(tx, { id, name, displayName, description, createdAt: at, updatedAt: at });
  replaceTags(tx, key, tags);
  addEvent(tx, { at, topic: "pipeline", subject: id, kind: "created" });
  return id;
}

/** Adds a pipeline and returns its id. Throws `conflict` for a name that is taken. */
export function createPipeline(context: Context, request: NewPipelineRequest): Promise<string> {
  return write(context.db, (tx) => {
    const made = madeBefore(tx, "pipeline", request.requestKey);
    if (made !== undefined) return made;
    const at = context.now();
    const id = insert(tx, at, request);
    noteMade(tx, "pipeline", request.requestKey, id, at);
    return id;
  });
}

/** Makes an experiment. */
import { addEvent } from "@/db/queries/events";
import { findExperimentByName, insertExperiment } from "@/db/queries/experiment-rows";
import { newId } from "@/server/domain/ids";
import type { CreateExperimentInput } from "@/server/domain/inputs/experiments";
import { ProblemError } from "@/server/domain/problem-error";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { madeBefore, noteMade, type RequestKey } from "../idempotency";
import { getExperiment } from "./get-experiment";

/** Adds an experiment, once for a request's key. Throws `conflict` when the name is taken. */
export async function createExperiment(
  context: Context,
  input: CreateExperimentInput,
  asked?: RequestKey,
): Promise<ExperimentView> {
  const id = await write(context.db, (tx) => {
    const made = madeBefore(tx, "experiment", asked);
    if (made !== undefined) return made;
    if (findExperimentByName(tx, input.name) !== undefined) {
      const taken = `The name ${input.name} already exists. Please specify a new name.`;
      throw new ProblemError("conflict", `Failed to create a new experiment. ${taken}`);
    }
    const at = context.now();
    const { name, description = "" } = input;
    const id = newId();
    insertExperiment(tx, { id, name, description, isDefault: false, createdAt: at });
    addEvent(tx, { at, topic: "experiment", subject: id, kind: "created" });
    noteMade(tx, "experiment", asked, id, at);
    return id;
  });
  return getExperiment(context, id);
}

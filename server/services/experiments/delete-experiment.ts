/** Deletes an experiment softly and brings it back; its runs stay either way. */
import { addEvent } from "@/db/queries/events";
import { findExperimentByName, setExperimentDeleted } from "@/db/queries/experiment-rows";
import { ProblemError } from "@/server/domain/problem-error";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { restoreExperiment } from "./archive-experiment";
import { experimentRow, getExperiment } from "./get-experiment";

/** Hides an experiment. Throws `not-found`, or `conflict` for the Default one. */
export async function deleteExperiment(context: Context, id: string): Promise<Record<string, never>> {
  await write(context.db, (tx) => {
    const row = experimentRow(context, id);
    if (row.isDefault) throw new ProblemError("conflict", "The default experiment cannot be deleted");
    const at = context.now();
    setExperimentDeleted(tx, row.key, at);
    addEvent(tx, { at, topic: "experiment", subject: id, kind: "deleted" });
  });
  return {};
}

/**
 * Undoes a deletion, archived or not as it was; else takes the experiment out of the archive with what went there with
 * it. Throws `not-found`, or `conflict` for a name that was taken meanwhile.
 */
export async function bringBackExperiment(context: Context, id: string): Promise<ExperimentView> {
  if (experimentRow(context, id, { deleted: true }).deletedAt === null) return restoreExperiment(context, id);
  await write(context.db, (tx) => {
    const row = experimentRow(context, id, { deleted: true });
    if (row.deletedAt === null) return;
    if (findExperimentByName(tx, row.name) !== undefined) {
      throw new ProblemError("conflict", `Another experiment is named ${row.name} by now.`);
    }
    setExperimentDeleted(tx, row.key, null);
    addEvent(tx, { at: context.now(), topic: "experiment", subject: id, kind: "restored" });
  });
  return getExperiment(context, id);
}

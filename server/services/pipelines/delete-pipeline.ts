/** Deletes a pipeline or one of its versions softly and brings it back; its runs stay either way. */
import { addEvent } from "@/db/queries/events";
import { findPipeline, findPipelineByName, setPipelineDeleted } from "@/db/queries/pipeline-rows";
import { findVersion, pipelineOfVersion } from "@/db/queries/version-rows";
import { isVersionNameTaken, setVersionDeleted } from "@/db/queries/version-writes";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { pipelineRow } from "./get-pipeline";
import { versionRow } from "./get-version";

/** Hides a pipeline and its versions. Throws `not-found`. */
export async function deletePipeline(context: Context, id: string): Promise<Record<string, never>> {
  await write(context.db, (tx) => {
    const { key } = pipelineRow(context, id);
    const at = context.now();
    setPipelineDeleted(tx, key, at);
    addEvent(tx, { at, topic: "pipeline", subject: id, kind: "deleted" });
  });
  return {};
}

/** Shows a deleted pipeline again. Throws `not-found`, or `conflict` when its name was taken meanwhile. */
export async function restorePipeline(context: Context, id: string): Promise<Record<string, never>> {
  await write(context.db, (tx) => {
    const row = pipelineRow(context, id, { deleted: true });
    if (row.deletedAt === null) return;
    if (findPipelineByName(tx, row.name) !== undefined) {
      throw new ProblemError("conflict", `Another pipeline is named ${row.name} by now. Rename that one first.`);
    }
    setPipelineDeleted(tx, row.key, null);
    addEvent(tx, { at: context.now(), topic: "pipeline", subject: id, kind: "restored" });
  });
  return {};
}

/** Hides one version. Throws `not-found`. */
export async function deleteVersion(context: Context, id: string): Promise<Record<string, never>> {
  await write(context.db, (tx) => {
    const row = versionRow(context, id);
    const at = context.now();
    setVersionDeleted(tx, row.key, at);
    addEvent(tx, { at, topic: "pipeline", subject: id, kind: "version-deleted" });
  });
  return {};
}

/** Shows a deleted version again. Throws `not-found`, or `conflict` while its pipeline is deleted or its name is taken. */
export async function restoreVersion(context: Context, id: string): Promise<Record<string, never>> {
  await write(context.db, (tx) => {
    const row = versionRow(context, id, { deleted: true });
    if (findVersion(tx, id) !== undefined) return;
    const pipeline = findPipeline(tx, pipelineOfVersion(tx, row.key)?.id ?? "");
    if (pipeline === undefined) throw new ProblemError("conflict", "Its pipeline is deleted. Bring that back first.");
    if (isVersionNameTaken(tx, row.key)) {
      throw new ProblemError("conflict", `Another version of ${pipeline.displayName} is named ${row.name} by now.`);
    }
    setVersionDeleted(tx, row.key, null);
    addEvent(tx, { at: context.now(), topic: "pipeline", subject: id, kind: "version-restored" });
  });
  return {};
}

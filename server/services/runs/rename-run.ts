/** Renames a run, with its notes and tags when they are given. */
import { addEvent } from "@/db/queries/events";
import { replaceRunTags } from "@/db/queries/run-tags";
import { setRunText } from "@/db/queries/run-writes";
import type { RenameRunInput } from "@/server/domain/inputs/runs";
import type { RunSummary } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRunSummary, runRow } from "./get-run";

/** Changes a run's name and, when given, its description and its whole set of tags. Throws `not-found`. */
export async function renameRun(
  context: Context,
  { id, name, description, tags }: RenameRunInput,
): Promise<RunSummary> {
  const { key } = runRow(context, id);
  await write(context.db, (tx) => {
    setRunText(tx, key, description === undefined ? { name } : { name, description });
    if (tags !== undefined) replaceRunTags(tx, key, tags);
    addEvent(tx, { at: context.now(), topic: "run", subject: id, kind: "renamed" });
  });
  return getRunSummary(context, id);
}

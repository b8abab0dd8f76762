/** Renames a run. */
import { addEvent } from "@/db/queries/events";
import { setRunText } from "@/db/queries/run-writes";
import type { RenameRunInput } from "@/server/domain/inputs";
import type { RunSummary } from "@/server/domain/views";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRunSummary, runRow } from "./get-run";

/** Changes a run's name and, when given, its description. Throws `not-found`. */
export async function renameRun(context: Context, { id, name, description }: RenameRunInput): Promise<RunSummary> {
  const { key } = runRow(context, id);
  await write(context.db, (tx) => {
    setRunText(tx, key, description === undefined ? { name } : { name, description });
    addEvent(tx, { at: context.now(), topic: "run", subject: id, kind: "renamed" });
  });
  return getRunSummary(context, id);
}

/** Asks the engine to end a run: cancels a pending one, terminates a running one; the engine alone moves its state. */
import { addEvent } from "@/db/queries/events";
import { requestCancel } from "@/db/queries/run-writes";
import type { RunSummary } from "@/server/domain/views";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRunSummary, runRow } from "./get-run";

/** Writes the intent. For a run that is over, or was asked to end before, nothing changes. Throws `not-found`. */
export async function cancelRun(context: Context, id: string, by = "user"): Promise<RunSummary> {
  const { key } = runRow(context, id);
  await write(context.db, (tx) => {
    const at = context.now();
    if (requestCancel(tx, key, at, by)) addEvent(tx, { at, topic: "run", subject: id, kind: "cancel-requested" });
  });
  return getRunSummary(context, id);
}

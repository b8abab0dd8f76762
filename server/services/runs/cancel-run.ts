/** Asks the engine to end a run: cancels a pending one, terminates a running one; the engine alone moves its state. */
import { addEvent } from "@/db/queries/events";
import { requestCancel, requestHardCancel, withdrawRetry } from "@/db/queries/run-writes";
import type { RunSummary } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRunSummary, runRow } from "./get-run";

export interface CancelOptions {
  /** Stop hard: exit tasks do not run either. Also for a run that is ending already. */
  readonly hard?: boolean;
  readonly by?: string;
}

/**
 * Writes the intent. A retry that has not begun is taken back. For a run that is over, or was asked to end before,
 * nothing changes. Throws `not-found`.
 */
export async function cancelRun(context: Context, id: string, options: CancelOptions = {}): Promise<RunSummary> {
  const { hard = false, by = "user" } = options;
  const { key } = runRow(context, id);
  await write(context.db, (tx) => {
    const at = context.now();
    const isAsked =
      requestCancel(tx, key, at, by, hard) || (hard && requestHardCancel(tx, key)) || withdrawRetry(tx, key);
    if (isAsked) addEvent(tx, { at, topic: "run", subject: id, kind: "cancel-requested" });
  });
  return getRunSummary(context, id);
}

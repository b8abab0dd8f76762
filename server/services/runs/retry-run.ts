/** Asks the engine to run again what failed of a run, in the same run; the engine alone moves its state. */
import { addEvent } from "@/db/queries/events";
import { requestRetry } from "@/db/queries/run-writes";
import { ProblemError } from "@/server/domain/problem-error";
import type { RunSummary } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRunSummary } from "./get-run";
import { earlierRun, planRetry } from "./plan-retry";

/**
 * Writes the intent; a run that is waiting for its retry stays as it is. Throws `not-found`, or `conflict` for a run that
 * is not over, succeeded or is archived, or whose kept results are gone.
 */
export async function retryRun(context: Context, id: string, by = "user"): Promise<RunSummary> {
  const { key } = earlierRun(context, id);
  const { refusals } = await planRetry(context, id);
  const [first] = refusals;
  if (first !== undefined) throw new ProblemError("conflict", first.message, refusals);
  await write(context.db, (tx) => {
    const at = context.now();
    if (requestRetry(tx, key, at, by)) addEvent(tx, { at, topic: "run", subject: id, kind: "retry-requested" });
  });
  return getRunSummary(context, id);
}

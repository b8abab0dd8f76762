/** Makes a run of a recurring run at once, because a person asks for it: it is no slot, and the schedule stays as it is. */
import { recurringQueries } from "@/db/queries/engine/recurring";
import { slotQueries } from "@/db/queries/slots";
import { preparedFor } from "@/db/queries/statements";
import type { RunSummary } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getRunSummary } from "../runs/get-run";
import { recurringRow } from "./get-recurring-run";
import { makeRun } from "./make-run";

const queriesOf = preparedFor(recurringQueries);

/** Starts a run now; it waits where as many are active as may be. Throws `not-found`, `invalid` and `refused`. */
export async function runNow(context: Context, id: string): Promise<RunSummary> {
  const made = await write(context.db, (tx) => {
    const { key } = recurringRow(tx, id);
    const row = queriesOf(tx).find(key);
    if (row === undefined) throw new Error("a row that was read is there");
    const { admitted, waiting } = slotQueries(tx).load(key);
    const now = context.now();
    const waits = waiting > 0 || admitted >= row.maxConcurrency;
    return makeRun(tx, row, { now, scheduledAt: now, index: null, waits });
  });
  return getRunSummary(context, made.id);
}

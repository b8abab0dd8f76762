/** Lists the slots of a recurring run: what each due moment became. */
import { listSlotRows } from "@/db/queries/slot-list";
import type { ListSlotsInput } from "@/server/domain/inputs/recurring-runs";
import type { SlotView } from "@/server/domain/views/recurring-runs";
import type { PageView } from "@/server/domain/views/shared";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { recurringRow } from "./get-recurring-run";

const momentMs = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));

/** A page of slots, the newest first. Throws `not-found`, and `invalid` for a cursor of another list. */
export function listSlots(
  context: Context,
  { id, from, before, cursor: given, limit }: ListSlotsInput,
): PageView<SlotView> {
  const { key } = recurringRow(context.db, id);
  const span = { fromMs: momentMs(from), beforeMs: momentMs(before) };
  const cursor = readCursor(context, "slots", { key, ...span }, given);
  const { rows, next, total } = listSlotRows(context.db, key, {
    ...span,
    direction: "desc",
    after: cursor.after,
    limit,
  });
  return {
    items: rows.map(({ at, lastAt, count, skipReason, runId, runName, runState }) => ({
      at: at.toISOString(),
      lastAt: lastAt.toISOString(),
      count,
      run: runId === null ? null : { id: runId, name: runName ?? "", state: runState ?? "pending" },
      skipReason,
    })),
    next: cursor.next(next),
    total,
  };
}

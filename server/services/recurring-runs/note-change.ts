/** Writes down what is done to a recurring run, in the transaction that does it, and announces it. */
import type { Db } from "@/db/client";
import { addEvent } from "@/db/queries/events";
import { addRecurringChange } from "@/db/queries/recurring-changes";
import type { ChangeKind, FieldChange } from "@/server/domain/recurrence/words";

export interface Change {
  readonly kind: ChangeKind;
  readonly at: Date;
  /** Who does it; null where nobody is named. */
  readonly by: string | null;
  /** Why, where it is not plain. */
  readonly reason?: string | null;
  readonly fields?: readonly FieldChange[];
}

/** Notes a change of the recurring run with this key and id. */
export function noteChange(
  tx: Db,
  { key, id }: { readonly key: number; readonly id: string },
  { kind, at, by, reason = null, fields = [] }: Change,
): void {
  addRecurringChange(tx, { recurringRunKey: key, at, kind, changedBy: by, reason, fields });
  addEvent(tx, { at, topic: "recurring-run", subject: id, kind });
}

/** Changes a recurring run in place: its history stays, and nothing that has been due is due again. */
import type { Db } from "@/db/client";
import { changeRecurringRun, type RecurringRunChange, type RecurringRunRow } from "@/db/queries/recurring-rows";
import { slotQueries } from "@/db/queries/slots";
import type { UpdateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { fieldChanges } from "@/server/domain/recurrence/field-changes";
import { type Schedule, slotsOf, type Trigger } from "@/server/domain/recurrence/schedule";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import {
  anchorOf,
  checkFirstRun,
  checkPace,
  checkSpan,
  experimentKeyOf,
  readTrigger,
  type Source,
  sourceOf,
} from "./check-recurring-run";
import { getRecurringRun, recurringRow } from "./get-recurring-run";
import { noteChange } from "./note-change";
import { recurringRunView, scheduleOf, storedTrigger, triggerOf } from "./recurring-run-view";
import { skipPast } from "./switch-recurring-run";

function momentOf(given: string | null | undefined, before: Date | null): Date | null {
  if (given === undefined) return before;
  return given === null ? null : new Date(given);
}

type Timing = Pick<RecurringRunRow["row"], "startAt" | "endAt" | "timeZone"> & { readonly trigger: Trigger };

const sameMoment = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime();
const sameTrigger = (one: Trigger, other: Trigger): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Where the moments of a changed schedule are counted from: only another trigger or start begins the count anew. */
export function anchorAfter({ row }: RecurringRunRow, { trigger, startAt }: Timing, now: Date): number {
  const isCounted = sameTrigger(trigger, triggerOf(row)) && sameMoment(startAt, row.startAt);
  return isCounted ? row.anchorAt.getTime() : anchorOf(startAt, now);
}

/** The columns of another schedule; what was due under the old one and is nothing yet is recorded as skipped. */
function reschedule(tx: Db, record: RecurringRunRow, input: UpdateRecurringRunInput, now: Date): RecurringRunChange {
  const { row } = record;
  const trigger = input.trigger === undefined ? triggerOf(row) : readTrigger(input.trigger, now);
  const timeZone = input.timeZone ?? row.timeZone;
  const startAt = momentOf(input.startAt, row.startAt);
  const endAt = momentOf(input.endAt, row.endAt);
  const isSame =
    sameTrigger(trigger, triggerOf(row)) &&
    timeZone === row.timeZone &&
    sameMoment(startAt, row.startAt) &&
    sameMoment(endAt, row.endAt);
  if (isSame) return {};
  checkSpan(startAt, endAt);
  if (!sameTrigger(trigger, triggerOf(row))) checkPace(tx, trigger);
  skipPast(tx, record, slotsOf(scheduleOf(record)), now, row.isEnabled ? "edited" : "disabled");
  const anchorMs = anchorAfter(record, { trigger, timeZone, startAt, endAt }, now);
  const schedule: Schedule = { trigger, timeZone, anchorMs, endMs: endAt?.getTime() ?? null };
  const handledMs = Math.max(now.getTime(), slotQueries(tx).lastMs(row.key) ?? 0);
  const nextMs = slotsOf(schedule).next(handledMs);
  const nextAt = nextMs === null ? null : new Date(nextMs);
  return { ...storedTrigger(trigger), timeZone, startAt, endAt, anchorAt: new Date(anchorMs), nextAt };
}

/** What its runs are made of once it is changed like this; null for one whose pipeline or version is gone. */
export function sourceAfter(
  tx: Db,
  { versionId, pipelineId }: Pick<UpdateRecurringRunInput, "versionId" | "pipelineId">,
  record: RecurringRunRow,
): Source | null {
  if (versionId !== undefined || pipelineId !== undefined) return sourceOf(tx, { versionId, pipelineId });
  const isLatest = record.row.versionKey === null;
  if (isLatest) return record.pipelineId === null ? null : sourceOf(tx, { pipelineId: record.pipelineId });
  return record.versionId === null ? null : sourceOf(tx, { versionId: record.versionId });
}

/** Changes what is given of a recurring run. Throws `not-found`, `invalid` and `refused`, and changes nothing then. */
export async function updateRecurringRun(
  context: Context,
  input: UpdateRecurringRunInput,
  by: string | null = null,
): Promise<RecurringRunView> {
  await write(context.db, (tx) => {
    const now = context.now();
    const record = recurringRow(tx, input.id);
    const { row } = record;
    const { versionId, pipelineId, name, description, maxConcurrency, overlap, catchUp, priority, cache, tags } = input;
    const parameters = input.parameters ?? row.parameters;
    const profile = input.profile === undefined ? row.profile : input.profile;
    const isOther = [versionId, pipelineId, input.parameters, input.profile].some((given) => given !== undefined);
    const source = isOther ? sourceAfter(tx, input, record) : null;
    if (source !== null) checkFirstRun(tx, now, source, { parameters, profile });
    changeRecurringRun(tx, row.key, {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(source !== null && { pipelineKey: source.pipelineKey, versionKey: source.versionKey }),
      ...(input.experimentId !== undefined && { experimentKey: experimentKeyOf(tx, input.experimentId) }),
      ...(maxConcurrency !== undefined && { maxConcurrency }),
      ...(overlap !== undefined && { overlap }),
      ...(catchUp !== undefined && { catchUp }),
      ...(priority !== undefined && { priority }),
      ...(cache !== undefined && { cache }),
      ...(tags !== undefined && { tags }),
      ...reschedule(tx, record, input, now),
      parameters,
      profile,
      updatedAt: now,
    });
    slotQueries(tx).lookAgain(row.key);
    const fields = fieldChanges(recurringRunView(record), recurringRunView(recurringRow(tx, input.id)));
    noteChange(tx, row, { kind: "changed", at: now, by, fields });
  });
  return getRecurringRun(context, input.id);
}

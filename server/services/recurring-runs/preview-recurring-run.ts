/** Tells what a schedule comes to before it is saved: its next moments, overlaps to expect, and what would start at once. */
import type { Db } from "@/db/client";
import { figureQueries } from "@/db/queries/recurring-figures";
import type { RecurringRunRow } from "@/db/queries/recurring-rows";
import { slotQueries } from "@/db/queries/slots";
import type { PreviewRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { clockNote } from "@/server/domain/recurrence/clock-notes";
import { daysFrom, slotsBetween } from "@/server/domain/recurrence/days";
import { decideDue, skipDue } from "@/server/domain/recurrence/due";
import { type Forecast, forecastOverlaps } from "@/server/domain/recurrence/overlap-forecast";
import { firstSlot, type Schedule, type Slots, slotsOf } from "@/server/domain/recurrence/schedule";
import { triggerInWords } from "@/server/domain/recurrence/schedule-words";
import { localTimeZone, zoneOf } from "@/server/domain/recurrence/zone";
import type { SchedulePreviewView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { anchorOf, checkPace, checkSpan, readTrigger } from "./check-recurring-run";
import { recurringRow } from "./get-recurring-run";
import { scheduleOf } from "./recurring-run-view";
import { isUnspent } from "./switch-recurring-run";
import { anchorAfter } from "./update-recurring-run";

const MOMENTS = 10;
const DAYS = 35;
/** Runs whose durations a forecast goes by. */
const LOOK_BACK = 20;
const NOTHING_OPEN = { admitted: 0, waiting: 0, live: 0 };

const dateOf = (text: string | null | undefined): Date | null => (text == null ? null : new Date(text));

/** What saving a new one starts and skips of the moments that have passed. */
function passedOfNew(
  schedule: Schedule,
  slots: Slots,
  nowMs: number,
  policies: Pick<PreviewRecurringRunInput, "overlap" | "catchUp" | "maxConcurrency">,
): Pick<SchedulePreviewView, "starts" | "skips"> {
  const first = firstSlot(schedule);
  if (first === null || first > nowMs) return { starts: 0, skips: 0 };
  const { outcomes } = decideDue(slots, first, nowMs, policies, NOTHING_OPEN);
  const skips = outcomes.reduce((sum, one) => sum + (one.do === "skip" ? one.count : 0), 0);
  return { starts: outcomes.filter((one) => one.do === "run").length, skips };
}

/** Editing and enabling replay nothing: what has passed is recorded, but for a one-off that never had its moment. */
function passedOfOld(record: RecurringRunRow, nowMs: number): Pick<SchedulePreviewView, "starts" | "skips"> {
  const { nextAt, isEnabled } = record.row;
  if (!isEnabled && isUnspent(record)) return { starts: 1, skips: 0 };
  const skip = skipDue(slotsOf(scheduleOf(record)), nextAt?.getTime() ?? null, nowMs, "disabled");
  return { starts: 0, skips: skip?.count ?? 0 };
}

function usualOf(db: Db, record: RecurringRunRow | null, pipelineId: string | undefined): SchedulePreviewView["usual"] {
  const queries = figureQueries(db);
  const own = record === null ? [] : queries.timings(record.key, LOOK_BACK);
  const durations = own.flatMap(({ state, startedAt, finishedAt }) =>
    state === "succeeded" && startedAt !== null && finishedAt !== null ? [finishedAt - startedAt] : [],
  );
  const isOwn = durations.length > 0;
  const all = isOwn || pipelineId === undefined ? durations : queries.durationsOf(pipelineId, LOOK_BACK);
  if (all.length === 0) return null;
  const ms = all.reduce((sum, each) => sum + Math.max(each, 0), 0) / all.length;
  return { ms, runs: all.length, of: isOwn ? "recurring-run" : "pipeline" };
}

function comingMoments(slots: Slots, afterMs: number): number[] {
  const moments: number[] = [];
  for (let next = slots.next(afterMs); next !== null && moments.length < MOMENTS; next = slots.next(next)) {
    moments.push(next);
  }
  return moments;
}

/** What this schedule comes to from now on. Throws `invalid` as saving it would, and `not-found`. */
export function previewRecurringRun(context: Context, input: PreviewRecurringRunInput): SchedulePreviewView {
  const { db } = context;
  const now = context.now();
  const nowMs = now.getTime();
  const record = input.id === undefined ? null : recurringRow(db, input.id);
  const trigger = readTrigger(input.trigger, now);
  const startAt = dateOf(input.startAt);
  const endAt = dateOf(input.endAt);
  checkSpan(startAt, endAt);
  checkPace(db, trigger);
  const timeZone = input.timeZone ?? localTimeZone();
  const anchorMs =
    record === null ? anchorOf(startAt, now) : anchorAfter(record, { trigger, timeZone, startAt, endAt }, now);
  const schedule: Schedule = { trigger, timeZone, anchorMs, endMs: endAt?.getTime() ?? null };
  const slots = slotsOf(schedule);
  const handledMs = record === null ? nowMs : Math.max(nowMs, slotQueries(db).lastMs(record.key) ?? 0);
  const moments = comingMoments(slots, handledMs);
  const usual = usualOf(db, record, input.pipelineId ?? record?.pipelineId ?? undefined);
  const forecast: readonly Forecast[] = usual === null ? [] : forecastOverlaps(moments, usual.ms, input);
  const zone = zoneOf(timeZone);
  const passed = record === null ? passedOfNew(schedule, slots, nowMs, input) : passedOfOld(record, nowMs);
  return {
    words: triggerInWords(trigger),
    timeZone,
    moments: moments.map((ms, at) => ({
      at: new Date(ms).toISOString(),
      note: clockNote(schedule, ms),
      does: forecast[at] ?? "run",
    })),
    days: daysFrom(zone, nowMs, DAYS).map(({ date, startMs, endMs, clockChanges }) => ({
      date,
      slots: slotsBetween(slots, Math.max(startMs, handledMs + 1), endMs),
      clockChanges,
    })),
    ...(input.isEnabled ? passed : { starts: 0, skips: passed.skips }),
    usual,
  };
}

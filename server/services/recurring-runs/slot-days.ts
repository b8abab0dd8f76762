/** The slots of a month by day: what they became, and how many are still to come. */
import { type DayCount, figureQueries } from "@/db/queries/recurring-figures";
import type { SlotDaysInput } from "@/server/domain/inputs/recurring-runs";
import { type Day, daysOfMonth, slotsBetween } from "@/server/domain/recurrence/days";
import { slotsOf } from "@/server/domain/recurrence/schedule";
import { zoneOf } from "@/server/domain/recurrence/zone";
import type { SlotDayView } from "@/server/domain/views/recurring-runs";
import type { Context } from "../context";
import { recurringRow } from "./get-recurring-run";
import { scheduleOf } from "./recurring-run-view";

/** Slots of a day that are counted. */
const MOST_OF_A_DAY = 2_000;

function broughtBy(counts: readonly DayCount[]): Pick<SlotDayView, "runs" | "skipped" | "isCut"> {
  const runs = Object.fromEntries(counts.flatMap(({ state, moments }) => (state === null ? [] : [[state, moments]])));
  const total = Object.values(runs).reduce((sum: number, count: number) => sum + count, 0);
  const skipped = counts.find(({ state }) => state === null)?.moments ?? 0;
  return { runs, skipped, isCut: total >= MOST_OF_A_DAY };
}

/** The days of a month in a zone. Throws `not-found`. */
export function slotDays(context: Context, { id, month, timeZone }: SlotDaysInput): SlotDayView[] {
  const { db } = context;
  const record = recurringRow(db, id);
  const { key, row } = record;
  const queries = figureQueries(db);
  const slots = slotsOf(scheduleOf(record));
  const nextMs = row.isEnabled ? (row.nextAt?.getTime() ?? null) : null;
  return daysOfMonth(zoneOf(timeZone), month).map(({ date, startMs, endMs }: Day) => {
    const before = queries.before(key, startMs);
    return {
      date,
      at: new Date(startMs).toISOString(),
      ...broughtBy(queries.between(key, startMs, endMs, MOST_OF_A_DAY)),
      within: before !== undefined && before.lastAt >= startMs ? before.reason : null,
      upcoming: nextMs === null || nextMs >= endMs ? 0 : slotsBetween(slots, Math.max(startMs, nextMs), endMs),
    };
  });
}

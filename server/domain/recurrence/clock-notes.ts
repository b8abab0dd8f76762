/** What the clock of a zone does at a slot: a time that was left out and moved, one that comes twice, a change before it. */
import { everyMs } from "./cron-text";
import { cronTimes } from "./cron-times";
import { nextLocal } from "./local-walk";
import type { Schedule, Trigger } from "./schedule";
import { type Stretch, zoneOf } from "./zone";

/**
 * `moved`: the wanted time is left out that day and made up for at the end of the gap. `twice`: the clock shows this time
 * again later. `again`: it has shown it before.
 */
export const CLOCK_NOTES = ["moved", "twice", "again"] as const;
export type ClockNote = (typeof CLOCK_NOTES)[number];

const isMoved = (trigger: Trigger, { startMs, beforeMs, offsetMs }: Stretch, atMs: number): boolean => {
  if (trigger.kind !== "cron" || atMs !== startMs || beforeMs >= offsetMs || everyMs(trigger.cron) !== null)
    return false;
  const times = cronTimes(trigger.cron);
  return !times.followsElapsed && nextLocal(times, startMs + beforeMs, startMs + offsetMs) !== null;
};

/** What is to be said of a slot of a schedule; null where the clock does nothing about it. */
export function clockNote(
  { trigger, timeZone }: Pick<Schedule, "trigger" | "timeZone">,
  atMs: number,
): ClockNote | null {
  const zone = zoneOf(timeZone);
  const stretch = zone.stretchAt(atMs);
  if (isMoved(trigger, stretch, atMs)) return "moved";
  const localMs = atMs + stretch.offsetMs;
  if (localMs < stretch.startMs + stretch.beforeMs) return "again";
  const { offsetMs } = zone.stretchAt(stretch.endMs);
  return localMs >= stretch.endMs + offsetMs ? "twice" : null;
}

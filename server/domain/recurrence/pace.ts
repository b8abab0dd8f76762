/** How close together the moments of a trigger lie at the closest. */
import { everyMs } from "./cron-text";
import { type CronTimes, cronTimes } from "./cron-times";
import type { Trigger } from "./schedule";

const DAY_SECONDS = 86_400;

/** The least distance between two times of a day, the first of the next day included. */
function leastOfDay({ hours, minutes, seconds }: CronTimes): number {
  let least = DAY_SECONDS;
  let first: number | null = null;
  let before: number | null = null;
  for (const hour of hours) {
    for (const minute of minutes) {
      for (const second of seconds) {
        const at = hour * 3_600 + minute * 60 + second;
        if (before !== null) least = Math.min(least, at - before);
        first ??= at;
        before = at;
      }
    }
  }
  return first === null || before === null ? least : Math.min(least, first + DAY_SECONDS - before);
}

/** The least distance between two moments; infinite where there is only one. */
export function leastDistanceMs(trigger: Trigger): number {
  if (trigger.kind === "none") return Number.POSITIVE_INFINITY;
  if (trigger.kind === "interval") return trigger.everyMs;
  return everyMs(trigger.cron) ?? leastOfDay(cronTimes(trigger.cron)) * 1_000;
}

/** Walks the times of a cron along a clock that never changes: local milliseconds, counted as if they were UTC. */
import type { CronTimes } from "./cron-times";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const dayOf = (ms: number): number => Math.floor(ms / DAY);

function isDay({ months, daysOfMonth, hasLastDay, ...times }: CronTimes, day: number): boolean {
  const date = new Date(day * DAY);
  const month = date.getUTCMonth();
  if (!months.has(month + 1)) return false;
  const dayOfMonth = date.getUTCDate();
  const weekday = date.getUTCDay();
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const fitsMonth = daysOfMonth.has(dayOfMonth) || (hasLastDay && dayOfMonth === last);
  const fitsWeek =
    times.daysOfWeek.has(weekday) ||
    (times.lastWeekdays.has(weekday) && dayOfMonth + 7 > last) ||
    times.nthWeekdays.some((one) => one.weekday === weekday && Math.ceil(dayOfMonth / 7) === one.nth);
  return times.isDayOpen ? fitsMonth && fitsWeek : fitsMonth || fitsWeek;
}

const first = (numbers: readonly number[]): number => numbers[0] ?? 0;
const last = (numbers: readonly number[]): number => numbers.at(-1) ?? 0;
const atOrAfter = (numbers: readonly number[], least: number) => numbers.find((one) => one >= least);
const atOrBefore = (numbers: readonly number[], most: number) => numbers.findLast((one) => one <= most);

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const clockOf = (ofDayMs: number): Clock => ({
  hour: Math.floor(ofDayMs / HOUR),
  minute: Math.floor((ofDayMs % HOUR) / MINUTE),
  second: Math.floor((ofDayMs % MINUTE) / SECOND),
});

const msOf = (hour: number, minute: number, second: number): number => hour * HOUR + minute * MINUTE + second * SECOND;

/** The first time of a day that is not before `ofDayMs`. */
function timeFrom({ hours, minutes, seconds }: CronTimes, ofDayMs: number): number | null {
  const { hour, minute, second } = clockOf(ofDayMs + SECOND - 1);
  if (hours.includes(hour)) {
    if (minutes.includes(minute)) {
      const found = atOrAfter(seconds, second);
      if (found !== undefined) return msOf(hour, minute, found);
    }
    const found = atOrAfter(minutes, minute + 1);
    if (found !== undefined) return msOf(hour, found, first(seconds));
  }
  const found = atOrAfter(hours, hour + 1);
  return found === undefined ? null : msOf(found, first(minutes), first(seconds));
}

/** The last time of a day that is not after `ofDayMs`. */
function timeUpTo({ hours, minutes, seconds }: CronTimes, ofDayMs: number): number | null {
  const { hour, minute, second } = clockOf(ofDayMs);
  if (hours.includes(hour)) {
    if (minutes.includes(minute)) {
      const found = atOrBefore(seconds, second);
      if (found !== undefined) return msOf(hour, minute, found);
    }
    const found = atOrBefore(minutes, minute - 1);
    if (found !== undefined) return msOf(hour, found, last(seconds));
  }
  const found = atOrBefore(hours, hour - 1);
  return found === undefined ? null : msOf(found, last(minutes), last(seconds));
}

/** How many times of a day are before `ofDayMs`. */
function timesBefore({ hours, minutes, seconds }: CronTimes, ofDayMs: number): number {
  const { hour, minute, second } = clockOf(ofDayMs + SECOND - 1);
  const below = (numbers: readonly number[], most: number) => numbers.filter((one) => one < most).length;
  const whole = below(hours, hour) * minutes.length * seconds.length;
  if (!hours.includes(hour)) return whole;
  const ofHour = below(minutes, minute) * seconds.length;
  return whole + ofHour + (minutes.includes(minute) ? below(seconds, second) : 0);
}

/** The first match from `fromMs` on that is before `beforeMs`. */
export function nextLocal(times: CronTimes, fromMs: number, beforeMs: number): number | null {
  for (let day = dayOf(fromMs); day * DAY < beforeMs; day += 1) {
    if (!isDay(times, day)) continue;
    const time = timeFrom(times, Math.max(fromMs - day * DAY, 0));
    if (time !== null) return day * DAY + time < beforeMs ? day * DAY + time : null;
  }
  return null;
}

/** The last match up to and with `upToMs` that is not before `fromMs`. */
export function previousLocal(times: CronTimes, fromMs: number, upToMs: number): number | null {
  for (let day = dayOf(upToMs); (day + 1) * DAY > fromMs; day -= 1) {
    if (!isDay(times, day)) continue;
    const time = timeUpTo(times, Math.min(upToMs - day * DAY, DAY - SECOND));
    if (time !== null) return day * DAY + time >= fromMs ? day * DAY + time : null;
  }
  return null;
}

/** How many matches lie from `fromMs` on and before `beforeMs`; takes a step per day, not per match. */
export function countLocal(times: CronTimes, fromMs: number, beforeMs: number): number {
  const perDay = times.hours.length * times.minutes.length * times.seconds.length;
  let count = 0;
  for (let day = dayOf(fromMs); day * DAY < beforeMs; day += 1) {
    if (!isDay(times, day)) continue;
    const from = fromMs <= day * DAY ? 0 : timesBefore(times, fromMs - day * DAY);
    const to = beforeMs >= (day + 1) * DAY ? perDay : timesBefore(times, beforeMs - day * DAY);
    count += Math.max(to - from, 0);
  }
  return count;
}

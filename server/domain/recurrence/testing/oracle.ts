/** Slots found the slow way, for tests: every minute of a window is asked what the zone's clock shows, and the rule is applied to that. */

const MINUTE = 60_000;

/** Fields of a cron without seconds, as sets; null is an open field. */
export interface OracleCron {
  readonly minutes: readonly number[] | null;
  readonly hours: readonly number[] | null;
  readonly daysOfMonth: readonly number[] | null;
  readonly months: readonly number[] | null;
  readonly daysOfWeek: readonly number[] | null;
}

/** The cron as text, with six fields. */
export const oracleText = ({ minutes, hours, daysOfMonth, months, daysOfWeek }: OracleCron): string =>
  ["0", ...[minutes, hours, daysOfMonth, months, daysOfWeek].map((values) => values?.join(",") ?? "*")].join(" ");

const has = (values: readonly number[] | null, value: number): boolean => values === null || values.includes(value);

function fits(cron: OracleCron, localMs: number): boolean {
  const at = new Date(localMs);
  const isDayOfMonth = has(cron.daysOfMonth, at.getUTCDate());
  const isDayOfWeek = has(cron.daysOfWeek, at.getUTCDay());
  const isEither = cron.daysOfMonth !== null && cron.daysOfWeek !== null;
  const isDay = isEither ? isDayOfMonth || isDayOfWeek : isDayOfMonth && isDayOfWeek;
  const isTime = has(cron.minutes, at.getUTCMinutes()) && has(cron.hours, at.getUTCHours());
  return isTime && isDay && has(cron.months, at.getUTCMonth() + 1);
}

/** What the clock of a zone shows at a moment, counted as if it were UTC. */
function shownBy(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  return (ms) => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
  };
}

interface Minute {
  readonly at: number;
  readonly local: number;
}

const kept = new Map<string, readonly Minute[]>();

/** The minutes of a window and a day around it, because a gap or a repetition may reach into it. */
function minutesAround(timeZone: string, fromMs: number, toMs: number): readonly Minute[] {
  const name = `${timeZone} ${fromMs} ${toMs}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const shown = shownBy(timeZone);
  const minutes: Minute[] = [];
  for (let at = fromMs - 1_500 * MINUTE; at <= toMs + 1_500 * MINUTE; at += MINUTE)
    minutes.push({ at, local: shown(at) });
  kept.set(name, minutes);
  return minutes;
}

/** Every slot after `fromMs`, up to and with `toMs`; both are whole minutes. */
export function oracleSlots(cron: OracleCron, timeZone: string, fromMs: number, toMs: number): number[] {
  const minutes = minutesAround(timeZone, fromMs, toMs);
  const slots = new Set<number>();
  if (cron.hours === null) {
    for (const { at, local } of minutes) if (fits(cron, local)) slots.add(at);
  } else {
    // The clock's face may only move on: what it shows again is passed over, what it leaves out is made up for at once.
    let furthest = (minutes[0]?.local ?? 0) - MINUTE;
    for (const { at, local } of minutes) {
      for (let face = furthest + MINUTE; face <= local; face += MINUTE) if (fits(cron, face)) slots.add(at);
      furthest = Math.max(furthest, local);
    }
  }
  return [...slots].filter((at) => at > fromMs && at <= toMs);
}

/** What a stored cron says, as sets of numbers: read by cron-parser, one item of a list at a time. */
import { CronExpressionParser } from "cron-parser";

export interface CronTimes {
  /** Ascending, as are minutes and hours. */
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly hasLastDay: boolean;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Weekdays that count only the last time they occur in a month. */
  readonly lastWeekdays: ReadonlySet<number>;
  /** Weekdays that count only the nth time they occur in a month. */
  readonly nthWeekdays: readonly { readonly weekday: number; readonly nth: number }[];
  /** Where one of the two is open, a day must fit both of them; otherwise either. */
  readonly isDayOpen: boolean;
  /** Whether the hour field begins with `*`: the clock's changes are passed through, not mended. */
  readonly followsElapsed: boolean;
}

type Field = "second" | "minute" | "hour" | "dayOfMonth" | "month" | "dayOfWeek";
const FIELDS: readonly Field[] = ["second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek"];

interface FieldValues {
  readonly numbers: ReadonlySet<number>;
  readonly words: readonly string[];
  readonly nthWeekdays: CronTimes["nthWeekdays"];
}

const KEPT = 1_000;
const kept = new Map<string, CronTimes>();

/** Whether a field leaves its unit open: one of its items begins with a star. */
const isOpen = (text: string): boolean => text.split(",").some((item) => item.startsWith("*") || item.startsWith("?"));

/** A list may name a value twice, which cron-parser refuses; item by item it does not matter. */
function fieldValues(field: Field, text: string): FieldValues {
  const numbers = new Set<number>();
  const words: string[] = [];
  const nthWeekdays: { weekday: number; nth: number }[] = [];
  const others = FIELDS.map((name) => (name === field ? null : "*"));
  for (const item of text.split(",")) {
    if (item === "") throw new Error(`Invalid list, got value: ${text}`);
    // `H` would stand for a random number.
    if (/h/i.test(item.replaceAll(/[a-z]{3}/gi, ""))) throw new Error(`Invalid characters, got value: ${item}`);
    const { fields } = CronExpressionParser.parse(others.map((other) => other ?? item.replaceAll("?", "*")).join(" "));
    const { nthDay } = fields.dayOfWeek;
    for (const value of fields[field].values) {
      if (typeof value === "string") words.push(value);
      else if (field === "dayOfWeek" && nthDay > 0) nthWeekdays.push({ weekday: value % 7, nth: nthDay });
      else numbers.add(field === "dayOfWeek" ? value % 7 : value);
    }
  }
  return { numbers, words, nthWeekdays };
}

const ascending = (numbers: ReadonlySet<number>): number[] => [...numbers].sort((a, b) => a - b);

/** The times of a cron of six fields. Throws an error that says what is wrong with it. */
export function cronTimes(text: string): CronTimes {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    throw new Error(`Expected ${FIELDS.length} fields, found ${parts.length}: ${text}`);
  const values = FIELDS.map((field, at) => fieldValues(field, parts[at] ?? "*"));
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = values;
  if (!second || !minute || !hour || !dayOfMonth || !month || !dayOfWeek) throw new Error("six fields have six values");
  const times: CronTimes = {
    seconds: ascending(second.numbers),
    minutes: ascending(minute.numbers),
    hours: ascending(hour.numbers),
    months: month.numbers,
    daysOfMonth: dayOfMonth.numbers,
    hasLastDay: dayOfMonth.words.length > 0,
    daysOfWeek: dayOfWeek.numbers,
    lastWeekdays: new Set(dayOfWeek.words.map((word) => Number.parseInt(word, 10) % 7)),
    nthWeekdays: dayOfWeek.nthWeekdays,
    isDayOpen: isOpen(parts[3] ?? "*") || isOpen(parts[5] ?? "*"),
    followsElapsed: /^[*?]/.test(parts[2] ?? "*"),
  };
  kept.set(text, times);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return times;
}

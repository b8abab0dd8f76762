/** The rule of a recurring run as one text, the builder's fields read from it and written back to it, and the trigger it stands for. */
import type { TriggerView } from "@/server/domain/views/recurring-runs";
import { cronText } from "../schedule-words";

export const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

/** Not a cron: the one rule that has no text of its own elsewhere. */
const ONCE = "@once";

/** What the builder shows. `time` is `02:30`; weekdays count from Sunday, 0. */
export type Built =
  | { readonly kind: "every"; readonly count: number; readonly unit: Unit }
  | { readonly kind: "hourly"; readonly minute: number }
  | { readonly kind: "daily"; readonly time: string }
  | { readonly kind: "weekly"; readonly days: readonly number[]; readonly time: string }
  | { readonly kind: "monthly"; readonly day: number | "last"; readonly time: string }
  | { readonly kind: "once" }
  /** A cron that says more than the builder can. */
  | { readonly kind: "other" };
export type BuiltKind = Built["kind"];

const NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WORDS: { readonly [word: string]: string } = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
};

/** The seconds of `@every 1h30m`, null for any other text. */
function everySeconds(text: string): number | null {
  const found = /^@every (?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (found === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = found;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/** `@every 1h30m` for 5,400 seconds. */
function everyText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  return `@every ${parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join("") || "0s"}`;
}

const number = (text: string, min: number, max: number): number | null => {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : null;
};

const dayOf = (text: string): number | null => {
  const named = NAMES.indexOf(text.toLowerCase());
  const value = named < 0 ? number(text, 0, 7) : named;
  return value === null ? null : value % 7;
};

/** Weekdays of a list such as `1-5` or `mon,wed`; null for what a row of seven boxes cannot show. */
function daysOf(text: string): readonly number[] | null {
  const days = new Set<number>();
  for (const item of text.split(",")) {
    const [from, to, ...more] = item.split("-").map(dayOf);
    if (from === null || from === undefined || to === null || more.length > 0) return null;
    const end = to ?? from;
    if (end < from && end !== 0) return null;
    for (let day = from; day <= (end < from ? 7 : end); day += 1) days.add(day % 7);
  }
  return [...days].sort((a, b) => a - b);
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** What the builder shows of a rule. */
export function readRule(text: string): Built {
  const rule = text.trim().replaceAll(/\s+/g, " ");
  if (rule === ONCE) return { kind: "once" };
  const seconds = everySeconds(rule);
  if (seconds !== null) {
    const unit = (["days", "hours", "minutes"] as const).find((each) => seconds > 0 && seconds % UNITS[each] === 0);
    return { kind: "every", count: seconds / UNITS[unit ?? "seconds"], unit: unit ?? "seconds" };
  }
  const fields = cronText(WORDS[rule.toLowerCase()] ?? rule).split(" ");
  const [minuteText = "", hourText = "", day = "", month = "", weekday = ""] = fields;
  const minute = number(minuteText, 0, 59);
  if (fields.length !== 5 || minute === null || month !== "*") return { kind: "other" };
  if (hourText === "*") return day === "*" && weekday === "*" ? { kind: "hourly", minute } : { kind: "other" };
  const hour = number(hourText, 0, 23);
  if (hour === null) return { kind: "other" };
  const time = `${pad(hour)}:${pad(minute)}`;
  if (day === "*" && weekday === "*") return { kind: "daily", time };
  if (day === "*") {
    const days = daysOf(weekday);
    return days === null ? { kind: "other" } : { kind: "weekly", days, time };
  }
  const ofMonth = day.toUpperCase() === "L" ? "last" : number(day, 1, 31);
  return weekday !== "*" || ofMonth === null ? { kind: "other" } : { kind: "monthly", day: ofMonth, time };
}

/** `30 2` for `02:30`. */
const clock = (time: string): string => {
  const [hour = "0", minute = "0"] = time.split(":");
  return `${Number(minute)} ${Number(hour)}`;
};

const weekdays = (days: readonly number[]): string => {
  const isWorkdays = days.length === 5 && days.every((day, at) => day === at + 1);
  return isWorkdays ? "1-5" : days.join(",");
};

/** The rule that the builder's fields stand for; null for what it cannot say. */
export function writeRule(built: Built): string | null {
  switch (built.kind) {
    case "every":
      return everyText(built.count * UNITS[built.unit]);
    case "hourly":
      return `${built.minute} * * * *`;
    case "daily":
      return `${clock(built.time)} * * *`;
    case "weekly":
      return `${clock(built.time)} * * ${weekdays(built.days)}`;
    case "monthly":
      return `${clock(built.time)} ${built.day === "last" ? "L" : built.day} * *`;
    case "once":
      return ONCE;
    case "other":
      return null;
  }
}

/** What the builder begins with when another kind is chosen; the time of day stays. */
export function beginWith(kind: Exclude<BuiltKind, "other">, before: Built): Built {
  const time = "time" in before ? before.time : "09:00";
  const begin: { readonly [kind in Exclude<BuiltKind, "other">]: Built } = {
    every: { kind: "every", count: 1, unit: "hours" },
    hourly: { kind: "hourly", minute: 0 },
    daily: { kind: "daily", time },
    weekly: { kind: "weekly", days: [1, 2, 3, 4, 5], time },
    monthly: { kind: "monthly", day: 1, time },
    once: { kind: "once" },
  };
  return begin[kind];
}

/** The trigger that a rule stands for, as it is sent. */
export function triggerOfRule(text: string): TriggerView {
  const rule = text.trim();
  if (rule === ONCE) return { kind: "none" };
  const seconds = everySeconds(rule.replaceAll(/\s+/g, " "));
  return seconds === null ? { kind: "cron", cron: rule } : { kind: "interval", seconds };
}

/** The rule of a trigger. */
export function ruleOfTrigger(trigger: TriggerView): string {
  if (trigger.kind === "none") return ONCE;
  return trigger.kind === "interval" ? everyText(trigger.seconds) : cronText(trigger.cron);
}

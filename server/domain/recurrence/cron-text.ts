/** Crons as people write them in our own forms: five fields begin with the minute, six with the second. */
import { everMatches } from "./cron-slots";
import { cronTimes } from "./cron-times";

const DESCRIPTORS: { readonly [word: string]: string } = {
  "@yearly": "0 0 0 1 1 *",
  "@annually": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

const UNITS: { readonly [unit: string]: number } = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};
const DURATION = /^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/;

/** The fields of a descriptor, or null. */
export const descriptorFields = (word: string): string | null =>
  Object.hasOwn(DESCRIPTORS, word) ? (DESCRIPTORS[word] ?? null) : null;

/** A duration such as `1h30m` in milliseconds, or null when it is none. */
export function durationMs(text: string): number | null {
  if (!DURATION.test(text)) return null;
  let ms = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    ms += Number(amount) * (UNITS[unit] ?? 0);
  }
  return Number.isFinite(ms) ? ms : null;
}

/** The step of `@every 1h30m` in whole seconds, one at least; null for any other cron. */
export function everyMs(cron: string): number | null {
  const [word, duration = ""] = cron.split(/\s+/, 2);
  if (word !== "@every") return null;
  const ms = durationMs(duration);
  if (ms === null) throw new Error(`${duration} is no duration such as 1h30m`);
  return Math.max(Math.floor(ms / 1_000), 1) * 1_000;
}

export type CronReading =
  | { readonly ok: true; readonly cron: string }
  | { readonly ok: false; readonly message: string };

/** Whether a cron of six fields can be read and ever comes to pass; as an answer, not as an error. */
export function checkedCron(cron: string, nowMs: number): CronReading {
  try {
    if (everMatches(cronTimes(cron), nowMs)) return { ok: true, cron };
    return { ok: false, message: `There is no such day: ${cron} never comes to pass.` };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads a cron of five fields from the minute on, of six from the second on, or a word such as `@daily`. */
export function readCron(text: string, nowMs: number): CronReading {
  const trimmed = text.trim().replaceAll(/\s+/g, " ");
  if (trimmed === "") return { ok: false, message: "Write five fields: minute, hour, day of month, month, weekday." };
  if (trimmed.startsWith("@every ")) {
    const ms = durationMs(trimmed.slice("@every ".length));
    if (ms !== null && ms >= 1_000) return { ok: true, cron: trimmed };
    return { ok: false, message: "After @every stands a duration of a second or more, such as 90s or 1h30m." };
  }
  if (trimmed.startsWith("@")) {
    const fields = descriptorFields(trimmed.toLowerCase());
    if (fields !== null) return { ok: true, cron: fields };
    return {
      ok: false,
      message: `${trimmed} is not known. There are ${Object.keys(DESCRIPTORS).join(", ")} and @every.`,
    };
  }
  const count = trimmed.split(" ").length;
  if (count !== 5 && count !== 6) {
    return {
      ok: false,
      message: `A cron has five fields from the minute on, or six from the second on; this has ${count}.`,
    };
  }
  return checkedCron(count === 5 ? `0 ${trimmed}` : trimmed, nowMs);
}

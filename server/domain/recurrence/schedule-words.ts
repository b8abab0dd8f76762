/** Schedules in plain words, as lists, pages and the command tell them. */
import { toString as cronInWords } from "cronstrue";
import { everyMs } from "./cron-text";
import { cronTimes } from "./cron-times";
import type { Trigger } from "./schedule";

const UNITS = [
  { ms: 86_400_000, name: "day" },
  { ms: 3_600_000, name: "hour" },
  { ms: 60_000, name: "minute" },
  { ms: 1_000, name: "second" },
] as const;

/** `Every 90 minutes`: the largest unit that goes into it without a rest. */
function intervalInWords(ms: number): string {
  const unit = UNITS.find((each) => ms % each.ms === 0) ?? UNITS[3];
  const count = ms / unit.ms;
  return count === 1 ? `Every ${unit.name}` : `Every ${count} ${unit.name}s`;
}

function fieldsInWords(cron: string): string {
  const words = cronInWords(cron, { use24HourTimeFormat: true, verbose: false });
  // Where both fields of the day are narrowed either is enough, which "and" would deny.
  return cronTimes(cron).isDayOpen ? words : words.replace(", and on ", ", or on ");
}

/** What a trigger says, without its time zone; a cron that nobody can put into words stays as it is. */
export function triggerInWords(trigger: Trigger): string {
  if (trigger.kind === "none") return "Once";
  if (trigger.kind === "interval") return intervalInWords(trigger.everyMs);
  try {
    const ms = everyMs(trigger.cron);
    return ms === null ? fieldsInWords(trigger.cron) : intervalInWords(ms);
  } catch {
    return trigger.cron;
  }
}

/** Schedules as pages word them. */
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";

export type ToldSchedule = Pick<RecurringRunView, "words" | "trigger" | "timeZone">;

/** `At 02:30, Monday through Friday, Europe/Berlin`: an interval is the same everywhere. */
export const scheduleInWords = ({ words, trigger, timeZone }: ToldSchedule): string =>
  trigger.kind === "cron" && !trigger.cron.startsWith("@every") ? `${words}, ${timeZone}` : words;

/** The cron as people write it: without the seconds where those are none. */
export const cronText = (cron: string): string => cron.replace(/^0 (?=\S+ \S+ \S+ \S+ \S+$)/, "");

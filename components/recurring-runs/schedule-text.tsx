/** When a recurring run is due, in words; its cron comes with the pointer. */
import { cn } from "@/components/ui/cn";
import { cronText, scheduleInWords, type ToldSchedule } from "./schedule-words";

export function ScheduleText({ of, className }: { readonly of: ToldSchedule; readonly className?: string }) {
  const cron = of.trigger.kind === "cron" ? cronText(of.trigger.cron) : undefined;
  return (
    <span className={cn("[overflow-wrap:anywhere]", className)} title={cron}>
      {scheduleInWords(of)}
    </span>
  );
}

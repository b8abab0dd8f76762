/** What a recurring run comes to as it stands: its next moments, and what enabling would start. */
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { cronText } from "../schedule-words";

/** The preview of a recurring run, as if it were enabled. */
export function useOwnPreview(one: RecurringRunView) {
  const trpc = useTRPC();
  const { id, trigger, timeZone, startAt, endAt, maxConcurrency, overlap, catchUp } = one;
  return useQuery(
    trpc.recurringRuns.preview.queryOptions({
      id,
      trigger: trigger.kind === "cron" ? { ...trigger, cron: cronText(trigger.cron) } : trigger,
      timeZone,
      startAt,
      endAt,
      maxConcurrency,
      overlap,
      catchUp,
      isEnabled: true,
    }),
  );
}

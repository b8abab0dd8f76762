/** Beside the form: what the schedule comes to, asked of the server when what was filled in rests for a moment. */
"use client";

import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { Section } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { cn } from "@/components/ui/cn";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { useRested } from "@/components/ui/use-rested";
import type { PreviewRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import type { SchedulePreviewView } from "@/server/domain/views/recurring-runs";
import { DayGrid } from "../day-grid";
import { Moments } from "../moments";
import { scheduleInWords } from "../schedule-words";

/** The preview of what was filled in, and what is wrong with it; null while it cannot be asked. */
export function useSchedulePreview(request: PreviewRecurringRunInput | null) {
  const trpc = useTRPC();
  const rested = useRested(request);
  const preview = useQuery(
    trpc.recurringRuns.preview.queryOptions(rested ?? skipToken, {
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 10_000,
    }),
  );
  const isBehind = preview.isFetching || JSON.stringify(rested) !== JSON.stringify(request);
  return {
    data: preview.data,
    problem: request === null || preview.error === null ? null : callProblem(preview.error),
    isBehind: request !== null && isBehind,
  };
}

const count = (many: number, one: string): string => (many === 1 ? `1 ${one}` : `${many.toLocaleString("en")} ${one}s`);

/** What saving starts and records at once. */
function startsInWords({ starts, skips }: Pick<SchedulePreviewView, "starts" | "skips">, isOnce: boolean): string {
  const begins =
    isOnce && starts > 0 ? "Saving starts its run at once" : `Saving starts ${count(starts, "missed run")}`;
  if (skips === 0) return `${begins}.`;
  return `${begins} and records ${count(skips, "passed moment")} as skipped.`;
}

function Days({ days }: Pick<SchedulePreviewView, "days">) {
  return (
    <DayGrid label="The next five weeks" days={days}>
      {({ date, slots, clockChanges }) => (
        <div
          title={`${date}: ${count(slots, "moment")}${clockChanges ? ", the clock is changed" : ""}`}
          className={cn(
            "flex h-10 flex-col items-center justify-center rounded-sm border text-xs",
            slots > 0 ? "border-transparent bg-accent-soft text-accent" : "border-line text-faint",
            clockChanges && "border-queued",
          )}
        >
          <span className="text-2xs">{Number(date.slice(8))}</span>
          <span className="font-medium tabular-nums">{slots > 0 ? slots.toLocaleString("en") : "·"}</span>
          <span className="sr-only">{clockChanges ? "moments, the clock is changed" : "moments"}</span>
        </div>
      )}
    </DayGrid>
  );
}

export function SchedulePreview({
  preview: { data, problem, isBehind },
  isReady,
  trigger,
}: {
  readonly preview: ReturnType<typeof useSchedulePreview>;
  readonly isReady: boolean;
  readonly trigger: PreviewRecurringRunInput["trigger"];
}) {
  return (
    <Section
      title="When it will be due"
      aside={
        <span role="status" className="flex items-center gap-1.5 text-xs text-dim">
          {isBehind ? <Spinner /> : null}
          {isBehind ? <span className="sr-only">Working it out</span> : null}
        </span>
      }
    >
      {!isReady || problem ? (
        <p className="text-sm text-dim">Mend what is marked to see the next moments.</p>
      ) : data === undefined ? (
        <SkeletonRows rows={6} label="Working out the next moments" />
      ) : (
        <div className="flex flex-col gap-4">
          <p className="text-sm">
            <span className="font-medium">{scheduleInWords({ ...data, trigger })}.</span>{" "}
            <span className={data.starts > 0 ? "font-medium text-queued" : "text-dim"}>
              {startsInWords(data, trigger.kind === "none")}
            </span>
          </p>
          {data.moments.length === 0 ? (
            <p className="text-sm text-dim">
              {data.starts > 0 ? "There is no moment after that." : "There is no moment any more: it has ended."}
            </p>
          ) : (
            <div>
              <Moments preview={data} />
            </div>
          )}
          <Days days={data.days} />
        </div>
      )}
    </Section>
  );
}

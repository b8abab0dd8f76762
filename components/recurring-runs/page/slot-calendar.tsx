/** A month of slots: what each day brought and what is to come; a day leads to its slots. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { Section } from "@/components/layout/page";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { useTRPC } from "@/components/trpc/client";
import { IconButton } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useTimeZone } from "@/components/ui/time-zone";
import { RUN_STATES, type RunState } from "@/server/domain/states";
import type { RecurringRunView, SlotDayView } from "@/server/domain/views/recurring-runs";
import { DayGrid } from "../day-grid";
import { SKIP_WORDS } from "./skip-words";

/** The states of a day from what needs a look to what does not. */
const ORDER = [
  "failed",
  "canceled",
  "canceling",
  "running",
  "pending",
  "succeeded",
] as const satisfies readonly RunState[];

/** `2026-11` of a date. */
const monthOf = (date: string): string => date.slice(0, 7);

/** The month before or after. */
function besides(month: string, by: number): string {
  const [year = 0, ofYear = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, ofYear - 1 + by)).toISOString().slice(0, 7);
}

/** Today as a date of a zone. */
const todayIn = (nowMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(nowMs);

function inWords(day: SlotDayView): string {
  const runs = RUN_STATES.flatMap((state) => {
    const count = day.runs[state] ?? 0;
    return count === 0 ? [] : [`${count} ${STATE_LOOKS[state].label.toLowerCase()}`];
  });
  const skipped = day.skipped > 0 ? [`${day.skipped} skipped`] : [];
  const within = day.within === null ? [] : [`within skipped moments (${SKIP_WORDS[day.within]})`];
  const coming = day.upcoming > 0 ? [`${day.upcoming} to come`] : [];
  return [...runs, ...skipped, ...within, ...coming].join(", ") || "nothing due";
}

function Day({
  one,
  day,
  isToday,
}: {
  readonly one: RecurringRunView;
  readonly day: SlotDayView;
  readonly isToday: boolean;
}) {
  const shown = ORDER.filter((state) => (day.runs[state] ?? 0) > 0);
  const isEmpty = shown.length === 0 && day.skipped === 0 && day.within === null;
  return (
    <Link
      href={`/recurring-runs/${one.id}?tab=slots&day=${day.date}`}
      title={`${day.date}: ${inWords(day)}`}
      className={cn(
        "flex h-full min-h-14 flex-col rounded-sm border px-1 py-0.5 text-2xs hover:border-line-strong max-sm:min-h-12",
        isToday ? "border-accent" : "border-line",
        day.within !== null && isEmpty && "bg-hatched",
      )}
    >
      <span className={isToday ? "font-semibold text-accent" : "text-faint"}>{Number(day.date.slice(8))}</span>
      <span className="sr-only">{inWords(day)}</span>
      <span aria-hidden className="mt-auto flex flex-wrap gap-x-1 tabular-nums">
        {shown.slice(0, 2).map((state) => (
          <span key={state} className={cn("inline-flex items-center gap-0.5", STATE_LOOKS[state].text)}>
            <StateIcon shape={STATE_LOOKS[state].shape} className="size-3" />
            {day.runs[state]}
          </span>
        ))}
        {day.skipped > 0 ? (
          <span className="inline-flex items-center gap-0.5 text-skipped">
            <StateIcon shape="skipped" className="size-3" />
            {day.skipped}
          </span>
        ) : null}
        {day.upcoming > 0 && isEmpty ? <span className="text-dim">{day.upcoming} due</span> : null}
      </span>
    </Link>
  );
}

export function SlotCalendar({ one }: { readonly one: RecurringRunView }) {
  const { zone } = useTimeZone();
  const now = useNow();
  const [chosen, setChosen] = useQueryState("month", parseAsString);
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = now === 0 ? null : todayIn(now, timeZone);
  const month = chosen !== null && /^\d{4}-\d{2}$/.test(chosen) ? chosen : today === null ? null : monthOf(today);
  return (
    <Section
      title={
        month === null
          ? "Slots"
          : new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(
              Date.parse(`${month}-01`),
            )
      }
      aside={
        month === null ? null : (
          <>
            <span className="text-xs text-faint">{timeZone}</span>
            <IconButton size="sm" label="Month before" onClick={() => void setChosen(besides(month, -1))}>
              <ChevronLeft />
            </IconButton>
            <IconButton size="sm" label="Month after" onClick={() => void setChosen(besides(month, 1))}>
              <ChevronRight />
            </IconButton>
          </>
        )
      }
    >
      {month === null ? (
        <SkeletonRows rows={6} label="Loading the month" />
      ) : (
        <Month one={one} month={month} timeZone={timeZone} today={today} />
      )}
    </Section>
  );
}

function Month({
  one,
  month,
  timeZone,
  today,
}: {
  readonly one: RecurringRunView;
  readonly month: string;
  readonly timeZone: string;
  readonly today: string | null;
}) {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.recurringRuns.days.queryOptions({ id: one.id, month, timeZone }, { placeholderData: keepPreviousData }),
  );
  if (data === undefined) return <SkeletonRows rows={6} label="Loading the month" />;
  return (
    <DayGrid label={`Slots of ${month}`} days={data}>
      {(day) => <Day one={one} day={day} isToday={day.date === today} />}
    </DayGrid>
  );
}

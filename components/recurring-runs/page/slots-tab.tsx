/** The slots of a recurring run as a list: each moment with its run, or why there is none. */
"use client";

import { CalendarClock, X } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { Paging } from "@/components/data-table/paging";
import { RunStatus } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { usePages } from "@/components/trpc/use-pages";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime, Time } from "@/components/ui/time";
import { useTimeZone } from "@/components/ui/time-zone";
import { momentOf, zoneOf } from "@/server/domain/recurrence/zone";
import type { RecurringRunView, SlotView } from "@/server/domain/views/recurring-runs";
import { SKIP_WORDS } from "./skip-words";

/** From when until when a day of a zone lasts. */
function spanOf(date: string, timeZone: string): { readonly from: string; readonly before: string } {
  const zone = zoneOf(timeZone);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const iso = (local: number) => new Date(momentOf(zone, local)).toISOString();
  return { from: iso(midnight), before: iso(midnight + 86_400_000) };
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

function Slot({ slot }: { readonly slot: SlotView }) {
  return (
    <tr>
      <td className="border-b py-1.5 pr-3 align-top">
        <Time at={slot.at} className="max-md:whitespace-normal" />
        {slot.count > 1 ? (
          <>
            {" "}
            <span className="text-dim">to</span> <Time at={slot.lastAt} className="max-md:whitespace-normal" />
          </>
        ) : null}
      </td>
      <td className="border-b py-1.5 align-top">
        {slot.run ? (
          <Link
            href={`/runs/${slot.run.id}`}
            className="relative inline-flex max-w-full items-center gap-2 rounded-sm hover:underline"
          >
            <RunStatus state={slot.run.state} compact />
            <span className="truncate">{slot.run.name}</span>
          </Link>
        ) : (
          <span className="inline-flex items-start gap-2 text-dim">
            <StateIcon shape="skipped" className="mt-0.5 text-skipped" />
            <span>
              {slot.count === 1 ? "Skipped" : `${slot.count.toLocaleString("en")} skipped`}
              {slot.skipReason === null ? "" : `: ${SKIP_WORDS[slot.skipReason]}`}
            </span>
          </span>
        )}
      </td>
      <td className="w-28 border-b py-1.5 text-right align-top text-dim max-sm:hidden">
        <RelativeTime at={slot.at} />
      </td>
    </tr>
  );
}

export function SlotsTab({ one }: { readonly one: RecurringRunView }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { zone } = useTimeZone();
  const [given, setDay] = useQueryState("day", parseAsString);
  const day = given !== null && isDate(given) ? given : null;
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const input = { id: one.id, ...(day === null ? {} : spanOf(day, timeZone)), limit: 50 };
  const query = usePages<SlotView>([...trpc.recurringRuns.slots.queryKey(input), "pages"], (cursor, signal) =>
    client.recurringRuns.slots.query({ ...input, cursor }, { signal }),
  );
  const slots = query.data?.pages.flatMap((page) => page.items);
  return (
    <div className="flex flex-col gap-3">
      {day === null ? null : (
        <p className="flex items-center gap-2 text-sm">
          Slots of {day}
          <Button size="sm" look="ghost" onClick={() => void setDay(null)}>
            <X />
            All slots
          </Button>
        </p>
      )}
      {query.isPending ? <SkeletonRows rows={6} label="Loading slots" /> : null}
      {query.isError && !query.data ? (
        <ErrorState
          title="The slots could not be loaded"
          message={callProblem(query.error).message}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {slots?.length === 0 ? (
        <EmptyState
          icon={<CalendarClock />}
          title={day === null ? "Nothing has been due yet" : "Nothing was due that day"}
        >
          {day === null && one.nextAt !== null ? (
            <>
              The first moment is <Time at={one.nextAt} />. Each moment becomes one run or one recorded skip.
            </>
          ) : null}
        </EmptyState>
      ) : null}
      {slots && slots.length > 0 ? (
        <div>
          <table aria-label="Slots" className="w-full table-fixed border-separate border-spacing-0 text-sm">
            <thead className="text-left text-xs text-dim">
              <tr>
                <th className="w-[26rem] border-b py-1 font-medium max-md:w-[45%]">Moment</th>
                <th className="border-b py-1 font-medium">What it became</th>
                <th className="w-28 border-b py-1 max-sm:hidden">
                  <span className="sr-only">How long ago</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {slots.map((slot) => (
                <Slot key={slot.at} slot={slot} />
              ))}
            </tbody>
          </table>
          <Paging
            shown={slots.length}
            total={query.data?.pages[0]?.total ?? slots.length}
            what="entries"
            hasNext={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onNext={() => void query.fetchNextPage()}
          />
        </div>
      ) : null}
    </div>
  );
}

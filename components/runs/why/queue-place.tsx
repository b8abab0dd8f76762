/** Where a queued task stands: which limit is reached, how many come first, and which steps hold the slots. */
"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Duration } from "@/components/ui/duration";
import type { QueuePlaceView } from "@/server/domain/views/queue";
import { orderText, placeText } from "./place-text";

export function PlaceFacts({ place }: { readonly place: QueuePlaceView }) {
  return (
    <>
      <p className="mt-0.5">{placeText(place)}</p>
      {orderText(place) === null ? null : <p className="mt-0.5 text-dim">{orderText(place)}</p>}
      {place.holders.length === 0 ? null : (
        <ul aria-label="Holds the slots" className="mt-1 flex flex-col">
          {place.holders.map((holder) => (
            <li key={holder.task} className="flex min-h-7 items-center gap-2">
              <Link
                href={`/runs/${holder.runId}?task=${holder.task}`}
                className="min-w-0 truncate leading-7 text-accent underline decoration-1 underline-offset-2"
              >
                {holder.runName}, {holder.step}
              </Link>
              <Duration from={holder.startedAt} to={null} className="ml-auto text-dim" />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function QueuePlace({ task }: { readonly task: number }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.tasks.queue.queryOptions({ id: task }));
  useRefresh(["runs", "system"], [trpc.tasks.queue.queryFilter({ id: task })], 1000);
  return data ? <PlaceFacts place={data} /> : null;
}

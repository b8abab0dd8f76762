/** What is due next by itself; nothing where there is no recurring run. */
"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Section } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { RelativeTime } from "@/components/ui/time";

export function NextScheduled() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.recurringRuns.upcoming.queryOptions());
  useRefresh(["recurring-runs"], [trpc.recurringRuns.upcoming.queryFilter()], 1000);
  if (data === undefined || data.length === 0) return null;
  return (
    <Section
      title="Next scheduled"
      aside={
        <Link className="text-accent hover:underline" href="/recurring-runs">
          All
        </Link>
      }
    >
      <ul className="divide-y divide-line border-y">
        {data.map(({ id, name, nextAt, words }) => (
          <li key={id}>
            <Link
              href={`/recurring-runs/${id}`}
              className="flex items-baseline gap-3 py-2 -outline-offset-2 hover:bg-hover"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm font-medium">{name}</span>
                <span className="block truncate text-xs text-dim">{words}</span>
              </span>
              {nextAt === null ? null : <RelativeTime at={nextAt} className="text-sm text-dim" />}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

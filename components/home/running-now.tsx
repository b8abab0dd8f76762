/** What runs now: each run on one line, with how far it is and how long it has taken. */
"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Section } from "@/components/layout/page";
import { RunStatus } from "@/components/runs/run-status";
import { StepBar } from "@/components/runs/step-bar";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Duration } from "@/components/ui/duration";
import { SkeletonRows } from "@/components/ui/skeleton";

const LIMIT = 8;

export function RunningNow() {
  const trpc = useTRPC();
  const query = useQuery(trpc.runs.list.queryOptions({ states: ["pending", "running", "canceling"], limit: LIMIT }));
  useRefresh(["runs"], [trpc.runs.list.pathFilter()]);
  const runs = query.data?.items;
  const more = (query.data?.total ?? 0) - (runs?.length ?? 0);
  return (
    <Section
      title="Running now"
      aside={
        more > 0 ? (
          <Link className="text-accent hover:underline" href="/runs?state=pending,running">
            {more} more
          </Link>
        ) : null
      }
    >
      {query.isPending ? <SkeletonRows rows={3} label="Loading what runs" /> : null}
      {runs?.length === 0 ? <p className="border-y py-4 text-sm text-dim">Nothing runs at the moment.</p> : null}
      {runs && runs.length > 0 ? (
        <ul className="divide-y divide-line border-y">
          {runs.map((run) => (
            <li key={run.id}>
              <Link
                href={`/runs/${run.id}`}
                className="grid grid-cols-[1rem_minmax(0,1fr)_minmax(4rem,9rem)_4.5rem] items-center gap-3 py-2 -outline-offset-2 hover:bg-hover"
              >
                <RunStatus state={run.state} compact />
                <span className="min-w-0">
                  <span className="block truncate text-sm font-medium">{run.name}</span>
                  <span className="block truncate text-xs text-dim">
                    {run.reason?.message ?? `${run.pipeline?.name ?? run.pipelineName} v${run.version.number}`}
                  </span>
                </span>
                <StepBar counts={run.taskCounts} />
                <Duration from={run.startedAt ?? run.createdAt} to={run.finishedAt} className="text-right text-dim" />
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

/** What failed in the last days, with the first line of why and the way to try it again. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Section } from "@/components/layout/page";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { Button } from "@/components/ui/button";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime } from "@/components/ui/time";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { RunSummary } from "@/server/domain/views/runs";

const loadRetry = () => import("@/components/runs/run-page/retry-dialog");

const DAYS_MS = 7 * 86_400_000;

const weekAgo = (): string => new Date(Math.floor((Date.now() - DAYS_MS) / 60_000) * 60_000).toISOString();

export function FailedLately() {
  const trpc = useTRPC();
  const [createdAfter] = useState(weekAgo);
  const query = useQuery(trpc.runs.list.queryOptions({ states: ["failed"], createdAfter, limit: 6 }));
  const runs = query.data?.items;
  const [retried, setRetried] = useState<RunSummary | null>(null);
  const { part, demand } = useOnDemand(loadRetry);
  return (
    <Section
      title="Failed in the last 7 days"
      aside={
        runs && runs.length > 0 ? (
          <Link className="text-accent hover:underline" href="/runs?state=failed&since=7d">
            All {query.data?.total.toLocaleString("en")}
          </Link>
        ) : null
      }
    >
      {query.isPending ? <SkeletonRows rows={3} label="Loading what failed" /> : null}
      {runs?.length === 0 ? <p className="border-y py-4 text-sm text-dim">Nothing failed.</p> : null}
      {runs && runs.length > 0 ? (
        <ul className="divide-y divide-line border-y">
          {runs.map((run) => (
            <li key={run.id} className="group/row flex items-center gap-3 hover:bg-hover">
              <RunStatus state={run.state} compact />
              <Link href={`/runs/${run.id}`} className="min-w-0 flex-1 rounded-sm py-2">
                <span className="flex items-baseline gap-2">
                  <span className="truncate text-sm font-medium">{run.name}</span>
                  <RelativeTime at={run.finishedAt ?? run.createdAt} className="text-xs text-faint" />
                </span>
                <span className="block truncate text-xs text-failed">
                  {run.reason?.message ?? "No reason was recorded."}
                </span>
              </Link>
              <Button
                size="sm"
                look="ghost"
                aria-haspopup="dialog"
                aria-label={`Retry ${run.name}`}
                reason={run.archivedAt === null ? undefined : "It is archived. Restore it first."}
                onClick={() => demand(() => setRetried(run))}
              >
                <RotateCcw />
                Retry
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {retried && part ? <part.RetryDialog run={retried} onClose={() => setRetried(null)} /> : null}
    </Section>
  );
}

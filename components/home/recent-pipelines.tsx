/** The pipelines used last, each with its last run and a way to run it again. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { Section } from "@/components/layout/page";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button, ButtonLink } from "@/components/ui/button";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime } from "@/components/ui/time";
import type { PipelineSummary } from "@/server/domain/views/pipelines";

export function RecentPipelines() {
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.list.queryOptions({ sort: "updated", limit: 6 }));
  useRefresh(["pipelines"], [trpc.pipelines.list.pathFilter()], 1000);
  return (
    <Section
      title="Recent pipelines"
      aside={
        <Link className="text-accent hover:underline" href="/pipelines">
          All
        </Link>
      }
    >
      {query.isPending ? <SkeletonRows rows={3} label="Loading pipelines" /> : null}
      {query.data && query.data.items.length > 0 ? (
        <ul className="divide-y divide-line border-y">
          {query.data.items.map((pipeline) => (
            <Row key={pipeline.id} pipeline={pipeline} />
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

function Row({ pipeline }: { readonly pipeline: PipelineSummary }) {
  const { latestVersion, lastRun } = pipeline;
  return (
    <li className="flex items-center gap-3 hover:bg-hover">
      <Link href={`/pipelines/${pipeline.id}`} className="min-w-0 flex-1 rounded-sm py-2">
        <span className="block truncate text-sm font-medium">{pipeline.name}</span>
        <span className="flex items-center gap-2 text-xs text-dim">
          {latestVersion
            ? `v${latestVersion.number} · ${latestVersion.stepCount === 1 ? "1 step" : `${latestVersion.stepCount} steps`}`
            : "no version"}
          {lastRun ? (
            <>
              <RunStatus state={lastRun.state} className="text-xs [&_svg]:size-3.5" />
              <RelativeTime at={lastRun.createdAt} />
            </>
          ) : null}
        </span>
      </Link>
      {latestVersion?.state === "runnable" ? (
        <ButtonLink
          size="sm"
          look="ghost"
          href={lastRun ? `/runs/new?cloneFrom=${lastRun.id}` : `/runs/new?pipeline=${pipeline.id}`}
          aria-label={`${lastRun ? "Run again" : "Run"}: ${pipeline.name}`}
        >
          <Play />
          {lastRun ? "Run again" : "Run"}
        </ButtonLink>
      ) : (
        <Button size="sm" look="ghost" reason="The newest version is incomplete: files it names are missing">
          <Play />
          Run
        </Button>
      )}
    </li>
  );
}

/** The versions of a pipeline, newest first, as a rail; on narrow screens a list to choose from. */
"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { GitCompareArrows } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useTRPC } from "@/components/trpc/client";
import { Button, ButtonLink } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { RelativeTime } from "@/components/ui/time";
import { Tooltip } from "@/components/ui/tooltip";
import type { VersionSummary } from "@/server/domain/views/pipelines";
import { diffHref } from "../diff/diff-href";
import { VersionPicker } from "../version-picker";

export function VersionRail({
  pipelineId,
  current,
  total,
}: {
  readonly pipelineId: string;
  readonly current: VersionSummary;
  readonly total: number;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const search = useSearchParams();
  const query = useInfiniteQuery(
    trpc.pipelines.versions.infiniteQueryOptions(
      { id: pipelineId, limit: 30 },
      { getNextPageParam: (page) => page.next },
    ),
  );
  const versions = query.data?.pages.flatMap((page) => page.items) ?? [current];
  // The tab stays the same while one walks through the versions.
  const tab = search.get("tab");
  const hrefOf = (number: number) => `/pipelines/${pipelineId}/versions/${number}${tab ? `?tab=${tab}` : ""}`;
  return (
    <aside aria-label="Versions" className="min-w-0">
      <div className="flex gap-2 lg:hidden">
        <VersionPicker
          aria-label="Version"
          pipelineId={pipelineId}
          version={current}
          onChoose={(id) => {
            const chosen = versions.find((version) => version.id === id);
            if (chosen) router.push(hrefOf(chosen.number));
          }}
        />
        {total > 1 ? (
          <ButtonLink href={diffHref(pipelineId, current.number > 1 ? current.number - 1 : null, current.number)}>
            <GitCompareArrows aria-hidden />
            Compare
          </ButtonLink>
        ) : null}
      </div>
      <div className="max-lg:hidden">
        <h2 className="flex h-9 items-center justify-between px-2 text-xs font-medium text-faint">
          Versions <span>{total}</span>
        </h2>
        {total > 1 ? (
          <Link
            href={diffHref(pipelineId, current.number > 1 ? current.number - 1 : null, current.number)}
            className="mb-1 flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-dim hover:bg-hover hover:text-ink"
          >
            <GitCompareArrows aria-hidden className="size-3.5" />
            Compare v{current.number}
          </Link>
        ) : null}
        <ol className="flex flex-col gap-0.5">
          {versions.map((version) => {
            const isCurrent = version.id === current.id;
            return (
              <li key={version.id}>
                <Tooltip content={version.description || version.name} side="right">
                  <Link
                    href={hrefOf(version.number)}
                    aria-current={isCurrent ? "page" : undefined}
                    className={cn(
                      "flex flex-col rounded-md px-2 py-1.5 hover:bg-hover",
                      isCurrent && "bg-accent-soft hover:bg-accent-soft",
                    )}
                  >
                    <span className={cn("text-sm font-medium", isCurrent && "text-accent")}>
                      v{version.number}
                      {version.state === "incomplete" ? (
                        <span className="text-xs font-normal text-queued"> incomplete</span>
                      ) : null}
                    </span>
                    <RelativeTime at={version.createdAt} className="text-xs text-dim" />
                  </Link>
                </Tooltip>
              </li>
            );
          })}
        </ol>
        {query.hasNextPage ? (
          <Button size="sm" look="ghost" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older
          </Button>
        ) : null}
      </div>
    </aside>
  );
}

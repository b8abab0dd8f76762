/** The first page: what runs, what failed, what was used last, what is due next; on a new installation the first steps. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { FailedLately } from "./failed-lately";
import { FirstSteps } from "./first-steps";
import { HashRedirect } from "./hash-redirect";
import { NextScheduled } from "./next-scheduled";
import { RecentPipelines } from "./recent-pipelines";
import { RunningNow } from "./running-now";

/** The first steps stay in sight until this many runs were made. */
const STILL_NEW = 5;

export function HomePage() {
  const trpc = useTRPC();
  const any = useQuery(trpc.runs.list.queryOptions({ limit: 1 }));
  useRefresh(["runs"], [trpc.runs.list.pathFilter()], 1000);
  const isNew = any.data?.total === 0;
  return (
    <Page className="gap-6">
      <HashRedirect />
      <Crumbs items={[{ label: "Home" }]} />
      {any.data ? null : <PageTitle title="Home" />}
      {any.isPending ? <SkeletonRows rows={6} label="Loading" /> : null}
      {any.isError && !any.data ? (
        <ErrorState
          title="The runs could not be loaded"
          message={callProblem(any.error).message}
          onRetry={() => void any.refetch()}
        />
      ) : null}
      {isNew ? (
        <>
          <PageTitle
            title="Welcome to Penstock"
            note="Pipelines run here as they are, every run is kept, and every page follows it live."
          />
          <FirstSteps />
        </>
      ) : null}
      {any.data && !isNew ? (
        <>
          <PageTitle
            title="Home"
            actions={
              <ButtonLink look="primary" href="/runs/new">
                <Plus />
                Create run
              </ButtonLink>
            }
          />
          <RunningNow />
          <div className="grid gap-x-10 gap-y-6 xl:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-6">
              <FailedLately />
              <NextScheduled />
            </div>
            <RecentPipelines />
          </div>
          {any.data.total < STILL_NEW ? <FirstSteps /> : null}
        </>
      ) : null}
    </Page>
  );
}

/** The page of one run: its head, what failed or is not applied, and its views. */
"use client";

import { Crumbs } from "@/components/layout/crumbs";
import { UnreadPage } from "@/components/layout/unread-page";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/views/runs";
import { STATE_LOOKS } from "../run-status";
import { EarlierLine } from "./earlier-line";
import { FailureLine, Notices, RunWhy } from "./run-banners";
import { RunTitle } from "./run-title";
import { RunViews } from "./run-views";
import { useEarlierRuns, useRun, useRunVersion } from "./use-run";
import { useRunUrl } from "./use-run-url";
import { useStateFavicon } from "./use-state-favicon";

/** In a row of tabs only the first words are seen: the state comes with the name. */
const crumbs = (run: RunView) => [
  { label: "Runs", href: "/runs" },
  { label: `${run.name} · ${STATE_LOOKS[run.state].label.toLowerCase()}` },
];

export function RunPage({ id }: { readonly id: string }) {
  const { run, error, refetch } = useRun(id);
  const version = useRunVersion(run?.version.id);
  const earlier = useEarlierRuns(id);
  const [url, setUrl] = useRunUrl();
  useStateFavicon(run?.state);

  if (run === undefined) {
    return (
      <UnreadPage noun="run" list={{ label: "Runs", href: "/runs" }} error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className="flex h-full min-h-120 flex-col">
      <Crumbs items={crumbs(run)} />
      <div className="flex shrink-0 flex-col gap-2 px-6 pt-4 pb-2 max-md:px-4">
        <RunTitle run={run} expectedMs={earlier?.expectedMs ?? null} specFile={version.data?.specFile ?? null} />
        <FailureLine
          run={run}
          onOpen={(task) =>
            void setUrl({ task, step: null, tab: null, attempt: null, line: null }, { history: "push" })
          }
        />
        <RunWhy run={run} />
        {run.state === "failed" && earlier !== undefined ? <EarlierLine earlier={earlier} /> : null}
        <Notices notices={run.notices} />
      </div>
      {version.data === undefined ? (
        <div className="px-6">
          {version.error === null ? (
            <SkeletonRows rows={6} label="Loading the pipeline" />
          ) : (
            <ErrorState
              title="The pipeline of this run cannot be shown"
              message={callProblem(version.error).message}
              onRetry={() => void version.refetch()}
            />
          )}
        </div>
      ) : (
        <RunViews key={run.id} run={run} earlier={earlier} version={version.data} url={url} setUrl={setUrl} />
      )}
    </div>
  );
}

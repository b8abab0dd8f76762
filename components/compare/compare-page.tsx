/** Two to ten runs side by side: what differs, how far from a baseline, and everything else about them. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { type ComparisonView, MOST_COMPARED } from "@/server/domain/views/compare";
import { AddRun } from "./add-run";
import { CompareNotes } from "./compare-notes";
import { useCompareUrl } from "./compare-url";
import { CompareViews } from "./compare-views";
import { ExportMenu } from "./export-menu";
import { PickRuns } from "./pick-runs";
import { arranged } from "./rows/arranged";
import { allSections, baselinePlace } from "./rows/comparison";
import { setTray, useTray } from "./tray";
import { useComparedRuns } from "./use-compared-runs";

const CRUMBS = [{ label: "Runs", href: "/runs" }, { label: "Compare" }];

export function ComparePage() {
  const [url, setUrl] = useCompareUrl();
  const tray = useTray();
  const asked = [...new Set(url.runs)].filter((id) => id !== "");
  const ids = asked.slice(0, MOST_COMPARED);
  const choose = (next: readonly string[]) => {
    setTray(next);
    void setUrl({ runs: next.length === 0 ? null : [...next] });
  };
  if (ids.length < 2) {
    return (
      <Page>
        <Crumbs items={CRUMBS} />
        <PageTitle title="Compare" />
        <PickRuns ids={ids} tray={tray.ids} onChange={choose} />
      </Page>
    );
  }
  return <Comparison ids={ids} refused={asked.length - ids.length} />;
}

function Comparison({ ids, refused }: { readonly ids: readonly string[]; readonly refused: number }) {
  const trpc = useTRPC();
  const [url, setUrl] = useCompareUrl();
  const actions = useComparedRuns(ids, setUrl);
  // Their order is the page's affair: the same runs are asked for once.
  const input = { runs: [...ids].sort() };
  const query = useQuery(trpc.compare.runs.queryOptions(input, { placeholderData: keepPreviousData }));
  useRefresh(
    [...ids.map((id) => `run:${id}`), "pipelines", "experiments"],
    [trpc.compare.runs.queryFilter(input)],
    1000,
  );
  const order = ids.join();
  const view = useMemo(
    () => (query.data === undefined ? undefined : arranged(query.data, order.split(","))),
    [query.data, order],
  );
  if (view !== undefined) {
    return <Compared view={view} ids={ids} refused={refused} url={url} setUrl={setUrl} actions={actions} />;
  }
  return (
    <Page>
      <Crumbs items={CRUMBS} />
      <PageTitle title="Compare" />
      {query.isError ? (
        <ErrorState
          title="The runs could not be compared"
          message={callProblem(query.error).message}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonRows rows={10} label="Loading the comparison" />
      )}
    </Page>
  );
}

function Compared({
  view,
  ids,
  refused,
  url,
  setUrl,
  actions,
}: {
  readonly view: ComparisonView;
  readonly ids: readonly string[];
  readonly refused: number;
  readonly url: ReturnType<typeof useCompareUrl>[0];
  readonly setUrl: ReturnType<typeof useCompareUrl>[1];
  readonly actions: ReturnType<typeof useComparedRuns>;
}) {
  const baseline = baselinePlace(view.runs, url.base);
  const sections = useMemo(() => allSections(view, baseline, url.pick), [view, baseline, url.pick]);
  return (
    <div className="flex h-full min-h-120 flex-col">
      <Crumbs items={CRUMBS} />
      <div className="flex shrink-0 flex-col gap-2 px-6 pt-4 pb-1 max-md:px-4">
        <PageTitle
          title={`Compare ${view.runs.length} ${view.runs.length === 1 ? "run" : "runs"}`}
          actions={
            <>
              <AddRun ids={ids} onAdd={actions.add} />
              <ExportMenu view={view} sections={sections} baseline={baseline} />
            </>
          }
        />
        <CompareNotes view={view} refused={refused} actions={actions} />
      </div>
      <CompareViews view={view} sections={sections} baseline={baseline} url={url} setUrl={setUrl} actions={actions} />
    </div>
  );
}

/** The views of a comparison as tabs; all but the table are fetched when they are opened. */
"use client";

import dynamic from "next/dynamic";
import { EmptyState } from "@/components/ui/empty-state";
import { PartBoundary } from "@/components/ui/part-boundary";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { COMPARE_VIEWS, type CompareView } from "./compare-url";
import { RunStrip } from "./run-strip";
import { TableView } from "./table-view";
import type { CompareViewProps } from "./view-props";

const loading = () => <SkeletonRows rows={6} label="Loading the view" />;
const ChartsView = dynamic(() => import("./charts/charts-view").then((module) => module.ChartsView), { loading });
const ArtifactsView = dynamic(() => import("./artifacts-view").then((module) => module.ArtifactsView), { loading });
const SpecificationView = dynamic(
  () => import("./lines/specification-view").then((module) => module.SpecificationView),
  { loading },
);
const LogsView = dynamic(() => import("./lines/logs-view").then((module) => module.LogsView), { loading });

const TITLES: { readonly [view in CompareView]: string } = {
  table: "Table",
  charts: "Charts",
  artifacts: "Artifacts",
  specification: "Specification",
  logs: "Logs",
};

function Body(props: CompareViewProps) {
  switch (props.url.view) {
    case "table":
      return <TableView {...props} />;
    case "charts":
      return <ChartsView {...props} />;
    case "artifacts":
      return <ArtifactsView {...props} />;
    case "specification":
      return <SpecificationView {...props} />;
    case "logs":
      return <LogsView {...props} />;
  }
}

export function CompareViews(props: CompareViewProps) {
  const { view, baseline, url, setUrl, actions } = props;
  if (view.runs.length === 0) {
    return (
      <EmptyState title="None of these runs is there any more">
        Add other runs above, or open a comparison from the list of runs.
      </EmptyState>
    );
  }
  return (
    <Tabs
      value={url.view}
      onValueChange={(next) => void setUrl({ view: COMPARE_VIEWS.find((each) => each === next) ?? null })}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabsList aria-label="Views of the comparison" className="shrink-0 px-6 max-md:px-4">
        {COMPARE_VIEWS.map((each) => (
          <TabsTrigger key={each} value={each}>
            {TITLES[each]}
          </TabsTrigger>
        ))}
      </TabsList>
      <TabsContent value={url.view} tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        {url.view === "table" ? null : <RunStrip runs={view.runs} baseline={baseline} actions={actions} />}
        <PartBoundary key={url.view} what="This view">
          <Body {...props} />
        </PartBoundary>
      </TabsContent>
    </Tabs>
  );
}

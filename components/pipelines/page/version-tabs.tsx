/** The tabs of a version; which one is open stands in the URL. */
"use client";

import type { ReactNode } from "react";
import { useListTab } from "@/components/lists/use-list-tab";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { PipelineSummary, VersionView } from "@/server/domain/views/pipelines";
import { FilesTab } from "./files-tab";
import { GraphTab } from "./graph-tab";
import { ParametersTab } from "./parameters-tab";
import { countProblems, ProblemsTab } from "./problems-tab";
import { RecurringTab } from "./recurring-tab";
import { RunGrid } from "./run-grid/run-grid";
import { RunsTab } from "./runs-tab";
import { SettingsTab } from "./settings-tab";
import { SpecTab } from "./spec-tab";

const TABS = ["overview", "graph", "runs", "recurring", "parameters", "files", "spec", "problems", "settings"] as const;
type Tab = (typeof TABS)[number];

export function VersionTabs({
  pipeline,
  version,
}: {
  readonly pipeline: PipelineSummary;
  readonly version: VersionView;
}) {
  const [tab, setTab] = useListTab(TABS);
  const problems = countProblems(version);
  const labels: { readonly [tab in Tab]: ReactNode } = {
    overview: "Overview",
    graph: "Graph",
    runs: "Runs",
    recurring: "Recurring",
    parameters: <Counted count={version.graph.parameters.length}>Parameters</Counted>,
    files: (
      <Counted
        count={version.files.length}
        alert={version.missing.length > 0 ? `${version.missing.length} missing` : null}
      >
        Files
      </Counted>
    ),
    spec: "Spec",
    problems: <Counted count={problems}>Problems</Counted>,
    settings: "Settings",
  };
  return (
    <Tabs value={tab} onValueChange={setTab} className="flex min-h-0 min-w-0 flex-col">
      <TabsList aria-label="About this version" className="mb-4">
        {TABS.map((each) => (
          <TabsTrigger key={each} value={each}>
            {labels[each]}
          </TabsTrigger>
        ))}
      </TabsList>
      <TabsContent value="settings">
        <SettingsTab pipeline={pipeline} />
      </TabsContent>
      <TabsContent value="overview">
        <RunGrid pipelineId={pipeline.id} />
      </TabsContent>
      <TabsContent value="runs">
        <RunsTab pipeline={pipeline} />
      </TabsContent>
      <TabsContent value="recurring">
        <RecurringTab pipeline={pipeline} />
      </TabsContent>
      <TabsContent value="graph" className="flex min-h-0 flex-1 flex-col">
        <GraphTab version={version} />
      </TabsContent>
      <TabsContent value="parameters">
        <ParametersTab parameters={version.graph.parameters} />
      </TabsContent>
      <TabsContent value="files">
        <FilesTab version={version} />
      </TabsContent>
      <TabsContent value="spec">
        <SpecTab version={version} />
      </TabsContent>
      <TabsContent value="problems">
        <ProblemsTab version={version} />
      </TabsContent>
    </Tabs>
  );
}

function Counted({
  count,
  alert = null,
  children,
}: {
  readonly count: number;
  readonly alert?: string | null;
  readonly children: ReactNode;
}) {
  return (
    <>
      {children}
      {alert ? (
        <span className="text-xs font-normal text-queued">{alert}</span>
      ) : count > 0 ? (
        <span className="text-xs font-normal text-faint">{count}</span>
      ) : null}
    </>
  );
}

/** The tabs of a run and, beside graph, timeline and steps, the panel of the open step. */
"use client";

import dynamic from "next/dynamic";
import { useCallback, useMemo, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import { useKeys } from "@/components/keys/use-keys";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Tabs, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { StepPath } from "@/pipelines/graph";
import type { RunView, VersionView } from "@/server/domain/views";
import { type RunRow, runRows } from "./run-rows";
import { RunDetails, RunOutputs, RunParameters } from "./run-tabs-content";
import { addressOf, defaultView, initialTask, openRow, taskOfStep } from "./selection";
import { StepPanel } from "./step-panel/step-panel";
import { StepsTable } from "./steps-table";
import { Timeline } from "./timeline";
import { useNarrow } from "./use-narrow";
import { RUN_VIEWS, type RunUrl, type RunViewName, type SetRunUrl } from "./use-run-url";

const PipelineGraphView = dynamic(
  () => import("@/components/graph/pipeline-graph").then((module) => module.PipelineGraphView),
  { ssr: false, loading: () => <SkeletonRows rows={4} label="Drawing the graph" /> },
);

const LABELS: { readonly [view in RunViewName]: string } = {
  graph: "Graph",
  timeline: "Timeline",
  steps: "Steps",
  outputs: "Outputs",
  parameters: "Parameters",
  details: "Details",
};

const hasSteps = (view: RunViewName): boolean => view === "graph" || view === "timeline" || view === "steps";

export function RunViews({
  run,
  version,
  url,
  setUrl,
}: {
  readonly run: RunView;
  readonly version: VersionView;
  readonly url: RunUrl;
  readonly setUrl: SetRunUrl;
}) {
  const isNarrow = useNarrow();
  const { graph } = version;
  const [opensWith] = useState(() => ({
    view: defaultView(graph.steps.length, isNarrow),
    task: initialTask(run, isNarrow),
  }));
  const [isClosed, setClosed] = useState(false);
  const view = url.view ?? opensWith.view;
  const rows = useMemo(() => runRows(graph, run.tasks), [graph, run.tasks]);
  const row = openRow(rows, url, isClosed ? null : opensWith.task);
  const layout = useDefaultLayout({ id: "penstock-run", storage: localStorage });

  const select = useCallback(
    (next: Pick<RunRow, "task" | "stepPath"> | null, history: "push" | "replace" = "push") => {
      setClosed(next === null);
      const address = next === null ? { task: null, step: null } : addressOf(next);
      void setUrl({ ...address, attempt: null, line: null }, { history });
    },
    [setUrl],
  );
  const selectRow = useCallback((next: RunRow) => select(next), [select]);
  const selectStep = useCallback(
    (path: StepPath | null) =>
      path === null
        ? select(null, "replace")
        : select({ stepPath: path, task: taskOfStep(run.tasks, path)?.id ?? null }),
    [select, run.tasks],
  );
  const move = (direction: 1 | -1) => {
    const at = row === null ? -1 : rows.findIndex((each) => each.key === row.key);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + direction))];
    // Walking through the steps is one visit, not twenty steps back.
    if (next !== undefined) select(next, "replace");
  };
  const close = () => select(null, "replace");

  useKeys({
    "]": () => move(1),
    "[": () => move(-1),
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
    ...(row === null ? {} : { esc: close }),
  });

  const views = () => {
    switch (view) {
      case "graph":
        return (
          <PipelineGraphView graph={graph} tasks={run.tasks} selected={row?.stepPath ?? null} onSelect={selectStep} />
        );
      case "timeline":
        return <Timeline run={run} rows={rows} selected={row?.key ?? null} onSelect={selectRow} />;
      case "steps":
        return (
          <StepsTable
            rows={rows}
            selected={row?.key ?? null}
            onSelect={selectRow}
            query={url.q}
            onQuery={(q) => void setUrl({ q })}
            sort={url.sort}
            onSort={(sort) => void setUrl({ sort })}
          />
        );
      case "outputs":
        return <RunOutputs run={run} />;
      case "parameters":
        return <RunParameters run={run} />;
      case "details":
        return <RunDetails run={run} />;
    }
  };

  const panel =
    row === null || !hasSteps(view) ? null : (
      <StepPanel
        row={row}
        summary={run.tasks.find((task) => task.id === row.task)}
        step={graph.steps.find((step) => step.path === row.stepPath)}
        siblings={run.tasks.filter((task) => task.stepPath === row.stepPath)}
        notices={run.notices.filter((notice) => notice.step === row.stepPath)}
        url={url}
        setUrl={setUrl}
        onClose={close}
        onMove={move}
        isPage={isNarrow}
      />
    );

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Tabs
        value={view}
        onValueChange={(value) =>
          void setUrl({ view: RUN_VIEWS.find((each) => each === value) ?? null }, { history: "push" })
        }
      >
        <TabsList className="px-4 max-md:px-2">
          {RUN_VIEWS.map((each) => (
            <TabsTrigger key={each} value={each} aria-controls="run-view">
              {LABELS[each]}
            </TabsTrigger>
          ))}
        </TabsList>
      </Tabs>
      <div id="run-view" className="min-h-0 flex-1">
        {panel !== null && isNarrow ? (
          <div className="fixed inset-0 z-40 bg-surface">{panel}</div>
        ) : (
          <Group orientation="horizontal" className="size-full" {...layout}>
            <Panel id="view" minSize={260} className="relative">
              {views()}
            </Panel>
            {panel === null ? null : (
              <>
                <Separator
                  aria-label="Width of the step panel"
                  className="w-px bg-line outline-offset-1 hover:bg-accent data-[separator=active]:bg-accent data-[separator=hover]:bg-accent"
                />
                <Panel id="panel" minSize={320} defaultSize="46%" className="relative animate-slide-in">
                  {panel}
                </Panel>
              </>
            )}
          </Group>
        )}
      </div>
    </div>
  );
}

/** The tabs of a run and, beside graph, timeline and steps, the panel of the open step. */
"use client";

import dynamic from "next/dynamic";
import { useCallback, useMemo, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import { useKeys } from "@/components/keys/use-keys";
import { PartBoundary } from "@/components/ui/part-boundary";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Tabs, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { StepPath } from "@/pipelines/graph";
import { isRunOver } from "@/server/domain/states";
import type { EarlierRunsView } from "@/server/domain/views/earlier-runs";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { RunLogLine } from "@/server/domain/views/run-log";
import type { RunView } from "@/server/domain/views/runs";
import { RunOutputs } from "./run-outputs";
import { type RunRow, runRows } from "./run-rows";
import { RunDetails, RunParameters } from "./run-tabs-content";
import { addressOf, defaultView, initialTask, taskOfStep } from "./selection";
import { StepPanel } from "./step-panel/step-panel";
import { StepsTable } from "./steps-table";
import { Timeline } from "./timeline";
import { useFolding } from "./use-folding";
import { useNarrow } from "./use-narrow";
import { useOpenRow } from "./use-open-row";
import { RUN_VIEWS, type RunUrl, type RunViewName, type SetRunUrl } from "./use-run-url";

const PipelineGraphView = dynamic(
  () => import("@/components/graph/pipeline-graph").then((module) => module.PipelineGraphView),
  { ssr: false, loading: () => <SkeletonRows rows={4} label="Drawing the graph" /> },
);

const RunLog = dynamic(() => import("@/components/logs/run-log").then((module) => module.RunLog), {
  loading: () => <SkeletonRows rows={8} label="Opening the logs" />,
});

const LABELS: { readonly [view in RunViewName]: string } = {
  graph: "Graph",
  timeline: "Timeline",
  steps: "Steps",
  log: "Log",
  outputs: "Outputs",
  parameters: "Parameters",
  details: "Details",
};

const NOTHING_EXPECTED: EarlierRunsView["expectedStepMs"] = {};

const hasSteps = (view: RunViewName): boolean => view === "graph" || view === "timeline" || view === "steps";

export function RunViews({
  run,
  earlier,
  version,
  url,
  setUrl,
}: {
  readonly run: RunView;
  readonly earlier: EarlierRunsView | undefined;
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
  const { tasks, tasksLeftOut, loops, stepSums } = run;
  const given = useMemo(() => ({ tasks, tasksLeftOut, loops, stepSums }), [tasks, tasksLeftOut, loops, stepSums]);
  const allRows = useMemo(() => runRows(graph, given), [graph, given]);
  const { row, task } = useOpenRow(run, graph, allRows, url, isClosed ? null : opensWith.task);
  const folding = useFolding(allRows, row);
  const { rows } = folding;
  const layout = useDefaultLayout({ id: "penstock-run", storage: localStorage });

  const select = useCallback(
    (next: Pick<RunRow, "task" | "stepPath"> | null, history: "push" | "replace" = "push") => {
      setClosed(next === null);
      const address = next === null ? { task: null, step: null } : addressOf(next);
      void setUrl({ ...address, attempt: null, line: null }, { history });
    },
    [setUrl],
  );
  const selectRow = useCallback(
    (next: RunRow) => {
      if (next.standsFor === "task") return select(next);
      setClosed(false);
      void setUrl({ ...addressOf(next), tab: "inside", show: null }, { history: "push" });
    },
    [select, setUrl],
  );
  const selectStep = useCallback(
    (path: StepPath | null) =>
      path === null ? select(null, "replace") : select({ stepPath: path, task: taskOfStep(tasks, path)?.id ?? null }),
    [select, tasks],
  );
  const move = (direction: 1 | -1) => {
    const at = row === null ? -1 : rows.findIndex((each) => each.key === row.key);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + direction))];
    // Walking through the steps is one visit, not twenty steps back.
    if (next !== undefined) select(next, "replace");
  };
  const close = () => select(null, "replace");

  const openStepLog = (line: RunLogLine) => {
    setClosed(false);
    const { task, number } = line;
    void setUrl({ view: "steps", task, step: null, tab: "logs", attempt: number, line: null }, { history: "push" });
  };

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
        return <PipelineGraphView graph={graph} run={given} selected={row?.stepPath ?? null} onSelect={selectStep} />;
      case "timeline":
        return (
          <Timeline
            run={run}
            graph={graph}
            allRows={allRows}
            expected={earlier?.expectedStepMs ?? NOTHING_EXPECTED}
            folding={folding}
            selected={row?.key ?? null}
            onSelect={selectRow}
          />
        );
      case "steps":
        return (
          <StepsTable
            folding={folding}
            allRows={allRows}
            leftOut={tasksLeftOut}
            selected={row?.key ?? null}
            onSelect={selectRow}
            query={url.q}
            onQuery={(q) => void setUrl({ q })}
            sort={url.sort}
            onSort={(sort) => void setUrl({ sort })}
          />
        );
      case "log":
        return (
          <RunLog
            runId={run.id}
            isOver={isRunOver(run.state)}
            at={url.at}
            onAt={(at) => void setUrl({ at })}
            levels={url.level}
            onLevels={(level) => void setUrl({ level: [...level] })}
            find={url.find}
            onFind={(find) => void setUrl({ find })}
            onStep={openStepLog}
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
        run={run}
        row={row}
        summary={task}
        graph={graph}
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
              <PartBoundary key={view} what="This view">
                {views()}
              </PartBoundary>
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

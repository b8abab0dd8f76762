/** One step of the run, beside the views or as a page of its own on a phone. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ChevronLeft, ChevronRight, X } from "lucide-react";
import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { StepKindIcon } from "@/components/graph/step-kind";
import { LogViewer } from "@/components/logs/log-viewer";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { IconButton } from "@/components/ui/button";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { PipelineGraph } from "@/pipelines/graph";
import { isAttemptOver, isRunOver, isTaskOver } from "@/server/domain/states";
import type { AttemptView } from "@/server/domain/views/attempts";
import type { NoticeView, RunView } from "@/server/domain/views/runs";
import type { TaskSummary, TaskView } from "@/server/domain/views/tasks";
import { RunStatus } from "../../run-status";
import { isLoop, iterationsByLoop } from "../../run-tasks";
import { WhyPanel } from "../../why/why-panel";
import type { RunRow } from "../run-rows";
import { PANEL_TABS, type PanelTab, type RunUrl, type SetRunUrl } from "../use-run-url";
import { Attempts } from "./attempts";
import { CacheLine } from "./cache-line";
import { Code } from "./code";
import { Configuration } from "./configuration";
import { PanelBody } from "./facts";
import { Inside } from "./inside";
import { IterationBar } from "./iteration-bar";
import { Overview } from "./overview";
import { StepMenu } from "./step-menu";
import { Values } from "./values";

/** Notebooks bring their own readers along; a run without them need not load these. */
const CellsTab = dynamic(() => import("./cells-tab").then((module) => module.CellsTab), {
  loading: () => <SkeletonRows rows={4} label="Loading the cells" />,
});

const LABELS: { readonly [tab in PanelTab]: string } = {
  cells: "Cells",
  inside: "Steps",
  logs: "Logs",
  overview: "Overview",
  values: "Inputs/Outputs",
  attempts: "Attempts",
  configuration: "Configuration",
  code: "Code",
};

/** Tabs of a step that runs something, and of one that holds others. */
const LEAF_TABS: readonly PanelTab[] = ["logs", "overview", "values", "attempts", "configuration", "code"];
const GROUP_TABS: readonly PanelTab[] = ["inside", "overview", "values", "configuration"];

function tabsOf(row: RunRow): readonly PanelTab[] {
  if (row.isGroup) return row.task === null ? ["overview", "configuration"] : GROUP_TABS;
  return row.kind === "notebook" ? ["cells", ...LEAF_TABS] : LEAF_TABS;
}

function firstTab(row: RunRow): PanelTab {
  if (row.task === null) return "overview";
  if (row.isGroup) return row.kind === "loop" ? "inside" : "overview";
  return row.kind === "notebook" ? "cells" : "logs";
}

/** What is said in the place of a log; null when there may be one. Why it is so stands above it. */
function noLogText(task: TaskSummary): string | null {
  if (task.state === "cached" || task.state === "skipped" || task.state === "omitted") return "Nothing was run.";
  if (task.attempt > 0) return null;
  return isTaskOver(task.state) ? "No attempt was made." : "It opens here by itself once the step begins.";
}

function Logs({
  why,
  task,
  attempt,
  url,
  setUrl,
}: {
  readonly why: ReactNode;
  readonly task: TaskSummary;
  readonly attempt: AttemptView | null;
  readonly url: RunUrl;
  readonly setUrl: SetRunUrl;
}) {
  const instead = noLogText(task);
  const number = url.attempt ?? task.attempt;
  if (instead !== null || number === 0) {
    return (
      <PanelBody>
        {why}
        <EmptyState title="No log">{instead}</EmptyState>
      </PanelBody>
    );
  }
  const attempts = Array.from({ length: task.attempt }, (_, i) => ({
    value: String(i + 1),
    label: `Attempt ${i + 1}`,
  }));
  return (
    <div className="flex h-full min-h-0 flex-col">
      {task.reason === null ? null : (
        <div className="scroll-thin max-h-32 shrink-0 overflow-y-auto px-3 pt-2 [&>div]:mb-2">{why}</div>
      )}
      <div className="min-h-0 flex-1">
        <LogViewer
          key={`${task.id}/${number}`}
          task={task.id}
          attempt={number}
          isOver={attempt === null ? isTaskOver(task.state) : isAttemptOver(attempt.state)}
          startedAt={attempt?.startedAt ?? task.startedAt}
          line={url.line}
          onLine={(line) => void setUrl({ line, task: task.id, tab: "logs" })}
          levels={url.level}
          onLevels={(level) => void setUrl({ level: [...level] })}
          leading={
            task.attempt > 1 ? (
              <Select
                aria-label="Attempt"
                className="w-30 shrink-0 [&_select]:h-7 [&_select]:text-xs"
                options={attempts}
                value={String(number)}
                onValueChange={(value) => void setUrl({ attempt: Number(value), line: null })}
              />
            ) : null
          }
        />
      </div>
    </div>
  );
}

interface StepPanelProps {
  readonly run: RunView;
  readonly row: RunRow;
  readonly summary: TaskSummary | undefined;
  readonly graph: PipelineGraph;
  readonly notices: readonly NoticeView[];
  readonly url: RunUrl;
  readonly setUrl: SetRunUrl;
  readonly onClose: () => void;
  readonly onMove: (direction: 1 | -1) => void;
  readonly isPage: boolean;
}

function Header({ run, row, summary, onClose, onMove, isPage }: StepPanelProps) {
  return (
    <header className="flex min-h-11 shrink-0 items-center gap-2 pr-2 pl-4">
      {isPage ? (
        <IconButton size="sm" label="Back to the run" onClick={onClose} className="-ml-2">
          <ArrowLeft />
        </IconButton>
      ) : null}
      <StepKindIcon kind={row.kind} />
      <h2 className="min-w-0 truncate text-base font-semibold" title={row.name}>
        {row.name}
      </h2>
      {row.state === null ? (
        <span className="text-sm text-faint">{isRunOver(run.state) ? "Not part of this run" : "Not reached"}</span>
      ) : (
        <RunStatus state={row.state} reason={row.reason} />
      )}
      {summary === undefined || summary.startedAt === null ? null : (
        <Duration from={summary.startedAt} to={summary.finishedAt} className="text-dim max-sm:hidden" />
      )}
      <span className="ml-auto flex items-center">
        <StepMenu run={run} row={row} />
        <IconButton size="sm" label="Step above ([)" onClick={() => onMove(-1)}>
          <ChevronLeft />
        </IconButton>
        <IconButton size="sm" label="Step below (])" onClick={() => onMove(1)}>
          <ChevronRight />
        </IconButton>
        {isPage ? null : (
          <IconButton size="sm" label="Close (Esc)" onClick={onClose}>
            <X />
          </IconButton>
        )}
      </span>
    </header>
  );
}

interface Ways {
  readonly onOpen: (task: Pick<TaskSummary, "id">) => void;
  readonly onPath: (path: string, tab?: "inside") => void;
}

function tabContent(tab: PanelTab, props: StepPanelProps, task: TaskView | undefined, { onOpen }: Ways): ReactNode {
  const { run, row, summary, graph, notices, url, setUrl } = props;
  const why = <WhyPanel run={run} graph={graph} place={row} task={summary ?? null} onOpen={onOpen} />;
  if (tab === "configuration") {
    const step = graph.steps.find(({ path }) => path === row.stepPath);
    return step === undefined ? (
      <EmptyState title="No definition">The pipeline's graph does not hold this step.</EmptyState>
    ) : (
      <Configuration step={step} notices={notices} images={run.profileSettings?.imageMap ?? {}} />
    );
  }
  if (summary === undefined) {
    return <PanelBody>{why}</PanelBody>;
  }
  const attempts = task?.attempts ?? [];
  const attempt = attempts.find((each) => each.number === (url.attempt ?? summary.attempt)) ?? null;
  const iterations = isLoop(summary) ? (iterationsByLoop(run).get(summary.id) ?? {}) : null;
  if (tab === "logs") {
    return <Logs why={why} task={summary} attempt={attempt} url={url} setUrl={setUrl} />;
  }
  if (tab === "overview") {
    return (
      <Overview
        why={why}
        task={summary}
        attempt={attempt}
        cache={task?.cache ? <CacheLine task={task.id} cache={task.cache} /> : null}
        iterations={iterations}
        notices={notices}
      />
    );
  }
  if (tab === "cells") {
    return <CellsTab key={summary.id} task={summary} number={url.attempt ?? summary.attempt} />;
  }
  if (tab === "inside") {
    return (
      <Inside
        key={summary.id}
        runId={run.id}
        task={summary}
        counts={iterations ?? {}}
        state={url.show}
        onState={(show) => void setUrl({ show })}
        onOpen={onOpen}
      />
    );
  }
  if (task === undefined) return <SkeletonRows rows={5} />;
  if (tab === "values")
    return <Values inputs={task.inputs} outputs={task.outputs} isOver={isTaskOver(summary.state)} />;
  if (tab === "attempts") {
    return (
      <Attempts attempts={attempts} onLog={(number) => void setUrl({ tab: "logs", attempt: number, line: null })} />
    );
  }
  return <Code attempt={attempt} />;
}

export function StepPanel(props: StepPanelProps) {
  const { run, row, url, setUrl } = props;
  const trpc = useTRPC();
  const query = useQuery(trpc.tasks.get.queryOptions({ id: row.task ?? 1 }, { enabled: row.task !== null }));
  const tabs = tabsOf(row);
  const tab = url.tab !== null && tabs.includes(url.tab) ? url.tab : firstTab(row);
  const leave = { tab: null, attempt: null, line: null };
  const ways: Ways = {
    onOpen: (task) => void setUrl({ ...leave, task: task.id, step: null }, { history: "push" }),
    onPath: (path, then) =>
      void setUrl(
        { task: null, step: path, attempt: null, line: null, ...(then ? { tab: then } : {}) },
        { history: "push" },
      ),
  };
  return (
    <section aria-label={`Step ${row.name}`} className="flex size-full min-h-0 flex-col bg-surface">
      <Header {...props} />
      <IterationBar run={run} path={row.path} onPath={ways.onPath} />
      <Tabs
        value={tab}
        onValueChange={(value) => void setUrl({ tab: PANEL_TABS.find((each) => each === value) ?? null })}
        className="flex min-h-0 flex-1 flex-col"
      >
        <TabsList className="shrink-0 px-2">
          {tabs.map((each) => (
            <TabsTrigger key={each} value={each} className="h-8 px-2 text-xs">
              {each === "inside" && row.kind === "loop" && row.iteration === null ? "Iterations" : LABELS[each]}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent key={row.key} value={tab} className="min-h-0 flex-1 -outline-offset-2">
          {query.error && query.data === undefined ? (
            <ErrorState
              className="m-3"
              message={callProblem(query.error).message}
              onRetry={() => void query.refetch()}
            />
          ) : (
            tabContent(tab, props, query.data, ways)
          )}
        </TabsContent>
      </Tabs>
    </section>
  );
}

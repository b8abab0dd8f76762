/** One step of the run, beside the views or as a page of its own on a phone. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ChevronLeft, ChevronRight, X } from "lucide-react";
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
import { GROUP_KINDS, type Step } from "@/pipelines/graph";
import { isAttemptOver, isTaskOver } from "@/server/domain/states";
import type { AttemptView, NoticeView, TaskSummary, TaskView } from "@/server/domain/views";
import { RunStatus } from "../../run-status";
import type { RunRow } from "../run-rows";
import { PANEL_TABS, type PanelTab, type RunUrl, type SetRunUrl } from "../use-run-url";
import { Attempts } from "./attempts";
import { Code } from "./code";
import { Configuration } from "./configuration";
import { Overview, ReasonNote } from "./overview";
import { Values } from "./values";

const LABELS: { readonly [tab in PanelTab]: string } = {
  logs: "Logs",
  overview: "Overview",
  values: "Inputs/Outputs",
  attempts: "Attempts",
  configuration: "Configuration",
  code: "Code",
};

/** Why there is no log, in words; null when there may be one. */
function noLogReason(task: TaskSummary): string | null {
  if (GROUP_KINDS.has(task.kind)) return "A group runs nothing itself. Its steps have the logs.";
  switch (task.state) {
    case "cached":
      return "Its outputs were taken from an earlier task with the same inputs, so nothing ran.";
    case "skipped":
    case "omitted":
      return task.reason?.message ?? "It did not run.";
    case "pending":
    case "queued":
      return task.attempt > 0 ? null : (task.reason?.message ?? "It has not begun. The log opens here by itself.");
    default:
      return task.attempt > 0 ? null : (task.reason?.message ?? "No attempt was made.");
  }
}

function Logs({
  task,
  attempt,
  url,
  setUrl,
}: {
  readonly task: TaskSummary;
  readonly attempt: AttemptView | null;
  readonly url: RunUrl;
  readonly setUrl: SetRunUrl;
}) {
  const reason = noLogReason(task);
  const number = url.attempt ?? task.attempt;
  if (reason !== null || number === 0) return <EmptyState title="No log">{reason}</EmptyState>;
  const attempts = Array.from({ length: task.attempt }, (_, i) => ({
    value: String(i + 1),
    label: `Attempt ${i + 1}`,
  }));
  return (
    <div className="flex h-full min-h-0 flex-col">
      {task.state === "failed" && task.reason !== null ? (
        <div className="max-h-28 shrink-0 overflow-y-auto px-3 pt-2 [&>div]:mb-2">
          <ReasonNote reason={task.reason} state={task.state} />
        </div>
      ) : null}
      <div className="min-h-0 flex-1">
        <LogViewer
          key={`${task.id}/${number}`}
          task={task.id}
          attempt={number}
          isOver={attempt === null ? isTaskOver(task.state) : isAttemptOver(attempt.state)}
          startedAt={attempt?.startedAt ?? task.startedAt}
          line={url.line}
          onLine={(line) => void setUrl({ line, task: task.id, tab: "logs" })}
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
  readonly row: RunRow;
  readonly summary: TaskSummary | undefined;
  readonly step: Step | undefined;
  readonly notices: readonly NoticeView[];
  /** Further tasks of the same step: iterations of a loop. */
  readonly siblings: readonly TaskSummary[];
  readonly url: RunUrl;
  readonly setUrl: SetRunUrl;
  readonly onClose: () => void;
  readonly onMove: (direction: 1 | -1) => void;
  readonly isPage: boolean;
}

function Header({ row, summary, siblings, setUrl, onClose, onMove, isPage }: StepPanelProps) {
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
      {row.state === null ? <span className="text-sm text-faint">Not reached</span> : <RunStatus state={row.state} />}
      {summary === undefined ? null : (
        <Duration from={summary.startedAt} to={summary.finishedAt} className="text-dim max-sm:hidden" />
      )}
      <span className="ml-auto flex items-center">
        {siblings.length > 1 ? (
          <Select
            aria-label="Iteration"
            className="mr-1 w-36"
            options={siblings.map((task) => ({
              value: String(task.id),
              label: `Iteration ${task.iteration ?? task.id}`,
            }))}
            value={String(row.task ?? "")}
            onValueChange={(value) => void setUrl({ task: Number(value), attempt: null, line: null })}
          />
        ) : null}
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

function tabContent(tab: PanelTab, props: StepPanelProps, task: TaskView | undefined): ReactNode {
  const { summary, step, notices, url, setUrl } = props;
  if (tab === "configuration") {
    return step === undefined ? (
      <EmptyState title="No definition">The pipeline's graph does not hold this step.</EmptyState>
    ) : (
      <Configuration step={step} notices={notices} />
    );
  }
  if (summary === undefined) {
    return <EmptyState title="Not reached">The run has made no task of this step yet.</EmptyState>;
  }
  const attempts = task?.attempts ?? [];
  const attempt = attempts.find((each) => each.number === (url.attempt ?? summary.attempt)) ?? null;
  if (tab === "logs") return <Logs task={summary} attempt={attempt} url={url} setUrl={setUrl} />;
  if (tab === "overview") return <Overview task={summary} attempt={attempt} notices={notices} />;
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
  const { row, url, setUrl } = props;
  const trpc = useTRPC();
  const query = useQuery(trpc.tasks.get.queryOptions({ id: row.task ?? 1 }, { enabled: row.task !== null }));
  const fallback: PanelTab = row.isGroup ? "overview" : row.task === null ? "configuration" : "logs";
  const tab = url.tab ?? fallback;
  return (
    <section aria-label={`Step ${row.name}`} className="flex size-full min-h-0 flex-col bg-surface">
      <Header {...props} />
      <Tabs
        value={tab}
        onValueChange={(value) => void setUrl({ tab: PANEL_TABS.find((each) => each === value) ?? null })}
        className="flex min-h-0 flex-1 flex-col"
      >
        <TabsList className="shrink-0 px-2">
          {PANEL_TABS.map((each) => (
            <TabsTrigger key={each} value={each} className="h-8 px-2 text-xs">
              {LABELS[each]}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent key={row.key} value={tab} className="min-h-0 flex-1 -outline-offset-2">
          {query.error ? (
            <ErrorState
              className="m-3"
              message={callProblem(query.error).message}
              onRetry={() => void query.refetch()}
            />
          ) : (
            tabContent(tab, props, query.data)
          )}
        </TabsContent>
      </Tabs>
    </section>
  );
}

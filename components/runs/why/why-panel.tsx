/** Why a step is in its state: the words for it, what they speak of as links, and what it waits for. */
"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/time";
import type { PipelineGraph } from "@/pipelines/graph";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { conditionOf } from "../condition-text";
import { RunStatus } from "../run-status";
import { QueuePlace } from "./queue-place";
import { type Awaited, awaitedBy, whyOf } from "./why-model";

const LINK = "text-accent underline decoration-1 underline-offset-2";
/** More of them say no more. */
const MOST_AWAITED = 6;

type Task = Pick<TaskSummary, "id" | "state" | "reason" | "source" | "retryAt">;
type Run = Pick<RunView, "id" | "state" | "extent" | "tasks" | "tasksLeftOut">;

interface WhyPanelProps {
  readonly run: Run;
  readonly graph: PipelineGraph | null;
  /** Paths of the step that is explained, its own and that of the graph. */
  readonly place: { readonly path: string; readonly stepPath: string };
  /** Null for a step that has no task. */
  readonly task: Task | null;
  readonly onOpen: (task: { readonly id: number }) => void;
}

/** The task of this run that a reason speaks of; null when it speaks of something else. */
function subjectTask(run: Run, reason: NonNullable<Task["reason"]>): TaskSummary | null {
  const { subject } = reason;
  return typeof subject === "string" ? (run.tasks.find((task) => task.step === subject) ?? null) : null;
}

/** The task of another run that a step waits for. */
function twinOf(reason: Task["reason"]): { readonly run: string; readonly task: number } | null {
  if (reason?.code !== "waiting-for-twin") return null;
  const { subject } = reason;
  if (typeof subject !== "object" || subject === null || Array.isArray(subject)) return null;
  const { run, task } = subject;
  return typeof run === "string" && typeof task === "number" ? { run, task } : null;
}

function Condition({
  text,
  values,
}: {
  readonly text: string;
  readonly values: readonly (readonly [string, string])[];
}) {
  return (
    <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 font-mono text-xs">
      <dt className="text-faint">condition</dt>
      <dd className="[overflow-wrap:anywhere]">{text}</dd>
      {values.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="[overflow-wrap:anywhere] text-faint">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function AwaitedList({
  awaited,
  onOpen,
}: {
  readonly awaited: readonly Awaited[];
  readonly onOpen: WhyPanelProps["onOpen"];
}) {
  const more = awaited.length - MOST_AWAITED;
  return (
    <ul aria-label="Waits for" className="mt-1 flex flex-col">
      {awaited.slice(0, MOST_AWAITED).map(({ path, name, state, task }) => (
        <li key={path} className="flex min-h-6 items-center gap-2">
          {task === null ? (
            <span>{name}</span>
          ) : (
            <button type="button" onClick={() => onOpen({ id: task })} className={`min-h-6 text-left ${LINK}`}>
              {name}
            </button>
          )}
          {state === null ? <span className="text-xs text-faint">not reached</span> : <RunStatus state={state} />}
        </li>
      ))}
      {more > 0 ? <li className="text-xs text-dim">and {more} more</li> : null}
    </ul>
  );
}

/** What a step waits for: those before it, or the slots of the queue. */
function waitsFor({ run, graph, place, task, onOpen }: WhyPanelProps): ReactNode {
  if (task?.state === "queued") {
    return task.reason?.code === "waiting-for-retry" ? null : <QueuePlace task={task.id} />;
  }
  const isWaiting = task === null ? run.tasks.length > 0 : task.state === "pending" && task.reason === null;
  if (!isWaiting || graph === null || whyOf(run, task)?.head === undefined) return null;
  const awaited = awaitedBy(run, graph, place);
  return awaited.length === 0 ? null : <AwaitedList awaited={awaited} onOpen={onOpen} />;
}

export function WhyPanel(props: WhyPanelProps) {
  const { run, task, onOpen } = props;
  const why = whyOf(run, task);
  if (why === null) return null;
  const reason = task?.reason ?? null;
  const source = task?.source ?? null;
  const subject = reason === null ? null : subjectTask(run, reason);
  const condition = reason === null ? null : conditionOf(reason);
  const twin = twinOf(reason);
  return (
    <div
      role="note"
      aria-label="Why"
      className={`mb-4 rounded-md px-3 py-2 text-sm ${task?.state === "failed" ? "bg-failed-soft" : "bg-sunken"}`}
    >
      <p className="font-medium">{why.head}</p>
      {why.message === null || reason?.code === "condition-false" ? null : (
        <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">{why.message}</p>
      )}
      {condition === null ? null : <Condition {...condition} />}
      {task?.retryAt == null ? null : (
        <p className="mt-0.5">
          The next try may begin <RelativeTime at={task.retryAt} className="font-medium" />.
        </p>
      )}
      {waitsFor(props)}
      {source === null ? null : (
        <p className="mt-0.5">
          Taken from{" "}
          <Link href={`/runs/${source.runId}?task=${source.task}`} className={LINK}>
            {source.runId === run.id ? source.step : `${source.runName}, ${source.step}`}
          </Link>
        </p>
      )}
      {twin === null ? null : (
        <Link href={`/runs/${twin.run}?task=${twin.task}`} className={`mt-0.5 inline-flex min-h-6 ${LINK}`}>
          Open the twin
        </Link>
      )}
      {subject === null ? null : (
        <button type="button" onClick={() => onOpen(subject)} className={`mt-0.5 min-h-7 ${LINK}`}>
          Open {subject.name}
        </button>
      )}
      {why.then === null ? null : <p className="mt-0.5 text-dim">{why.then}</p>}
    </div>
  );
}

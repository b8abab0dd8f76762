/** Why a task is in its state: the reason's own words, what they speak of as links, and the condition with its values. */
"use client";

import Link from "next/link";
import { RelativeTime } from "@/components/ui/time";
import type { RunView, TaskSummary } from "@/server/domain/views";
import { conditionOf } from "../../condition-text";

type Task = Pick<TaskSummary, "state" | "reason" | "source" | "retryAt">;

const LINK = "text-accent underline decoration-1 underline-offset-2";

/** The step or task of this run that a reason speaks of; null when it speaks of something else. */
function subjectTask(run: Pick<RunView, "tasks">, reason: NonNullable<Task["reason"]>): TaskSummary | null {
  const { subject } = reason;
  if (typeof subject !== "string") return null;
  return run.tasks.find((task) => task.step === subject) ?? null;
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

export function Why({
  run,
  task,
  onOpen,
}: {
  readonly run: Pick<RunView, "id" | "tasks">;
  readonly task: Task;
  readonly onOpen: (task: TaskSummary) => void;
}) {
  const { reason, source } = task;
  if (reason === null && source === null) return null;
  const subject = reason === null ? null : subjectTask(run, reason);
  const condition = reason === null ? null : conditionOf(reason);
  return (
    <div
      role="note"
      aria-label="Why"
      className={`mb-4 rounded-md px-3 py-2 text-sm ${task.state === "failed" ? "bg-failed-soft" : "bg-sunken"}`}
    >
      {condition !== null && reason?.code === "condition-false" ? (
        <p>Its condition is false.</p>
      ) : (
        <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">{reason?.message}</p>
      )}
      {condition === null ? null : <Condition {...condition} />}
      {task.retryAt === null ? null : (
        <p className="mt-0.5">
          The next try may begin <RelativeTime at={task.retryAt} className="font-medium" />.
        </p>
      )}
      {source === null ? null : (
        <p className="mt-0.5">
          Taken from{" "}
          <Link href={`/runs/${source.runId}?task=${source.task}`} className={LINK}>
            {source.runId === run.id ? source.step : `${source.runName}, ${source.step}`}
          </Link>
        </p>
      )}
      {subject === null ? null : (
        <button type="button" onClick={() => onOpen(subject)} className={`mt-0.5 min-h-7 ${LINK}`}>
          Open {subject.name}
        </button>
      )}
      {reason === null ? null : <p className="mt-0.5 font-mono text-2xs text-faint">{reason.code}</p>}
    </div>
  );
}

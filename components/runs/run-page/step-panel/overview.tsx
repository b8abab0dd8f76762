/** What there is to know about a task at a glance: its state and why, its times, where it stands. */
import type { ReactNode } from "react";
import { countsInWords } from "@/components/graph/state-counts";
import { stepKindLabel } from "@/components/graph/step-kind";
import { CopyButton } from "@/components/ui/copy-button";
import { Duration } from "@/components/ui/duration";
import { formatBytes, formatDuration } from "@/components/ui/format-time";
import { Time } from "@/components/ui/time";
import type { AttemptView } from "@/server/domain/views/attempts";
import type { NoticeView } from "@/server/domain/views/runs";
import type { TaskCounts, TaskSummary } from "@/server/domain/views/tasks";
import { RunStatus, STATE_LOOKS } from "../../run-status";
import { sumOf } from "../../run-tasks";
import { Fact, Facts, Head, Notices, PanelBody } from "./facts";

/** What the attempt took; what could not be measured is left out. */
function Usage({ attempt }: { readonly attempt: AttemptView }) {
  const { cpuMs, peakBytes, bytesIn, bytesOut } = attempt;
  return (
    <>
      {cpuMs === null ? null : <Fact name="CPU time">{formatDuration(cpuMs)}</Fact>}
      {peakBytes === null ? null : <Fact name="Peak memory">{formatBytes(peakBytes)}</Fact>}
      {bytesIn === null && bytesOut === null ? null : (
        <Fact name="Artifacts">
          {formatBytes(bytesIn ?? 0)} in, {formatBytes(bytesOut ?? 0)} out
        </Fact>
      )}
    </>
  );
}

export function Overview({
  why,
  task,
  attempt,
  cache,
  iterations,
  notices,
}: {
  /** The panel that explains its state; nothing where that explains itself. */
  readonly why: ReactNode;
  readonly task: TaskSummary;
  /** What the result cache made of it, and what can be done about that. */
  readonly cache: ReactNode;
  /** Iterations by state, for a loop. */
  readonly iterations: TaskCounts | null;
  readonly attempt: AttemptView | null;
  readonly notices: readonly NoticeView[];
}) {
  return (
    <PanelBody>
      {why}
      <Facts>
        <Fact name="State">
          <RunStatus state={task.state} reason={task.reason} />
        </Fact>
        {iterations === null ? null : (
          <Fact name="Iterations">
            {task.iterationCount ?? "not known yet"}
            {sumOf(iterations) === 0 ? "" : `: ${countsInWords(iterations)}`}
          </Fact>
        )}
        <Fact name="Waited">
          <Duration from={task.queuedAt} to={task.startedAt ?? task.finishedAt} className="text-sm" />
        </Fact>
        <Fact name="Ran">
          <Duration from={task.startedAt} to={task.finishedAt} className="text-sm" />
        </Fact>
        {attempt === null ? null : (
          <Fact name="Attempt">
            {attempt.number} of {task.attempt} · {STATE_LOOKS[attempt.state].label.toLowerCase()}
            {attempt.exitCode === null ? "" : `, exit code ${attempt.exitCode}`}
          </Fact>
        )}
        {attempt === null ? null : <Usage attempt={attempt} />}
        {attempt?.pid == null ? null : (
          <Fact name="Process">
            <span className="font-mono text-xs">{attempt.pid}</span>
          </Fact>
        )}
      </Facts>
      {cache}
      <Head>Times</Head>
      <Facts>
        <Fact name="Created">
          <Time at={task.createdAt} />
        </Fact>
        {task.queuedAt === null ? null : (
          <Fact name="Queued">
            <Time at={task.queuedAt} />
          </Fact>
        )}
        {task.startedAt === null ? null : (
          <Fact name="Started">
            <Time at={task.startedAt} />
          </Fact>
        )}
        {task.finishedAt === null ? null : (
          <Fact name="Finished">
            <Time at={task.finishedAt} />
          </Fact>
        )}
      </Facts>
      <Head>Identity</Head>
      <Facts>
        <Fact name="Kind">{stepKindLabel(task.kind)}</Fact>
        <Fact name="Task">
          <span className="font-mono text-xs">{task.id}</span>{" "}
          <CopyButton text={String(task.id)} label="Copy task id" className="-my-1 h-6 w-6 align-middle" />
        </Fact>
        <Fact name="Path">
          <span className="font-mono text-xs">{task.step}</span>{" "}
          <CopyButton text={task.step} label="Copy path" className="-my-1 h-6 w-6 align-middle" />
        </Fact>
      </Facts>
      <Notices title="Remarks" notices={notices} />
    </PanelBody>
  );
}

/** What there is to know about a task at a glance: its state and why, its times, where it stands. */
import { stepKindLabel } from "@/components/graph/step-kind";
import { CopyButton } from "@/components/ui/copy-button";
import { Duration } from "@/components/ui/duration";
import { Time } from "@/components/ui/time";
import type { Reason } from "@/server/domain/reason";
import type { AttemptView, NoticeView, TaskSummary } from "@/server/domain/views";
import { RunStatus, STATE_LOOKS } from "../../run-status";
import { Fact, Facts, Head, Notices, PanelBody } from "./facts";

export function ReasonNote({ reason, state }: { readonly reason: Reason; readonly state: TaskSummary["state"] }) {
  const isTrouble = state === "failed";
  return (
    <div className={`mb-4 rounded-md px-3 py-2 text-sm ${isTrouble ? "bg-failed-soft" : "bg-sunken"}`}>
      <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">{reason.message}</p>
      <p className="mt-0.5 font-mono text-2xs text-faint">{reason.code}</p>
    </div>
  );
}

export function Overview({
  task,
  attempt,
  notices,
}: {
  readonly task: TaskSummary;
  readonly attempt: AttemptView | null;
  readonly notices: readonly NoticeView[];
}) {
  return (
    <PanelBody>
      {task.reason === null ? null : <ReasonNote reason={task.reason} state={task.state} />}
      <Facts>
        <Fact name="State">
          <RunStatus state={task.state} />
        </Fact>
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
        {attempt?.pid == null ? null : (
          <Fact name="Process">
            <span className="font-mono text-xs">{attempt.pid}</span>
          </Fact>
        )}
      </Facts>
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
          <CopyButton text={String(task.id)} label="Copy task id" />
        </Fact>
        <Fact name="Path">
          <span className="font-mono text-xs">{task.step}</span> <CopyButton text={task.step} label="Copy path" />
        </Fact>
      </Facts>
      <Notices title="Remarks" notices={notices} />
    </PanelBody>
  );
}

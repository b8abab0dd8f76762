/** The head of the run page: state, name, how long it took, where it belongs, and what can be done now. */
"use client";

import { CircleStop, Copy, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageTitle } from "@/components/layout/page";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonLink } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Duration } from "@/components/ui/duration";
import { formatDuration } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/time";
import type { Filter } from "@/server/domain/lists/filter";
import { filterText } from "@/server/domain/lists/filter-text";
import { priorityText } from "@/server/domain/queue/priority";
import { isRunOver, type RunState } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import { RunStatus } from "../run-status";
import { useRunActions } from "../use-run-actions";
import { EditRun } from "./edit-run";
import { PriorityDialog } from "./priority-dialog";
import { RetryDialog } from "./retry-dialog";
import { RunMenu } from "./run-menu";
import { StopDialog } from "./stop-dialog";

const TOOK: { readonly [state in RunState]: string } = {
  pending: "waiting for",
  running: "for",
  canceling: "for",
  succeeded: "in",
  failed: "in",
  canceled: "after",
};

const STOP: { readonly [state in RunState]: string } = {
  pending: "Cancel",
  running: "Terminate",
  canceling: "Stop hard",
  succeeded: "",
  failed: "",
  canceled: "",
};

/** Why the run cannot be retried now. */
function retryReason(run: RunView): string | undefined {
  if (run.retryRequestedAt !== null) return "A retry was asked for and begins in a moment.";
  return run.archivedAt === null ? undefined : "It is archived. Restore it first.";
}

const EXTENT: { readonly [kind in Exclude<RunView["extent"]["kind"], "all">]: string } = {
  "up-to": "up to",
  from: "from",
};

/** What the run leaves out, reuses or stops at, beside its profile. */
function options(run: RunView): readonly string[] {
  const { extent } = run;
  return [
    ...(extent.kind === "all" ? [] : [`${EXTENT[extent.kind]} ${decodeURIComponent(extent.step)}`]),
    ...(run.priority === 0 ? [] : [`priority ${priorityText(run.priority)}`]),
    ...(run.cache === "ignore" ? ["reuses nothing"] : []),
    ...(run.stopsOnFailure ? ["stops on first failure"] : []),
  ];
}

function Where({ run }: { readonly run: RunView }) {
  const link =
    "inline-flex min-h-6 min-w-6 items-center text-ink underline decoration-line-strong underline-offset-2 hover:decoration-current";
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <Link className={link} href={`/experiments/${run.experiment.id}`}>
        {run.experiment.name}
      </Link>
      <span aria-hidden>·</span>
      {run.pipeline === null ? (
        <span>{run.pipelineName}</span>
      ) : (
        <>
          <Link className={link} href={`/pipelines/${run.pipeline.id}`}>
            {run.pipeline.name}
          </Link>
          <span aria-hidden>·</span>
          <Link className={link} href={`/pipelines/${run.pipeline.id}/versions/${run.version.number}`}>
            version {run.version.number}
          </Link>
        </>
      )}
      <span aria-hidden>·</span>
      <span>profile {run.profile}</span>
      {options(run).map((option) => (
        <span key={option}>· {option}</span>
      ))}
      {run.recurringRun === null ? null : (
        <>
          <span aria-hidden>·</span>
          <Link className={link} href={`/recurring-runs/${run.recurringRun.id}`}>
            {run.recurringRun.name}
          </Link>
        </>
      )}
      {run.clonedFrom === null ? null : (
        <>
          <span aria-hidden>·</span>
          <span>
            cloned from{" "}
            <Link className={link} href={`/runs/${run.clonedFrom.id}`}>
              {run.clonedFrom.name}
            </Link>
          </span>
        </>
      )}
    </span>
  );
}

const tagFilter = (name: string, value: string): Filter =>
  value === "" ? { field: `tag.${name}`, is: "set" } : { field: `tag.${name}`, is: "=", value };

/** Each leads to the runs that have it too. */
function RunTags({ tags }: { readonly tags: RunView["tags"] }) {
  const pairs = Object.entries(tags);
  if (pairs.length === 0) return null;
  return (
    <ul aria-label="Tags" className="my-1 flex flex-wrap gap-1.5">
      {pairs.map(([name, value]) => (
        <li key={name}>
          <Link
            href={`/runs?filter=${encodeURIComponent(filterText(tagFilter(name, value)))}`}
            className="inline-flex h-6 items-center rounded-full border border-line px-2 text-xs hover:bg-hover hover:text-ink"
          >
            {value === "" ? name : `${name}: ${value}`}
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function RunTitle({
  run,
  expectedMs,
  specFile,
}: {
  readonly run: RunView;
  /** How long such runs take, null where none has succeeded yet. */
  readonly expectedMs: number | null;
  readonly specFile: string | null;
}) {
  const router = useRouter();
  const actions = useRunActions();
  const [asking, setAsking] = useState<"stop" | "retry" | "delete" | "edit" | "priority" | null>(null);
  const isOver = isRunOver(run.state);
  const close = () => setAsking(null);
  return (
    <>
      <PageTitle
        before={<RunStatus state={run.state} compact className="[&_svg]:size-5" />}
        title={run.name}
        after={
          <>
            <span className="text-sm text-dim">
              <RunStatus state={run.state} className="[&_svg]:hidden" /> {TOOK[run.state]}{" "}
              <Duration from={run.startedAt ?? run.createdAt} to={run.finishedAt} className="text-sm" />
              {run.finishedAt === null && expectedMs !== null ? ` of about ${formatDuration(expectedMs)}` : null}
              {run.finishedAt === null ? null : (
                <>
                  {" · "}
                  <RelativeTime at={run.finishedAt} />
                </>
              )}
            </span>
            {run.archivedAt === null ? null : <Badge>Archived</Badge>}
          </>
        }
        note={
          <>
            <Where run={run} />
            <RunTags tags={run.tags} />
            {run.description === "" ? null : (
              <p className="line-clamp-2 max-w-3xl whitespace-pre-wrap" title={run.description}>
                {run.description}
              </p>
            )}
          </>
        }
        actions={
          <>
            {isOver ? null : (
              <Button
                busy={actions.isBusy}
                onClick={() => (run.state === "pending" ? void actions.run("terminate", [run]) : setAsking("stop"))}
              >
                <CircleStop /> {STOP[run.state]}
              </Button>
            )}
            {run.state === "failed" || run.state === "canceled" ? (
              <Button look="primary" reason={retryReason(run)} onClick={() => setAsking("retry")}>
                <RotateCcw /> Retry
              </Button>
            ) : null}
            <ButtonLink href={`/runs/new?cloneFrom=${run.id}`}>
              <Copy aria-hidden /> Clone
            </ButtonLink>
            <RunMenu
              run={run}
              specFile={specFile}
              onArchive={() => void actions.run(run.archivedAt === null ? "archive" : "restore", [run])}
              onEdit={() => setAsking("edit")}
              onPriority={() => setAsking("priority")}
              onFront={() => void actions.run("move to front", [run])}
              onDelete={() => setAsking("delete")}
            />
          </>
        }
      />
      {asking === "stop" ? (
        <StopDialog
          run={run}
          onClose={close}
          onStop={(hard) => void actions.run(hard ? "stop hard" : "terminate", [run])}
        />
      ) : null}
      {asking === "priority" ? <PriorityDialog run={run} onClose={close} /> : null}
      {asking === "edit" ? <EditRun run={run} onClose={close} /> : null}
      {asking === "retry" ? <RetryDialog run={run} onClose={close} /> : null}
      <Dialog open={asking === "delete"} onOpenChange={(open) => (open ? undefined : close())}>
        <DialogContent
          title={`Delete ${run.name}`}
          description="It goes into the trash with its logs, outputs and metrics, and can be restored until the trash lets it go."
          footer={
            <>
              <Button onClick={close}>Keep it</Button>
              <Button
                look="danger"
                onClick={() => {
                  void actions.run("delete", [run]);
                  close();
                  router.push("/runs");
                }}
              >
                Delete this run
              </Button>
            </>
          }
        />
      </Dialog>
    </>
  );
}

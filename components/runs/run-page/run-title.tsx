/** The head of the run page: state, name, how long it took, where it belongs, and what can be done now. */
"use client";

import { CircleStop, Copy } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageTitle } from "@/components/layout/page";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonLink } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Duration } from "@/components/ui/duration";
import { RelativeTime } from "@/components/ui/time";
import { isRunOver, type RunState } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views";
import { RunStatus } from "../run-status";
import { useRunActions } from "../use-run-actions";
import { RunMenu } from "./run-menu";

const TOOK: { readonly [state in RunState]: string } = {
  pending: "waiting for",
  running: "for",
  canceling: "for",
  succeeded: "in",
  failed: "in",
  canceled: "after",
};

function Where({ run }: { readonly run: RunView }) {
  const link =
    "inline-flex min-h-6 min-w-6 items-center justify-center text-ink underline decoration-line-strong underline-offset-2 hover:decoration-current";
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
          <Link className={link} href={`/pipelines/${run.pipeline.id}/versions/${run.version.number}`}>
            v{run.version.number}
          </Link>
        </>
      )}
      <span aria-hidden>·</span>
      <span>profile {run.profile}</span>
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

export function RunTitle({ run, specFile }: { readonly run: RunView; readonly specFile: string | null }) {
  const router = useRouter();
  const actions = useRunActions();
  const [asking, setAsking] = useState<"terminate" | "delete" | null>(null);
  const isOver = isRunOver(run.state);
  const verb = run.state === "pending" ? "Cancel" : "Terminate";
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
        note={<Where run={run} />}
        actions={
          <>
            {isOver ? null : (
              <Button
                busy={actions.isBusy}
                reason={run.state === "canceling" ? "It is being terminated already." : undefined}
                onClick={() => (run.state === "pending" ? actions.run("terminate", [run.id]) : setAsking("terminate"))}
              >
                <CircleStop /> {verb}
              </Button>
            )}
            <ButtonLink href={`/runs/new?cloneFrom=${run.id}`}>
              <Copy aria-hidden /> Clone
            </ButtonLink>
            <RunMenu
              run={run}
              specFile={specFile}
              onArchive={() => actions.run(run.archivedAt === null ? "archive" : "restore", [run.id])}
              onDelete={() => setAsking("delete")}
            />
          </>
        }
      />
      <Dialog open={asking !== null} onOpenChange={(open) => (open ? undefined : close())}>
        <DialogContent
          title={asking === "delete" ? `Delete ${run.name} for ever` : `Terminate ${run.name}`}
          description={
            asking === "delete"
              ? "Its logs, outputs and metrics go with it. Nobody can bring them back."
              : "Its running steps get a signal to stop and are killed after the profile's grace time. Steps that have not begun will not run. What is done stays."
          }
          footer={
            <>
              <Button onClick={close}>Keep it</Button>
              <Button
                look="danger"
                onClick={() => {
                  if (asking === null) return;
                  actions.run(asking, [run.id]);
                  close();
                  if (asking === "delete") router.push("/runs");
                }}
              >
                {asking === "delete" ? "Delete this run" : "Terminate run"}
              </Button>
            </>
          }
        />
      </Dialog>
    </>
  );
}

/** The trash: what was deleted, when it goes for good, and the two ways out of it. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArchiveRestore, Trash2 } from "lucide-react";
import { useState } from "react";
import { Section } from "@/components/layout/page";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format-time";
import { RelativeTime, Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toast";
import type { TrashView } from "@/server/domain/views/retention";
import { Loaded } from "../loaded";
import { TrashedDefinitions } from "./trashed-definitions";

const countRuns = (count: number): string => (count === 1 ? "1 run" : `${count.toLocaleString("en")} runs`);

function TrashedRuns({ trash }: { readonly trash: TrashView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<readonly TrashView["runs"][number][] | null>(null);
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.retention.pathFilter());
    void queryClient.invalidateQueries(trpc.runs.pathFilter());
  };
  const restore = useMutation(
    trpc.runs.restore.mutationOptions({
      onSuccess: ({ done, failed }) => {
        const [first] = failed;
        if (first) toast({ tone: "error", title: "It was not restored", description: first.message });
        else toast({ title: `${countRuns(done.length)} restored` });
      },
      onSettled: refresh,
    }),
  );
  const purge = useMutation(
    trpc.retention.purge.mutationOptions({
      onSuccess: ({ gone }, { ids }) => {
        const left = ids.length - gone;
        toast({
          title: `${countRuns(gone)} removed for good`,
          ...(left > 0 && { description: `${countRuns(left)} stay, because other runs use what they left.` }),
        });
      },
      onError: (error) =>
        toast({ tone: "error", title: "Nothing was removed", description: callProblem(error).message }),
      onSettled: refresh,
    }),
  );
  if (trash.runs.length === 0) return null;
  const free = trash.runs.filter(({ goesAt }) => goesAt !== null);
  return (
    <>
      <ul aria-label="Runs in the trash" className="flex flex-col">
        {trash.runs.map((run) => (
          <li key={run.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 text-sm">
            <RunStatus state={run.state} compact />
            <span className="min-w-0 flex-1 basis-48">
              <span className="block truncate font-medium">{run.name}</span>
              <span className="block text-xs text-dim">
                {run.pipelineName} · deleted <RelativeTime at={run.deletedAt} /> · {formatBytes(run.artifactBytes)} of
                artifacts ·{" "}
                {run.goesAt === null ? (
                  "stays while another run uses what it left"
                ) : (
                  <>
                    gone after <Time at={run.goesAt} />
                  </>
                )}
              </span>
            </span>
            <Button size="sm" busy={restore.isPending} onClick={() => restore.mutate({ ids: [run.id] })}>
              <ArchiveRestore />
              Restore
            </Button>
            <Button
              size="sm"
              look="ghost"
              reason={run.goesAt === null ? "Another run uses what it left." : undefined}
              onClick={() => setAsking([run])}
            >
              <Trash2 />
              Remove for good
            </Button>
          </li>
        ))}
      </ul>
      <div className="mt-3 flex items-center gap-3 text-xs text-dim">
        <span role="status">
          {trash.runs.length < trash.total ? `The ${trash.runs.length} deleted last of ` : ""}
          {countRuns(trash.total)}
        </span>
        {free.length > 1 ? (
          <Button size="sm" look="ghost" onClick={() => setAsking(free)}>
            Remove these {free.length} for good
          </Button>
        ) : null}
      </div>
      <Dialog open={asking !== null} onOpenChange={(open) => (open ? undefined : setAsking(null))}>
        <DialogContent
          title={asking?.length === 1 ? `Remove ${asking[0]?.name} for good` : `Remove ${asking?.length} runs for good`}
          description="Their rows, logs and artifacts are deleted from the disk now. Nobody can bring them back."
          footer={
            <>
              <Button onClick={() => setAsking(null)}>Keep</Button>
              <Button
                look="danger"
                onClick={() => {
                  purge.mutate({ ids: (asking ?? []).map(({ id }) => id) });
                  setAsking(null);
                }}
              >
                Remove for good
              </Button>
            </>
          }
        />
      </Dialog>
    </>
  );
}

export function TrashSection() {
  const trpc = useTRPC();
  const query = useQuery(trpc.retention.trash.queryOptions());
  useRefresh(["runs", "pipelines", "experiments"], [trpc.retention.trash.queryFilter()], 1000);
  return (
    <Section title="Trash">
      <Loaded query={query} what="trash">
        {(trash) =>
          trash.runs.length + trash.definitions.length === 0 ? (
            <EmptyState icon={<Trash2 />} title="The trash is empty">
              What is deleted waits here for {trash.days === 1 ? "1 day" : `${trash.days} days`} and can be restored
              until then.
            </EmptyState>
          ) : (
            <>
              <TrashedDefinitions definitions={trash.definitions} />
              <TrashedRuns trash={trash} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

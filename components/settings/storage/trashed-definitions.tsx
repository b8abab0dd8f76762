/** Deleted pipelines, versions and experiments: when each goes for good, and the two ways out. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArchiveRestore, FlaskConical, GitCommitVertical, Trash2, Workflow } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { RelativeTime, Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toast";
import type { DefinitionKind } from "@/server/domain/retention";
import type { TrashView } from "@/server/domain/views/retention";

type Definition = TrashView["definitions"][number];

const KINDS: { readonly [kind in DefinitionKind]: { readonly word: string; readonly icon: ReactNode } } = {
  pipeline: { word: "Pipeline with its versions", icon: <Workflow /> },
  version: { word: "Version", icon: <GitCommitVertical /> },
  experiment: { word: "Experiment", icon: <FlaskConical /> },
};
const STAYS = "stays while runs or recurring runs belong to it";

function Row({ one, onRemove }: { readonly one: Definition; readonly onRemove: () => void }) {
  const actions = useDefinitionActions(one.kind);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 text-sm">
      <span aria-hidden className="text-faint [&_svg]:size-4">
        {KINDS[one.kind].icon}
      </span>
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{one.name}</span>
        <span className="block text-xs text-dim">
          {KINDS[one.kind].word} · deleted <RelativeTime at={one.deletedAt} /> ·{" "}
          {one.goesAt === null ? (
            STAYS
          ) : (
            <>
              gone after <Time at={one.goesAt} />
            </>
          )}
        </span>
      </span>
      <Button size="sm" busy={actions.isBusy} onClick={() => void actions.run("restore", [one])}>
        <ArchiveRestore />
        Restore
      </Button>
      <Button
        size="sm"
        look="ghost"
        reason={one.goesAt === null ? "Runs or recurring runs belong to it." : undefined}
        onClick={onRemove}
      >
        <Trash2 />
        Remove for good
      </Button>
    </li>
  );
}

export function TrashedDefinitions({ definitions }: { readonly definitions: readonly Definition[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<Definition | null>(null);
  const purge = useMutation(
    trpc.retention.purgeDefinition.mutationOptions({
      onSuccess: ({ gone }) =>
        toast(gone === 1 ? { title: "Removed for good" } : { tone: "error", title: "It stays: it is used again" }),
      onError: (error) =>
        toast({ tone: "error", title: "Nothing was removed", description: callProblem(error).message }),
      onSettled: () => void queryClient.invalidateQueries(trpc.retention.pathFilter()),
    }),
  );
  return (
    <>
      <ul aria-label="Pipelines, versions and experiments in the trash" className="flex flex-col">
        {definitions.map((one) => (
          <Row key={`${one.kind} ${one.id}`} one={one} onRemove={() => setAsking(one)} />
        ))}
      </ul>
      <Dialog open={asking !== null} onOpenChange={(open) => (open ? undefined : setAsking(null))}>
        <DialogContent
          title={`Remove ${asking?.name} for good`}
          description="Its rows and files are deleted from the disk now. Nobody can bring it back."
          footer={
            <>
              <Button onClick={() => setAsking(null)}>Keep</Button>
              <Button
                look="danger"
                onClick={() => {
                  if (asking !== null) purge.mutate({ kind: asking.kind, id: asking.id });
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

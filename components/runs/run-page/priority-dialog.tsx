/** Gives a run that is not over another place in the queue. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PriorityPicker } from "@/components/run-inputs/priority-picker";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { toast } from "@/components/ui/toast";
import { priorityText } from "@/server/domain/queue/priority";
import type { RunView } from "@/server/domain/views/runs";

export function PriorityDialog({
  run,
  onClose,
}: {
  readonly run: Pick<RunView, "id" | "priority" | "profile">;
  readonly onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [before] = useState(run.priority);
  const [priority, setPriority] = useState(before);
  const change = useMutation(
    trpc.runs.setPriority.mutationOptions({
      onSuccess: ({ failed: [refused] }, { priority: asked }) => {
        void queryClient.invalidateQueries();
        if (refused !== undefined) return;
        onClose();
        const undo = { label: "Undo", run: () => change.mutate({ ids: [run.id], priority: before }) };
        if (asked !== before) toast({ title: `Its priority is ${priorityText(Number(asked))}`, action: undo });
      },
    }),
  );
  const refusal = change.data?.failed[0]?.message ?? (change.error ? callProblem(change.error).message : null);
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title="Priority of this run"
        description={`Its steps that wait under the profile ${run.profile} move at once. What runs goes on.`}
        footer={
          <>
            <DialogClose asChild>
              <Button>Keep as it was</Button>
            </DialogClose>
            <Button look="primary" busy={change.isPending} onClick={() => change.mutate({ ids: [run.id], priority })}>
              Save
            </Button>
          </>
        }
      >
        {refusal === null ? null : <ErrorState title="It was not changed" message={refusal} />}
        <PriorityPicker value={priority} onChange={setPriority} />
      </DialogContent>
    </Dialog>
  );
}

/** What can be done to runs from lists and pages: archive and restore with undo, terminate, delete with undo. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { toast } from "@/components/ui/toast";
import { callRuns, type RunVerb } from "./call-runs";
import { countRuns } from "./list/bulk-plan";
import type { Outcome } from "./list/bulk-run";

const DONE: { readonly [verb in RunVerb]: string } = {
  archive: "archived",
  restore: "restored",
  terminate: "will be terminated",
  "stop hard": "will be stopped hard",
  retry: "will run again",
  delete: "deleted",
};

const UNDO: { readonly [verb in RunVerb]?: RunVerb } = { archive: "restore", restore: "archive", delete: "restore" };

function Failures({ failed }: { readonly failed: Outcome["failed"] }) {
  return (
    <ul className="mt-1 max-h-32 overflow-auto">
      {failed.map((each) => (
        <li key={each.id}>
          <span className="font-mono">{each.id.slice(0, 8)}</span>: {each.message}
        </li>
      ))}
    </ul>
  );
}

export function useRunActions() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();

  const mutation = useMutation({
    mutationFn: ({ verb, ids }: { readonly verb: RunVerb; readonly ids: readonly string[] }) =>
      callRuns(client, verb, ids),
    onSuccess: (outcome, { verb }) => {
      const undo = UNDO[verb];
      if (outcome.done.length > 0) {
        toast({
          title: `${countRuns(outcome.done.length)} ${DONE[verb]}`,
          ...(undo ? { action: { label: "Undo", run: () => mutation.mutate({ verb: undo, ids: outcome.done }) } } : {}),
        });
      }
      if (outcome.failed.length > 0) {
        const ids = outcome.failed.map((each) => each.id);
        toast({
          tone: "error",
          title: `${countRuns(ids.length)} could not be changed`,
          description: <Failures failed={outcome.failed} />,
          action: { label: "Try these again", run: () => mutation.mutate({ verb, ids }) },
        });
      }
    },
    onError: (error) => toast({ tone: "error", title: "Nothing was changed", description: callProblem(error).message }),
    onSettled: () => {
      void queryClient.invalidateQueries(trpc.runs.pathFilter());
      void queryClient.invalidateQueries(trpc.experiments.pathFilter());
    },
  });

  return {
    isBusy: mutation.isPending,
    run: (verb: RunVerb, ids: readonly string[]) => mutation.mutate({ verb, ids }),
  };
}

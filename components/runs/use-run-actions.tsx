/** What can be done to runs from lists and pages: archive and restore with undo, terminate, delete for ever. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { toast } from "@/components/ui/toast";
import { countRuns } from "./list/bulk-plan";

interface Outcome {
  readonly done: readonly string[];
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

type Verb = "archive" | "restore" | "terminate" | "delete";

const DONE: { readonly [verb in Verb]: string } = {
  archive: "archived",
  restore: "restored",
  terminate: "will be terminated",
  delete: "deleted",
};

const UNDO: { readonly [verb in Verb]?: Verb } = { archive: "restore", restore: "archive" };

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

  async function cancelEach(ids: readonly string[]): Promise<Outcome> {
    const outcome = { done: [] as string[], failed: [] as { id: string; message: string }[] };
    for (const id of ids) {
      try {
        await client.runs.cancel.mutate({ id });
        outcome.done.push(id);
      } catch (error) {
        outcome.failed.push({ id, message: callProblem(error).message });
      }
    }
    return outcome;
  }

  function call(verb: Verb, ids: readonly string[]): Promise<Outcome> {
    const input = { ids: [...ids] };
    if (verb === "archive") return client.runs.archive.mutate(input);
    if (verb === "restore") return client.runs.restore.mutate(input);
    if (verb === "delete") return client.runs.delete.mutate(input);
    return cancelEach(ids);
  }

  const mutation = useMutation({
    mutationFn: ({ verb, ids }: { readonly verb: Verb; readonly ids: readonly string[] }) => call(verb, ids),
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
    run: (verb: Verb, ids: readonly string[]) => mutation.mutate({ verb, ids }),
  };
}

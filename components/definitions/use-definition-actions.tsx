/** What is done to pipelines, versions and experiments from lists, pages and the trash: each for itself, with its undo. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { type FailedTarget, FailureList } from "@/components/ui/failure-list";
import { toast } from "@/components/ui/toast";
import type { DefinitionKind } from "@/server/domain/retention";

export type DefinitionVerb = "archive" | "restore" | "delete";

export interface DefinitionTarget {
  readonly id: string;
  readonly name: string;
}

interface Outcome {
  readonly done: readonly DefinitionTarget[];
  readonly failed: readonly FailedTarget[];
}

type Client = ReturnType<typeof useTRPCClient>;
type Call = (client: Client, id: string) => Promise<unknown>;

/** What each kind takes; `restore` undoes a deletion, else takes out of the archive. */
const CALLS: { readonly [kind in DefinitionKind]: { readonly [verb in DefinitionVerb]?: Call } } = {
  pipeline: {
    delete: ({ pipelines }, id) => pipelines.delete.mutate({ id }),
    restore: ({ pipelines }, id) => pipelines.restore.mutate({ id }),
  },
  version: {
    delete: ({ pipelines }, versionId) => pipelines.deleteVersion.mutate({ versionId }),
    restore: ({ pipelines }, versionId) => pipelines.restoreVersion.mutate({ versionId }),
  },
  experiment: {
    archive: ({ experiments }, id) => experiments.archive.mutate({ id }),
    delete: ({ experiments }, id) => experiments.delete.mutate({ id }),
    restore: ({ experiments }, id) => experiments.restore.mutate({ id }),
  },
};

const PAST: { readonly [verb in DefinitionVerb]: string } = {
  archive: "archived",
  restore: "brought back",
  delete: "deleted",
};
/** What a person may wonder about it. */
const MORE: { readonly [verb in DefinitionVerb]?: string } = {
  archive: "With its runs; its recurring runs are disabled.",
  delete: "Its runs are kept.",
};
const UNDO: { readonly [verb in DefinitionVerb]?: DefinitionVerb } = { archive: "restore", delete: "restore" };

/** `churn deleted`, `3 pipelines deleted`. */
function doneInWords(kind: DefinitionKind, verb: DefinitionVerb, done: readonly DefinitionTarget[]): string {
  const [only] = done;
  return done.length === 1 && only !== undefined
    ? `${only.name} ${PAST[verb]}`
    : `${done.length} ${kind}s ${PAST[verb]}`;
}

async function callEach(call: Call, client: Client, targets: readonly DefinitionTarget[]): Promise<Outcome> {
  const done: DefinitionTarget[] = [];
  const failed: FailedTarget[] = [];
  for (const target of targets) {
    try {
      await call(client, target.id);
      done.push(target);
    } catch (error) {
      failed.push({ ...target, message: callProblem(error).message });
    }
  }
  return { done, failed };
}

export function useDefinitionActions(kind: DefinitionKind) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ verb, targets }: { readonly verb: DefinitionVerb; readonly targets: readonly DefinitionTarget[] }) =>
      callEach(CALLS[kind][verb] ?? (() => Promise.resolve()), client, targets),
    onSuccess: ({ done, failed }, { verb }) => {
      const undo = UNDO[verb];
      if (done.length > 0) {
        toast({
          title: doneInWords(kind, verb, done),
          description: MORE[verb],
          ...(undo && { action: { label: "Undo", run: () => mutation.mutate({ verb: undo, targets: done }) } }),
        });
      }
      if (failed.length > 0) {
        toast({
          tone: "error",
          title: failed.length === 1 ? "It was not changed" : `${failed.length} were not changed`,
          description: <FailureList failed={failed} />,
          action: { label: "Try again", run: () => mutation.mutate({ verb, targets: failed }) },
        });
      }
    },
    onSettled: () => {
      for (const filter of [trpc.pipelines, trpc.experiments, trpc.runs, trpc.retention])
        void queryClient.invalidateQueries(filter.pathFilter());
    },
  });
  return {
    isBusy: mutation.isPending,
    /** Answers what it was done to. */
    run: async (verb: DefinitionVerb, targets: readonly DefinitionTarget[]) =>
      (await mutation.mutateAsync({ verb, targets })).done,
  };
}

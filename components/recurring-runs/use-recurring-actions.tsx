/** What can be done to recurring runs from lists and pages, each with its undo where there is one. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { type FailedTarget, FailureList } from "@/components/ui/failure-list";
import { toast } from "@/components/ui/toast";
import { assertNever } from "@/server/domain/assert-never";

export type RecurringVerb = "enable" | "disable" | "run" | "delete" | "restore";

/** What an action is done to; the name is for messages. */
export interface Target {
  readonly id: string;
  readonly name: string;
}

interface Outcome {
  readonly done: readonly Target[];
  readonly failed: readonly FailedTarget[];
  /** Ids of the runs that were made. */
  readonly runs: readonly string[];
}

/** What was done, and what a person may wonder about it. */
const DONE: { readonly [verb in RecurringVerb]: { readonly words: string; readonly more?: string } } = {
  enable: { words: "enabled", more: "What came due while it was off is recorded as skipped." },
  disable: { words: "disabled", more: "Runs that are active go on." },
  run: { words: "made a run" },
  delete: { words: "deleted", more: "Its runs stay, and active ones go on." },
  restore: { words: "restored" },
};

const UNDO: { readonly [verb in RecurringVerb]?: RecurringVerb } = {
  enable: "disable",
  disable: "enable",
  delete: "restore",
};

const doneInWords = (verb: RecurringVerb, done: readonly Target[]): string => {
  const [only] = done;
  const { words } = DONE[verb];
  return done.length === 1 && only !== undefined ? `${only.name} ${words}` : `${done.length} recurring runs ${words}`;
};

export function useRecurringActions() {
  const trpc = useTRPC();
  const { recurringRuns } = useTRPCClient();
  const queryClient = useQueryClient();
  const router = useRouter();

  const call = async (verb: RecurringVerb, id: string): Promise<string | null> => {
    switch (verb) {
      case "enable":
        await recurringRuns.enable.mutate({ id });
        return null;
      case "disable":
        await recurringRuns.disable.mutate({ id });
        return null;
      case "run":
        return (await recurringRuns.runNow.mutate({ id })).id;
      case "delete":
        await recurringRuns.delete.mutate({ id });
        return null;
      case "restore":
        await recurringRuns.restore.mutate({ id });
        return null;
      default:
        return assertNever(verb);
    }
  };

  const perform = async (verb: RecurringVerb, targets: readonly Target[]): Promise<Outcome> => {
    const done: Target[] = [];
    const failed: FailedTarget[] = [];
    const runs: string[] = [];
    const results = await Promise.allSettled(targets.map(({ id }) => call(verb, id)));
    results.forEach((result, at) => {
      const target = targets[at];
      if (target === undefined) return;
      if (result.status === "rejected") failed.push({ ...target, message: callProblem(result.reason).message });
      else {
        done.push(target);
        if (result.value !== null) runs.push(result.value);
      }
    });
    return { done, failed, runs };
  };

  const mutation = useMutation({
    mutationFn: ({ verb, targets }: { readonly verb: RecurringVerb; readonly targets: readonly Target[] }) =>
      perform(verb, targets),
    onSuccess: ({ done, failed, runs }, { verb }) => {
      const undo = UNDO[verb];
      const [run] = runs;
      const action =
        undo !== undefined
          ? { label: "Undo", run: () => mutation.mutate({ verb: undo, targets: done }) }
          : run !== undefined && runs.length === 1
            ? { label: "Open run", run: () => router.push(`/runs/${run}`) }
            : undefined;
      if (done.length > 0) {
        toast({ title: doneInWords(verb, done), description: DONE[verb].more, ...(action && { action }) });
      }
      if (failed.length > 0) {
        toast({
          tone: "error",
          title: failed.length === 1 ? "One was not changed" : `${failed.length} were not changed`,
          description: <FailureList failed={failed} />,
          action: { label: "Try again", run: () => mutation.mutate({ verb, targets: failed }) },
        });
      }
    },
    onSettled: () => {
      void queryClient.invalidateQueries(trpc.recurringRuns.pathFilter());
      void queryClient.invalidateQueries(trpc.runs.pathFilter());
    },
  });

  return {
    isBusy: mutation.isPending,
    run: (verb: RecurringVerb, targets: readonly Target[]) => mutation.mutateAsync({ verb, targets }),
  };
}

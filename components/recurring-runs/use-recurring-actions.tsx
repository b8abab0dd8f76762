/** What can be done to recurring runs from lists and pages. */
"use client";

import { oneByOne } from "@/components/actions/outcome";
import { useEachAction, type VerbWords } from "@/components/actions/use-each-action";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";

export type RecurringVerb = "enable" | "disable" | "run" | "delete" | "restore";

const WORDS: { readonly [verb in RecurringVerb]: VerbWords<RecurringVerb> } = {
  enable: { done: "enabled", more: "What came due while it was off is recorded as skipped.", undo: "disable" },
  disable: { done: "disabled", more: "Runs that are active go on.", undo: "enable" },
  run: { done: "made a run" },
  delete: { done: "deleted", more: "Its runs stay, and active ones go on.", undo: "restore" },
  restore: { done: "restored" },
};

export function useRecurringActions() {
  const trpc = useTRPC();
  const { recurringRuns } = useTRPCClient();
  return useEachAction<RecurringVerb>({
    noun: "recurring run",
    words: WORDS,
    call: async (verb, targets, onReached) => {
      const runs: string[] = [];
      const calls: { readonly [each in RecurringVerb]: (id: string) => Promise<unknown> } = {
        enable: (id) => recurringRuns.enable.mutate({ id }),
        disable: (id) => recurringRuns.disable.mutate({ id }),
        run: async (id) => runs.push((await recurringRuns.runNow.mutate({ id })).id),
        delete: (id) => recurringRuns.delete.mutate({ id }),
        restore: (id) => recurringRuns.restore.mutate({ id }),
      };
      const outcome = await oneByOne(targets, calls[verb], (error) => callProblem(error).message, onReached);
      const [run] = runs;
      return run !== undefined && runs.length === 1
        ? { ...outcome, made: { label: "Open run", href: `/runs/${run}` } }
        : outcome;
    },
    touches: [trpc.recurringRuns, trpc.runs].map((each) => each.pathFilter()),
  });
}

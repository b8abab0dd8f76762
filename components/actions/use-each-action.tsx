/** One way to do something to several things from lists and pages: the call, a message with its undo, and a list of what could not be changed, to be tried again. */
"use client";

import { type QueryFilters, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { callProblem } from "@/components/trpc/problem";
import { toast } from "@/components/ui/toast";
import { FailureList } from "./failure-list";
import { type Outcome, type Target, targetsInWords } from "./outcome";

/** How a verb speaks of what it did, and which verb takes it back. */
export interface VerbWords<Verb extends string> {
  readonly done: string;
  /** What a person may wonder about it. */
  readonly more?: string;
  readonly undo?: Verb;
}

interface EachAction<Verb extends string> {
  /** Singular. */
  readonly noun: string;
  readonly words: { readonly [verb in Verb]?: VerbWords<Verb> };
  /** `onReached` is told how many it has come to. */
  readonly call: (verb: Verb, targets: readonly Target[], onReached: (count: number) => void) => Promise<Outcome>;
  /** Lists and pages that may look different afterwards. */
  readonly touches: readonly QueryFilters[];
}

interface Asked<Verb extends string> {
  readonly verb: Verb;
  readonly targets: readonly Target[];
}

const NOTHING: Outcome = { done: [], failed: [] };

export function useEachAction<Verb extends string>({ noun, words, call, touches }: EachAction<Verb>) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const [reached, setReached] = useState(0);
  const mutation = useMutation({
    mutationFn: ({ verb, targets }: Asked<Verb>) => {
      setReached(0);
      return call(verb, targets, setReached);
    },
    onSuccess: ({ done, failed, made }, { verb }) => {
      const { done: did, more, undo } = words[verb] ?? { done: "changed" };
      const action =
        undo !== undefined
          ? { label: "Undo", run: () => mutation.mutate({ verb: undo, targets: done }) }
          : made && { label: made.label, run: () => router.push(made.href) };
      if (done.length > 0) {
        toast({ title: `${targetsInWords(noun, done)} ${did}`, description: more, ...(action && { action }) });
      }
      if (failed.length > 0) {
        toast({
          tone: "error",
          title: `${targetsInWords(noun, failed)} could not be changed`,
          description: <FailureList failed={failed} />,
          action: { label: "Try again", run: () => mutation.mutate({ verb, targets: failed }) },
        });
      }
    },
    onError: (error, asked) =>
      toast({
        tone: "error",
        title: "Nothing was changed",
        description: callProblem(error).message,
        action: { label: "Try again", run: () => mutation.mutate(asked) },
      }),
    onSettled: () => {
      for (const filter of touches) void queryClient.invalidateQueries(filter);
    },
  });
  return {
    isBusy: mutation.isPending,
    /** How far it is with more than one, in words; null at rest. */
    progress:
      mutation.isPending && mutation.variables.targets.length > 1
        ? `${reached} of ${targetsInWords(noun, mutation.variables.targets)}`
        : null,
    /** Answers what was done and what was not; what went wrong has been told. */
    run: (verb: Verb, targets: readonly Target[]): Promise<Outcome> =>
      mutation.mutateAsync({ verb, targets }).catch(() => NOTHING),
  };
}

/** What the result cache made of a task and why, and the way to keep its result from being used again. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { CacheView } from "@/server/domain/views/tasks";
import { Fact, Facts, Head } from "./facts";

const OUTCOMES: { readonly [outcome in CacheView["outcome"]]: string } = {
  hit: "An earlier result was reused",
  miss: "No earlier result could be reused",
  off: "Off for this step",
};

export function CacheLine({ task, cache }: { readonly task: number; readonly cache: CacheView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const forget = useMutation(
    trpc.tasks.forgetCache.mutationOptions({
      onSuccess: ({ forgotten }) =>
        toast({
          title: forgotten === 1 ? "1 result forgotten" : `${forgotten} results forgotten`,
          description: "The next run of this step computes it anew. What earlier runs left stays with them.",
        }),
      onError: (error) =>
        toast({ tone: "error", title: "Nothing was forgotten", description: callProblem(error).message }),
      onSettled: () => void queryClient.invalidateQueries(trpc.tasks.pathFilter()),
    }),
  );
  return (
    <>
      <Head
        aside={
          cache.isUsable ? (
            <Button size="sm" className="ml-auto" busy={forget.isPending} onClick={() => forget.mutate({ id: task })}>
              Forget result
            </Button>
          ) : null
        }
      >
        Reuse of results
      </Head>
      <Facts>
        <Fact name="Cache">{OUTCOMES[cache.outcome]}</Fact>
        <Fact name="Why">{cache.why}</Fact>
        {cache.changed === null || cache.changed.length === 0 ? null : (
          <Fact name="Changed">
            <span className="font-mono text-xs">{cache.changed.join("  ")}</span>
          </Fact>
        )}
        <Fact name="Result">{cache.isUsable ? "later runs may reuse it" : "not reused by later runs"}</Fact>
      </Facts>
    </>
  );
}

/** Tries a profile from its page, and says what came of it. */
"use client";

import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { isRunOver } from "@/server/domain/states";
import type { ProfileView } from "@/server/domain/views/surroundings";

const LOOK_MS = 500;

export function TestProfile({ profile }: { readonly profile: ProfileView }) {
  const trpc = useTRPC();
  const test = useMutation(trpc.profiles.test.mutationOptions());
  const run = useQuery({
    ...trpc.runs.get.queryOptions(test.data ? { id: test.data.id } : skipToken),
    refetchInterval: ({ state }) => (state.data && isRunOver(state.data.state) ? false : LOOK_MS),
  });
  const isOver = run.data !== undefined && isRunOver(run.data.state);
  const reason = run.data?.tasks.find((task) => task.state === "failed")?.reason ?? run.data?.reason;
  return (
    <section aria-label="Test" className="flex max-w-2xl flex-col gap-2 border-line border-t pt-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          busy={test.isPending || (test.isSuccess && !isOver)}
          onClick={() => test.mutate({ name: profile.name })}
        >
          Test
        </Button>
        <p className="min-w-0 flex-1 text-xs text-dim">
          Starts a run of one step under this profile as it is saved, which says what it finds there.
        </p>
      </div>
      <div role="status" className="text-sm">
        {test.error ? <p className="text-failed">{callProblem(test.error).message}</p> : null}
        {run.data ? (
          <p>
            <Link href={`/runs/${run.data.id}`} className="underline underline-offset-2">
              {run.data.state === "succeeded" ? "It works" : isOver ? "It does not work" : "The test runs"}
            </Link>
            {isOver && reason ? <span className="text-dim">: {reason.message}</span> : null}
          </p>
        ) : null}
      </div>
    </section>
  );
}

/** Before a retry: which steps will run again and which results are kept; or why it cannot be. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ProblemList } from "@/components/pipelines/problem-list";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { RunView } from "@/server/domain/views/runs";
import { PlanList, planInWords } from "../plan-list";

export function RetryDialog({
  run,
  onClose,
}: {
  readonly run: Pick<RunView, "id" | "name">;
  readonly onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const plan = useQuery(trpc.runs.planRetry.queryOptions({ id: run.id }, { staleTime: 0, gcTime: 0 }));
  const retry = useMutation(
    trpc.runs.retry.mutationOptions({
      onSuccess: () => {
        toast({ title: `${run.name} runs again` });
        onClose();
      },
      onSettled: () => void queryClient.invalidateQueries(trpc.runs.pathFilter()),
    }),
  );
  const refusal = plan.data?.refusals[0];
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={`Retry ${run.name}`}
        description="The same run goes on: what failed and what depends on it runs again, everything else is kept. Earlier attempts stay to be read."
        className="max-w-xl"
        footer={
          <>
            <Button onClick={onClose}>Leave it as it is</Button>
            <Button
              look="primary"
              busy={retry.isPending || retry.isSuccess}
              reason={plan.data === undefined ? "What would run is still being worked out." : refusal?.message}
              onClick={() => retry.mutate({ id: run.id })}
            >
              Retry run
            </Button>
          </>
        }
      >
        {retry.error ? <ErrorState title="It was not retried" message={callProblem(retry.error).message} /> : null}
        {plan.error ? (
          <ErrorState message={callProblem(plan.error).message} onRetry={() => void plan.refetch()} />
        ) : plan.data === undefined ? (
          <SkeletonRows rows={4} label="Working out what would run" />
        ) : (
          <>
            {refusal === undefined ? (
              <p className="mb-1 text-sm font-medium">{planInWords(plan.data.steps)}</p>
            ) : (
              <ProblemList problems={plan.data.refusals} label="Why it cannot be retried" />
            )}
            <PlanList plan={plan.data} />
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}

/** Deletes a pipeline with a way back: it is hidden, not gone. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { toast } from "@/components/ui/toast";

export function useDeletePipeline(onDeleted: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () => void queryClient.invalidateQueries(trpc.pipelines.pathFilter());
  const restore = useMutation(
    trpc.pipelines.restore.mutationOptions({
      onSuccess: () => toast({ title: "The pipeline is back" }),
      onError: (error) =>
        toast({ tone: "error", title: "It could not be restored", description: callProblem(error).message }),
      onSettled: refresh,
    }),
  );
  return useMutation(
    trpc.pipelines.delete.mutationOptions({
      onSuccess: (_, { id }) => {
        onDeleted();
        refresh();
        toast({
          title: "Pipeline deleted",
          description: "Its runs are kept.",
          action: { label: "Undo", run: () => restore.mutate({ id }) },
        });
      },
      onError: (error) =>
        toast({ tone: "error", title: "It was not deleted", description: callProblem(error).message }),
    }),
  );
}

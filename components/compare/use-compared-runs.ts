/** What can be done with the runs of a comparison: add, take out, put in another order, measure against one of them. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { toast } from "@/components/ui/toast";
import type { ComparedRun, MetricGoal } from "@/server/domain/views/compare";
import type { SetCompareUrl } from "./compare-url";
import { setTray } from "./tray";

/** The list with what stands at `from` moved to `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const rest = list.filter((_, at) => at !== from);
  return [...rest.slice(0, to), ...list.slice(from, from + 1), ...rest.slice(to)];
}

export interface ComparedRunActions {
  readonly add: (id: string) => void;
  readonly remove: (id: string) => void;
  readonly move: (from: number, to: number) => void;
  readonly measureAgainst: (id: string) => void;
  readonly keepBaseline: (run: ComparedRun, isBaseline: boolean) => void;
  readonly setGoal: (pipelineNames: readonly string[], name: string, goal: MetricGoal | null) => void;
}

/** The runs of the address are also what is put aside, so that the way back from elsewhere leads to them. */
export function useComparedRuns(ids: readonly string[], setUrl: SetCompareUrl): ComparedRunActions {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onError = (error: unknown) =>
    toast({ tone: "error", title: "Nothing was changed", description: callProblem(error).message });
  const onSettled = () => void queryClient.invalidateQueries(trpc.compare.runs.pathFilter());
  const baseline = useMutation(trpc.compare.setBaseline.mutationOptions({ onError, onSettled }));
  const goal = useMutation(trpc.compare.setGoal.mutationOptions({ onError, onSettled }));
  const show = (next: readonly string[]) => {
    setTray(next);
    void setUrl({ runs: [...next] });
  };
  return {
    add: (id) => show([...ids, id]),
    remove: (id) => show(ids.filter((each) => each !== id)),
    move: (from, to) => (to < 0 || to >= ids.length ? undefined : show(moved(ids, from, to))),
    measureAgainst: (id) => void setUrl({ base: id }),
    keepBaseline: (run, isBaseline) => {
      const experimentId = run.experiment.id;
      baseline.mutate(
        { experimentId, runId: isBaseline ? run.id : null },
        {
          onSuccess: () =>
            toast({
              title: isBaseline
                ? `${run.name} is the baseline of ${run.experiment.name}`
                : `${run.experiment.name} has no baseline any more`,
              action: {
                label: "Undo",
                run: () => baseline.mutate({ experimentId, runId: run.baseline?.id ?? null }),
              },
            }),
        },
      );
    },
    setGoal: (pipelineNames, name, wanted) => {
      for (const pipelineName of pipelineNames) goal.mutate({ pipelineName, name, goal: wanted });
    },
  };
}

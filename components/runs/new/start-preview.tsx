/** What a start would do with each step, asked of the server again when what was filled in rests for a moment. */
"use client";

import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { Section } from "@/components/layout/page";
import { ProblemList } from "@/components/pipelines/problem-list";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { useRested } from "@/components/ui/use-rested";
import type { PreviewRunInput } from "@/server/domain/inputs/runs";
import { PlanList, planInWords, type ReuseChoice } from "../plan-list";

export function StartPreview({
  request,
  isReady,
  reuse,
}: {
  readonly request: PreviewRunInput;
  /** Whether what was filled in can be sent. */
  readonly isReady: boolean;
  readonly reuse: ReuseChoice;
}) {
  const trpc = useTRPC();
  const rested = useRested(request);
  const preview = useQuery(
    trpc.runs.preview.queryOptions(isReady ? rested : skipToken, {
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 0,
    }),
  );
  // A run that ends meanwhile may have left what this one can reuse.
  useRefresh(["runs"], [trpc.runs.preview.queryFilter()], 3000);
  const { data, error } = preview;
  const isBehind = preview.isFetching || JSON.stringify(rested) !== JSON.stringify(request);
  return (
    <Section
      title="What will happen"
      aside={
        <span role="status" className="flex items-center gap-1.5 text-xs text-dim">
          {isBehind && isReady ? <Spinner /> : null}
          {data === undefined ? "" : planInWords(data.steps)}
        </span>
      }
    >
      {!isReady ? (
        <p className="text-sm text-dim">Fill in the parameters to see which steps will run and which are reused.</p>
      ) : error ? (
        <p className="text-sm text-dim">{callProblem(error).message}</p>
      ) : data === undefined ? (
        <SkeletonRows rows={3} label="Working out what will happen" />
      ) : (
        <div className="scroll-thin max-h-96 overflow-y-auto rounded-md border border-line px-3 py-1">
          {data.refusals.length === 0 ? null : <ProblemList problems={data.refusals} label="Why it cannot start" />}
          <PlanList plan={data} reuse={reuse} />
        </div>
      )}
    </Section>
  );
}

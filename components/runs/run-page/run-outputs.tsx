/** All that a run made, on one tab: its metrics, its declared values and artifacts, and what every step has left. */
"use client";

import Link from "next/link";
import { Paging } from "@/components/data-table/paging";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ArtifactCard } from "@/components/viewers/artifact-card";
import { isRunOver } from "@/server/domain/states";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import type { RunView } from "@/server/domain/views/runs";
import { RunMetrics } from "./run-metrics";
import { Head } from "./step-panel/facts";
import { ParameterList } from "./step-panel/values";
import { TabBody } from "./tab-body";

const PAGE = 20;
/** More cards than these open one by one: a page of them would read every file. */
const OPEN_BY_THEMSELVES = 8;

function useArtifacts(run: RunView) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { runId: run.id, limit: PAGE };
  useRefresh(isRunOver(run.state) ? [] : [`run:${run.id}`], [trpc.artifacts.list.pathFilter()], 2000);
  return usePages<ArtifactItemView>([...trpc.artifacts.list.queryKey(input), "pages"], (cursor, signal) =>
    client.artifacts.list.query({ ...input, cursor }, { signal }),
  );
}

export function RunOutputs({ run }: { readonly run: RunView }) {
  const query = useArtifacts(run);
  const declared = Object.entries(run.outputs.artifacts).flatMap(([name, list]) =>
    list.map((artifact) => ({ name, artifact })),
  );
  const isDeclared = new Set(declared.map(({ artifact }) => artifact.id));
  const left = query.data?.pages.flatMap((page) => page.items).filter(({ id }) => !isDeclared.has(id)) ?? [];
  const total = (query.data?.pages[0]?.total ?? 0) - isDeclared.size;
  const hasParameters = Object.keys(run.outputs.parameters).length > 0;
  const hasMetrics = run.metrics.length > 0 || run.seriesLeftOut;
  if (query.isPending) return <SkeletonRows rows={5} label="Loading the outputs" />;
  if (declared.length + left.length === 0 && !hasParameters && !hasMetrics) {
    return (
      <EmptyState title={isRunOver(run.state) ? "No outputs" : "No outputs yet"}>
        Metrics, values and files of all steps are gathered here as the steps end.
      </EmptyState>
    );
  }
  return (
    <TabBody>
      {hasMetrics ? (
        <>
          <Head>Metrics</Head>
          <RunMetrics run={run} />
        </>
      ) : null}
      {hasParameters ? (
        <>
          <Head>Values</Head>
          <ParameterList parameters={run.outputs.parameters} />
        </>
      ) : null}
      {declared.length === 0 ? null : <Head>Artifacts of the run</Head>}
      {declared.map(({ name, artifact }) => (
        <ArtifactCard key={`${name} ${artifact.id}`} name={name} artifact={artifact} />
      ))}
      {left.length === 0 ? null : <Head>Artifacts of its steps</Head>}
      {left.map((artifact) => (
        <div key={artifact.id} className="mt-3">
          <Link
            href={`/runs/${run.id}?task=${artifact.task.id}&tab=values`}
            className="inline-flex min-h-6 items-center text-xs text-dim hover:text-ink hover:underline"
          >
            {artifact.task.step}
          </Link>
          <ArtifactCard
            name={artifact.name}
            artifact={artifact}
            {...(left.length > OPEN_BY_THEMSELVES && { isOpen: false })}
          />
        </div>
      ))}
      {left.length === 0 ? null : (
        <Paging
          shown={left.length}
          total={Math.max(total, left.length)}
          what="artifacts"
          hasNext={query.hasNextPage}
          isLoading={query.isFetchingNextPage}
          onNext={() => void query.fetchNextPage()}
        />
      )}
    </TabBody>
  );
}

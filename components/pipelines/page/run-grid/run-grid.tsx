/** The last runs of a pipeline as columns, its steps as rows; every cell opens that step of that run. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { type KeyboardEvent, useState } from "react";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ButtonLink } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { formatDuration } from "@/components/ui/format-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { GridRun } from "@/server/domain/views/run-grid";
import { GridRows } from "./grid-rows";
import { barHeight, summarize, tookMs } from "./grid-summary";
import { MetricTrend } from "./metric-trend";

export function RunGrid({ pipelineId }: { readonly pipelineId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.grid.queryOptions({ id: pipelineId }, { placeholderData: keepPreviousData }));
  useRefresh(["runs"], [trpc.pipelines.grid.pathFilter(), trpc.pipelines.metricTrend.pathFilter()], 1000);
  if (query.data === undefined) {
    return query.error ? (
      <ErrorState
        title="The last runs could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <SkeletonRows rows={8} label="Loading the last runs" />
    );
  }
  const { runs, steps, metrics } = query.data;
  if (runs.length === 0) {
    return (
      <EmptyState
        icon={<Play />}
        title="This pipeline has not run yet"
        actions={<ButtonLink href={`/runs/new?pipeline=${pipelineId}`}>Create run</ButtonLink>}
      >
        Its last runs stand here side by side, step by step, so that what fails often or grows slow is seen at once.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      {metrics.length > 0 ? <MetricTrend pipelineId={pipelineId} metrics={metrics} /> : null}
      <section aria-labelledby="grid-title" className="min-w-0">
        <GridTitle runs={runs} />
        <Grid pipelineId={pipelineId} runs={runs} steps={steps} />
      </section>
    </div>
  );
}

function GridTitle({ runs }: { readonly runs: readonly GridRun[] }) {
  const { finished, succeeded, medianMs } = summarize(runs);
  return (
    <div className="mb-2 flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <h2 id="grid-title" className="text-sm font-semibold">
        {runs.length === 1 ? "The last run" : `The last ${runs.length} runs`}
      </h2>
      {finished > 0 ? (
        <p className="text-xs text-dim">
          {succeeded} of {finished} succeeded
          {medianMs === null ? "" : ` · median ${formatDuration(medianMs)}`}
        </p>
      ) : null}
    </div>
  );
}

const cellsIn = (row: Element | null): HTMLElement[] => [...(row?.querySelectorAll<HTMLElement>("[data-cell]") ?? [])];

/** The cell beside, above or below; rows without a cell there are passed over. */
function neighbour(from: HTMLElement, key: string): HTMLElement | undefined {
  const row = from.closest("tr");
  const column = from.dataset.cell;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const cells = cellsIn(row);
    return cells[cells.indexOf(from) + (key === "ArrowRight" ? 1 : -1)];
  }
  const rows = [...(row?.closest("table")?.rows ?? [])];
  const ahead = key === "ArrowDown" ? rows.slice((row?.rowIndex ?? 0) + 1) : rows.slice(0, row?.rowIndex).reverse();
  return ahead.flatMap((each) => cellsIn(each).filter((cell) => cell.dataset.cell === column))[0];
}

function Grid({
  pipelineId,
  runs,
  steps,
}: {
  readonly pipelineId: string;
  readonly runs: readonly GridRun[];
  readonly steps: Parameters<typeof GridRows>[0]["steps"];
}) {
  const now = useNow();
  const [active, setActive] = useState<string | null>(null);
  const longest = Math.max(...runs.map((run) => tookMs(run, now) ?? 0));
  const first = runs.at(-1)?.id;
  const move = (event: KeyboardEvent<HTMLTableElement>) => {
    if (!event.key.startsWith("Arrow") || !(event.target instanceof HTMLElement)) return;
    const target = event.target.dataset.cell === undefined ? undefined : neighbour(event.target, event.key);
    if (target === undefined) return;
    event.preventDefault();
    target.focus();
  };
  return (
    // The newest run is at the right end, where a narrow screen begins to read.
    <div className="relative flex flex-row-reverse justify-end overflow-x-auto pb-1">
      <table aria-label="Runs by steps" className="border-separate border-spacing-0" onKeyDown={move}>
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky left-0 z-10 bg-surface pr-3 text-left align-bottom text-xs font-normal text-dim"
            >
              <span className="flex h-16 flex-col justify-between">
                <span className="self-end font-mono" title="The longest of these runs">
                  {longest > 0 ? formatDuration(longest) : ""}
                </span>
                <span>Step</span>
              </span>
            </th>
            {runs.map((run) => {
              const took = tookMs(run, now);
              const words = `${run.name}, v${run.version}, ${STATE_LOOKS[run.state].label}${took === null ? "" : `, ${formatDuration(took)}`}`;
              const id = `${run.id} `;
              return (
                <th key={run.id} scope="col" className="h-16 w-6 min-w-6 p-0 align-bottom font-normal">
                  <Link
                    href={`/runs/${run.id}`}
                    data-cell={run.id}
                    tabIndex={active === id || (active === null && run.id === first) ? 0 : -1}
                    onFocus={() => setActive(id)}
                    aria-label={words}
                    title={words}
                    className="flex h-16 items-end justify-center rounded-sm hover:bg-hover"
                  >
                    <span
                      className={cn("w-3 rounded-t-xs", STATE_LOOKS[run.state].fill)}
                      style={{ height: `${barHeight(took, longest)}%` }}
                    />
                  </Link>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          <GridRows pipelineId={pipelineId} runs={runs} steps={steps} depth={0} active={active} onActive={setActive} />
        </tbody>
      </table>
    </div>
  );
}

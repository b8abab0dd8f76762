/** What the page of comparisons shows before there is one: what it does, what is put aside, and the newest runs to choose from. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Columns3 } from "lucide-react";
import Link from "next/link";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, ButtonLink } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime } from "@/components/ui/time";
import type { RunSummary } from "@/server/domain/views/runs";
import { AddRun } from "./add-run";
import { compareHref, trayReason } from "./tray";

interface PickRunsProps {
  /** Chosen so far: none, or one that is to be compared with something. */
  readonly ids: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}

function useNewest() {
  const trpc = useTRPC();
  return useQuery(trpc.runs.list.queryOptions({ limit: 20 }));
}

function Choice({ run, ids, onChange }: PickRunsProps & { readonly run: RunSummary }) {
  const isChosen = ids.includes(run.id);
  const reason = isChosen ? undefined : trayReason(ids);
  const toggle = () => {
    if (reason === undefined) onChange(isChosen ? ids.filter((id) => id !== run.id) : [...ids, run.id]);
  };
  return (
    <li className="flex min-h-9 items-center gap-3 border-b border-line/60 px-2 text-sm hover:bg-hover">
      <Checkbox aria-label={`Compare ${run.name}`} checked={isChosen} onCheckedChange={toggle} />
      <RunStatus state={run.state} compact />
      <Link href={`/runs/${run.id}`} className="min-w-0 flex-1 truncate rounded-sm font-medium hover:underline">
        {run.name}
      </Link>
      <span className="min-w-0 truncate text-dim max-md:hidden">
        {run.pipeline?.name ?? run.pipelineName} v{run.version.number}
      </span>
      <RelativeTime at={run.createdAt} className="shrink-0 text-dim" />
    </li>
  );
}

function Newest({ query, ...props }: PickRunsProps & { readonly query: ReturnType<typeof useNewest> }) {
  if (query.isPending) return <SkeletonRows rows={6} label="Loading the newest runs" />;
  if (query.isError) {
    return (
      <ErrorState
        title="The newest runs could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const { items } = query.data;
  return (
    <ul aria-label="Newest runs" className="border-t">
      {items.map((run) => (
        <Choice key={run.id} run={run} {...props} />
      ))}
    </ul>
  );
}

export function PickRuns({ ids, tray, onChange }: PickRunsProps & { readonly tray: readonly string[] }) {
  const query = useNewest();
  if (query.data?.items.length === 0) {
    return (
      <EmptyState
        icon={<Columns3 />}
        title="There is nothing to compare yet"
        actions={<ButtonLink href="/runs/new">Create run</ButtonLink>}
      >
        Once two runs are there, they stand side by side here: parameters, metrics, steps, artifacts and versions, with
        what differs first.
      </EmptyState>
    );
  }
  const words = ids.length === 1 ? "Choose at least one more run" : "Choose the runs to compare";
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <EmptyState
        icon={<Columns3 />}
        title={words}
        actions={
          <>
            <AddRun ids={ids} onAdd={(id) => onChange([...ids, id])} />
            {tray.length > 1 ? (
              <ButtonLink look="primary" href={compareHref(tray)}>
                Compare the {tray.length} put aside
              </ButtonLink>
            ) : null}
            {ids.length === 1 ? <Button onClick={() => onChange([])}>Begin anew</Button> : null}
          </>
        }
      >
        Two to ten runs stand side by side: parameters, metrics, steps, artifacts and versions, with what differs first.
      </EmptyState>
      <Newest query={query} ids={ids} onChange={onChange} />
    </div>
  );
}

/** A list of runs with its filters in the URL, live without moving what is read, and actions on a selection. */
"use client";

import { ArrowUp, Play } from "lucide-react";
import { useQueryStates } from "nuqs";
import { type ReactNode, useMemo, useState } from "react";
import { DataTable } from "@/components/data-table/data-table";
import { Paging } from "@/components/data-table/paging";
import { useKeys } from "@/components/keys/use-keys";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunSummary } from "@/server/domain/views";
import { BulkBar } from "./bulk-bar";
import { countRuns } from "./bulk-plan";
import { FilterBar } from "./filter-bar";
import { newestMoment, splitNewRows } from "./new-rows";
import { runColumns } from "./run-columns";
import { isNarrowed, LIST_SORTS, listInput, type RunFilters, type RunScope, runFilterParsers } from "./run-filters";

const NOTHING: ReadonlySet<string> = new Set();

export function RunList({ scope, empty }: { readonly scope: RunScope; readonly empty: ReactNode }) {
  const [filters, setFilters] = useQueryStates(runFilterParsers, { history: "push" });
  const change = (next: Partial<RunFilters>) =>
    void setFilters(next, { history: next.q !== undefined && Object.keys(next).length === 1 ? "replace" : "push" });
  const key = JSON.stringify([filters, scope]);
  return (
    <div className="flex flex-col gap-3">
      <FilterBar filters={filters} scope={scope} onChange={change} />
      <RunRows key={key} filters={filters} scope={scope} onChange={change} empty={empty} />
    </div>
  );
}

interface RunRowsProps {
  readonly filters: RunFilters;
  readonly scope: RunScope;
  readonly onChange: (next: Partial<RunFilters>) => void;
  readonly empty: ReactNode;
}

function RunRows({ filters, scope, onChange, empty }: RunRowsProps) {
  const trpc = useTRPC();
  const [input] = useState(() => listInput(filters, scope, Date.now()));
  const client = useTRPCClient();
  const query = usePages<RunSummary>(trpc.runs.list.infiniteQueryKey(input), (cursor, signal) =>
    client.runs.list.query({ ...input, cursor }, { signal }),
  );
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  useRefresh(
    ["runs"],
    [trpc.runs.list.infiniteQueryFilter(input), trpc.runs.counts.queryFilter()],
    (pages?.length ?? 1) > 3 ? 5000 : 400,
  );

  const [openedAt, setOpenedAt] = useState<string | null>(null);
  const isFirst = query.data !== undefined && !query.isPlaceholderData && openedAt === null;
  if (isFirst && rows.length > 0) setOpenedAt(newestMoment(rows));
  const { shown, waiting } = splitNewRows(rows, openedAt);

  const [selected, setSelected] = useState<ReadonlySet<string>>(NOTHING);
  const chosen = shown.filter((run) => selected.has(run.id));
  useKeys({ esc: () => setSelected(NOTHING) }, chosen.length > 0);
  const columns = useMemo(() => runColumns(scope), [scope]);

  if (query.isPending) return <SkeletonRows rows={8} label="Loading runs" />;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        title="The runs could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (rows.length === 0) return <NoRows filters={filters} onChange={onChange} empty={empty} />;
  const total = pages?.[0]?.total ?? rows.length;
  return (
    <div className="relative">
      <div role="status" className="sticky top-1 z-20 flex h-0 justify-center">
        {waiting > 0 ? (
          <button
            type="button"
            onClick={() => setOpenedAt(newestMoment(rows))}
            className="inline-flex h-7 animate-appear items-center gap-1.5 rounded-full bg-accent px-3 text-xs font-medium text-on-accent shadow-float hover:bg-accent-hover"
          >
            <ArrowUp aria-hidden className="size-3.5" />
            {waiting === 1 ? "1 new run" : `${waiting} new runs`}
          </button>
        ) : null}
      </div>
      <DataTable<RunSummary>
        label="Runs"
        columns={columns}
        rows={shown}
        rowId={(run) => run.id}
        rowName={(run) => run.name}
        rowHref={(run) => `/runs/${run.id}`}
        sorting={{ by: filters.sort, direction: filters.dir }}
        onSort={(sorting) => {
          const sort = LIST_SORTS.find((each) => each === sorting.by);
          if (sort) onChange({ sort, dir: sorting.direction });
        }}
        selection={{ selected, onChange: setSelected }}
      />
      <Paging
        shown={shown.length}
        total={total}
        what="runs"
        hasNext={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        onNext={() => void query.fetchNextPage()}
      />
      <BulkBar runs={chosen} archived={filters.archived} onClear={() => setSelected(NOTHING)} />
      <span role="status" className="sr-only">
        {waiting > 0 ? `${countRuns(waiting)} came in` : ""}
      </span>
    </div>
  );
}

function NoRows({ filters, onChange, empty }: Omit<RunRowsProps, "scope">) {
  if (isNarrowed(filters)) {
    return (
      <EmptyState
        icon={<Play />}
        title={filters.q ? `No run matches “${filters.q}”` : "No run matches these filters"}
        actions={
          <Button onClick={() => onChange({ q: "", state: [], pipeline: null, experiment: null, since: null })}>
            Clear filters
          </Button>
        }
      >
        {filters.q
          ? "Runs are found by a part of their name or by their id."
          : "Take one of the filters back to see more."}
      </EmptyState>
    );
  }
  if (filters.archived) {
    return (
      <EmptyState
        icon={<Play />}
        title="Nothing is archived"
        actions={<Button onClick={() => onChange({ archived: false })}>Show active runs</Button>}
      >
        Archived runs keep their logs and outputs and can be restored at any time.
      </EmptyState>
    );
  }
  return empty;
}

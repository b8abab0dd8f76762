/** The rows of a list of runs: live without moving what is read, and actions on a selection or on all that match. */
"use client";

import { ArrowUp } from "lucide-react";
import { Fragment, useMemo, useState } from "react";
import { DataTable } from "@/components/data-table/data-table";
import { Paging } from "@/components/data-table/paging";
import type { TableLayout } from "@/components/data-table/table-layout";
import { resized } from "@/components/data-table/table-layout";
import { useKeys } from "@/components/keys/use-keys";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { RunListItem } from "@/server/domain/views/runs";
import { countRuns } from "./bulk-plan";
import { newestMoment, splitNewRows } from "./new-rows";
import { NoRuns } from "./no-runs";
import { runColumns, usualColumns } from "./run-columns";
import { listInput, type RunChoice, type RunFilters, type RunScope } from "./run-filters";

const loadBulkBar = () => import("./bulk-bar");
const NOTHING: ReadonlySet<string> = new Set();
/** Between the ids of columns where they are compared as one text. */
const SEPARATOR = "\n";

export interface RunRowsProps {
  readonly filters: RunFilters;
  readonly scope: RunScope;
  readonly choice: RunChoice;
  readonly layout: TableLayout;
  readonly onChange: (next: Partial<RunFilters>) => void;
  readonly onLayout: (layout: TableLayout) => void;
  readonly empty: React.ReactNode;
}

export function RunRows({ filters, scope, choice, layout, onChange, onLayout, empty }: RunRowsProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = listInput(choice, filters, layout);
  const query = usePages<RunListItem>(
    trpc.runs.list.infiniteQueryKey(input),
    (cursor, signal) => client.runs.list.query({ ...input, cursor }, { signal }),
    input.direction,
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
  const bulk = useOnDemand(loadBulkBar);
  const select = (next: ReadonlySet<string>) => {
    bulk.demand();
    setSelected(next);
  };
  const chosen = shown.filter((run) => selected.has(run.id));
  useKeys({ esc: () => setSelected(NOTHING) }, chosen.length > 0);
  const ids = (layout.columns ?? usualColumns(scope)).join(SEPARATOR);
  const columns = useMemo(() => runColumns(ids.split(SEPARATOR)), [ids]);

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
  const total = pages?.[0]?.total ?? rows.length;
  // An action that empties the list goes on being told of.
  const bar = bulk.part ? (
    <bulk.part.BulkBar
      runs={chosen}
      isAllShown={chosen.length === shown.length}
      total={total}
      choice={choice}
      onClear={() => setSelected(NOTHING)}
    />
  ) : null;
  if (rows.length === 0) {
    return (
      <div className="relative">
        <NoRuns key="none" filters={filters} onChange={onChange} empty={empty} />
        <Fragment key="bar">{bar}</Fragment>
      </div>
    );
  }
  return (
    <div className="relative">
      <div role="status" className="sticky top-1 z-30 flex h-0 justify-center">
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
      <DataTable<RunListItem>
        label="Runs"
        columns={columns}
        rows={shown}
        rowId={(run) => run.id}
        rowName={(run) => run.name}
        rowHref={(run) => `/runs/${run.id}`}
        sorting={{ by: filters.sort, direction: filters.dir }}
        onSort={(sorting) => onChange({ sort: sorting.by, dir: sorting.direction })}
        selection={{ selected, onChange: select }}
        layout={layout}
        onResize={(column, px) => onLayout(resized(layout, column, px))}
      />
      <Paging
        shown={shown.length}
        total={total}
        what="runs"
        hasNext={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        onNext={() => void query.fetchNextPage()}
      />
      <span role="status" className="sr-only">
        {waiting > 0 ? `${countRuns(waiting)} came in` : ""}
      </span>
      <Fragment key="bar">{bar}</Fragment>
    </div>
  );
}

/** A list of recurring runs, everywhere or of one pipeline: search, state, order and selection, live. */
"use client";

import { CalendarClock } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type ReactNode, useState } from "react";
import { DataTable } from "@/components/data-table/data-table";
import { Paging } from "@/components/data-table/paging";
import { SearchField } from "@/components/data-table/search-field";
import { readLayout, resized, type TableLayout, writeLayout } from "@/components/data-table/table-layout";
import { listParsers } from "@/components/lists/list-address";
import { ListTools } from "@/components/lists/list-tools";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RecurringRunSummary } from "@/server/domain/recurrence/views";
import { RecurringBulkBar } from "./bulk-bar";
import { RECURRING_COLUMNS, USUAL_RECURRING_COLUMNS } from "./recurring-columns";

const SORTS = ["created", "updated", "name", "next"] as const;

const parsers = {
  q: parseAsString.withDefault("").withOptions({ history: "replace" }),
  state: parseAsStringLiteral(["enabled", "disabled"]),
  sort: parseAsStringLiteral(SORTS).withDefault("created"),
  ...listParsers,
};

/** The address of the whole list as a file. */
function exportAddress(
  { enabled, ...choice }: { readonly [name: string]: string | boolean | undefined },
  columns: readonly string[],
  format: "csv" | "json",
): string {
  const query = new URLSearchParams({ ...(choice as { [name: string]: string }), format });
  if (enabled !== undefined) query.set("enabled", String(enabled));
  for (const column of columns) query.append("columns", column);
  return `/api/recurring-runs/export?${query}`;
}

export function RecurringList({
  pipelineId,
  create,
  empty,
}: {
  readonly pipelineId?: string;
  /** Beside the search, where the page itself offers no creation. */
  readonly create?: ReactNode;
  readonly empty: ReactNode;
}) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [{ q, state, sort, dir, view, ...given }, setAddress] = useQueryStates(parsers, { history: "push" });
  const layout = readLayout(given);
  const setLayout = (next: TableLayout) => void setAddress(writeLayout(next), { history: "replace" });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const input = {
    ...(q ? { search: q } : {}),
    ...(state === null ? {} : { enabled: state === "enabled" }),
    ...(pipelineId === undefined ? {} : { pipelineId }),
    sort,
    direction: dir,
  };
  const query = usePages<RecurringRunSummary>(
    [...trpc.recurringRuns.list.queryKey(input), "pages"],
    (cursor, signal) => client.recurringRuns.list.query({ ...input, cursor }, { signal }),
    dir,
  );
  useRefresh(["recurring-runs", "runs"], [trpc.recurringRuns.list.pathFilter()], 1000);
  const rows = query.data?.pages.flatMap((page) => page.items);
  const isNarrowed = q !== "" || state !== null;
  const clear = () => void setAddress({ q: "", state: null });
  const ids = layout.columns ?? USUAL_RECURRING_COLUMNS;
  const columns = ids.flatMap((id) => RECURRING_COLUMNS.find((column) => column.id === id) ?? []);
  const exported = layout.columns ?? ["id", ...USUAL_RECURRING_COLUMNS];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField label="Search recurring runs" value={q} onChange={(next) => void setAddress({ q: next })} />
        <Select
          aria-label="Enabled or disabled"
          className="w-36"
          value={state ?? ""}
          placeholder="Any state"
          options={[
            { value: "enabled", label: "Enabled" },
            { value: "disabled", label: "Disabled" },
          ]}
          onValueChange={(value) =>
            void setAddress({ state: value === "enabled" || value === "disabled" ? value : null })
          }
        />
        <ListTools
          list="recurring-runs"
          path="/recurring-runs"
          hasViews={pipelineId === undefined}
          view={view}
          choices={RECURRING_COLUMNS.map(({ id, header }) => ({ id, label: header }))}
          usual={USUAL_RECURRING_COLUMNS}
          layout={layout}
          onLayout={setLayout}
          exports={{ csv: exportAddress(input, exported, "csv"), json: exportAddress(input, exported, "json") }}
        />
        {create && rows && rows.length > 0 ? create : null}
      </div>
      {query.isPending ? <SkeletonRows rows={5} label="Loading recurring runs" /> : null}
      {query.isError && !query.data ? (
        <ErrorState
          title="The recurring runs could not be loaded"
          message={callProblem(query.error).message}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {rows?.length === 0 ? (
        isNarrowed ? (
          <EmptyState
            icon={<CalendarClock />}
            title={q ? `No recurring run matches “${q}”` : `No recurring run is ${state}`}
            actions={<Button onClick={clear}>Clear filters</Button>}
          />
        ) : (
          empty
        )
      ) : null}
      {rows && rows.length > 0 ? (
        <div>
          <DataTable<RecurringRunSummary>
            label="Recurring runs"
            columns={columns}
            rows={rows}
            rowId={({ id }) => id}
            rowName={({ name }) => name}
            rowHref={({ id }) => `/recurring-runs/${id}`}
            sorting={{ by: sort, direction: dir }}
            onSort={({ by, direction }) =>
              void setAddress({ sort: SORTS.find((each) => each === by) ?? "created", dir: direction })
            }
            selection={{ selected, onChange: setSelected }}
            layout={layout}
            onResize={(column, px) => setLayout(resized(layout, column, px))}
          />
          <Paging
            shown={rows.length}
            total={query.data?.pages[0]?.total ?? rows.length}
            what="recurring runs"
            hasNext={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onNext={() => void query.fetchNextPage()}
          />
          <RecurringBulkBar chosen={rows.filter(({ id }) => selected.has(id))} onClear={() => setSelected(new Set())} />
        </div>
      ) : null}
    </div>
  );
}

/** All pipelines. */
"use client";

import { Trash2, Upload, Workflow } from "lucide-react";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Paging } from "@/components/data-table/paging";
import { SearchField } from "@/components/data-table/search-field";
import { useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { SelectionBar } from "@/components/lists/selection-bar";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime } from "@/components/ui/time";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import { FORMAT_NAMES } from "../format-names";

const SORTS = ["name", "updated", "created"] as const;

const parsers = {
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(SORTS).withDefault("updated"),
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
};

const COLUMNS: readonly Column<PipelineSummary>[] = [
  {
    id: "name",
    header: "Name",
    sort: "name",
    cell: (pipeline) => (
      <div className="min-w-0">
        <Link
          href={`/pipelines/${pipeline.id}`}
          className="block truncate rounded-sm font-medium hover:underline"
          title={pipeline.name}
        >
          {pipeline.name}
        </Link>
        {pipeline.description ? <p className="truncate text-xs text-dim">{pipeline.description}</p> : null}
        {pipeline.lastRun ? (
          <p className="flex items-center gap-2 text-xs text-dim md:hidden">
            <RunStatus state={pipeline.lastRun.state} className="text-xs [&_svg]:size-3.5" />
            <RelativeTime at={pipeline.lastRun.createdAt} />
          </p>
        ) : null}
      </div>
    ),
  },
  {
    id: "format",
    header: "Format",
    className: "w-36 max-lg:hidden",
    cell: (pipeline) => <span className="text-dim">{FORMAT_NAMES[pipeline.format]}</span>,
  },
  {
    id: "version",
    header: "Version",
    className: "w-36 max-md:w-32",
    cell: ({ latestVersion }) =>
      latestVersion ? (
        <span className="flex items-center gap-2">
          v{latestVersion.number}
          {latestVersion.state === "incomplete" ? <Badge tone="warning">incomplete</Badge> : null}
        </span>
      ) : null,
  },
  {
    id: "steps",
    header: "Steps",
    isNumber: true,
    className: "w-16 max-lg:hidden",
    cell: (pipeline) => pipeline.latestVersion?.stepCount,
  },
  {
    id: "runs",
    header: "Runs",
    isNumber: true,
    className: "w-20 max-md:hidden",
    cell: (pipeline) => pipeline.runCount.toLocaleString("en"),
  },
  {
    id: "last",
    header: "Last run",
    className: "w-48 max-md:hidden",
    cell: ({ lastRun }) =>
      lastRun ? (
        <Link href={`/runs/${lastRun.id}`} className="flex items-center gap-2 rounded-sm hover:underline">
          <RunStatus state={lastRun.state} />
          <RelativeTime at={lastRun.createdAt} className="text-xs text-dim" />
        </Link>
      ) : (
        <span className="text-faint">never</span>
      ),
  },
  {
    id: "updated",
    header: "Updated",
    sort: "updated",
    className: "w-28 max-xl:hidden",
    cell: (pipeline) => <RelativeTime at={pipeline.updatedAt} className="text-dim" />,
  },
  {
    id: "run",
    header: "Create run",
    headerHidden: "always",
    className: "w-24 py-0.5 text-right max-md:hidden",
    cell: ({ id, latestVersion }) =>
      latestVersion?.state === "runnable" ? (
        <ButtonLink
          size="sm"
          href={`/runs/new?pipeline=${id}`}
          className="opacity-0 group-hover/row:opacity-100 group-focus-within/row:opacity-100"
        >
          Run
        </ButtonLink>
      ) : null,
  },
];

export function PipelinesPage() {
  const [filters, setFilters] = useQueryStates(parsers, { history: "replace" });
  return (
    <Page>
      <Crumbs items={[{ label: "Pipelines" }]} />
      <PageTitle
        title="Pipelines"
        actions={
          <ButtonLink look="primary" href="/pipelines/new">
            <Upload />
            Upload
          </ButtonLink>
        }
      />
      <SearchField label="Search pipelines" value={filters.q} onChange={(q) => void setFilters({ q })} />
      <PipelineRows
        search={filters.q}
        sort={filters.sort}
        direction={filters.dir}
        onSort={(sort, dir) => void setFilters({ sort, dir })}
        onClear={() => void setFilters({ q: "" })}
      />
    </Page>
  );
}

function PipelineRows({
  search,
  sort,
  direction,
  onSort,
  onClear,
}: {
  readonly search: string;
  readonly sort: (typeof SORTS)[number];
  readonly direction: "asc" | "desc";
  readonly onSort: (sort: (typeof SORTS)[number], direction: "asc" | "desc") => void;
  readonly onClear: () => void;
}) {
  const trpc = useTRPC();
  const input = { ...(search ? { search } : {}), sort, direction };
  const client = useTRPCClient();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const actions = useDefinitionActions("pipeline");
  const query = usePages<PipelineSummary>(
    trpc.pipelines.list.infiniteQueryKey(input),
    (cursor, signal) => client.pipelines.list.query({ ...input, cursor }, { signal }),
    direction,
  );
  useRefresh(["pipelines", "runs"], [trpc.pipelines.list.pathFilter()], 1000);
  if (query.isPending) return <SkeletonRows rows={6} label="Loading pipelines" />;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        title="The pipelines could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return search ? (
      <EmptyState
        icon={<Workflow />}
        title={`No pipeline matches “${search}”`}
        actions={<Button onClick={onClear}>Clear the search</Button>}
      />
    ) : (
      <EmptyState
        icon={<Workflow />}
        title="No pipelines yet"
        actions={
          <>
            <ButtonLink look="primary" href="/pipelines/new">
              Upload a pipeline
            </ButtonLink>
            <ButtonLink href="/">Try an example</ButtonLink>
          </>
        }
      >
        A pipeline is a named definition with its versions: a .pipeline file drawn in Elyra, a compiled Kubeflow
        pipeline, or a single notebook.
      </EmptyState>
    );
  }
  const chosen = rows.filter(({ id }) => selected.has(id));
  const clear = () => setSelected(new Set());
  return (
    <div>
      <DataTable<PipelineSummary>
        label="Pipelines"
        columns={COLUMNS}
        rows={rows}
        rowId={(pipeline) => pipeline.id}
        rowName={(pipeline) => pipeline.name}
        rowHref={(pipeline) => `/pipelines/${pipeline.id}`}
        sorting={{ by: sort, direction }}
        onSort={(sorting) => {
          const by = SORTS.find((each) => each === sorting.by);
          if (by) onSort(by, sorting.direction);
        }}
        selection={{ selected, onChange: setSelected }}
      />
      <Paging
        shown={rows.length}
        total={query.data.pages[0]?.total ?? rows.length}
        what="pipelines"
        hasNext={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        onNext={() => void query.fetchNextPage()}
      />
      {chosen.length === 0 ? null : (
        <SelectionBar
          status={actions.progress ?? `${chosen.length} selected`}
          isBusy={actions.isBusy}
          onClear={clear}
          actions={[{ label: "Delete", icon: <Trash2 />, run: () => void actions.run("delete", chosen).then(clear) }]}
        />
      )}
    </div>
  );
}

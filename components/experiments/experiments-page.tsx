/** All experiments. */
"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Archive, ArchiveRestore, FlaskConical, Plus, Trash2 } from "lucide-react";
import Link from "next/link";
import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Paging } from "@/components/data-table/paging";
import { SearchField } from "@/components/data-table/search-field";
import { type DefinitionVerb, useDefinitionActions } from "@/components/definitions/use-definition-actions";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { SelectionBar } from "@/components/lists/selection-bar";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RelativeTime } from "@/components/ui/time";
import type { ExperimentView } from "@/server/domain/views/experiments";
import { RunCounts } from "./run-counts";

const parsers = { q: parseAsString.withDefault(""), archived: parseAsBoolean.withDefault(false) };

const COLUMNS: readonly Column<ExperimentView>[] = [
  {
    id: "name",
    header: "Name",
    cell: (experiment) => (
      <div className="min-w-0">
        <Link href={`/experiments/${experiment.id}`} className="block truncate rounded-sm font-medium hover:underline">
          {experiment.name}
        </Link>
        {experiment.description ? <p className="truncate text-xs text-dim">{experiment.description}</p> : null}
      </div>
    ),
  },
  {
    id: "runs",
    header: "Runs",
    className: "w-72 max-md:w-40",
    cell: (experiment) => <RunCounts counts={experiment.runCounts} />,
  },
  {
    id: "last",
    header: "Last run",
    className: "w-36 max-md:hidden",
    cell: ({ lastRunAt }) =>
      lastRunAt ? <RelativeTime at={lastRunAt} className="text-dim" /> : <span className="text-faint">never</span>,
  },
  {
    id: "created",
    header: "Created",
    className: "w-36 max-lg:hidden",
    cell: (experiment) => <RelativeTime at={experiment.createdAt} className="text-dim" />,
  },
];

export function ExperimentsPage() {
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(parsers, { history: "replace" });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const input = { ...(filters.q ? { search: filters.q } : {}), archived: filters.archived };
  const query = useInfiniteQuery(
    trpc.experiments.list.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  );
  useRefresh(["experiments", "runs"], [trpc.experiments.list.pathFilter()], 1000);
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <Page>
      <Crumbs items={[{ label: "Experiments" }]} />
      <PageTitle
        title="Experiments"
        actions={
          <ButtonLink look="primary" href="/experiments/new">
            <Plus />
            Create experiment
          </ButtonLink>
        }
      />
      <div className="flex flex-wrap gap-2">
        <SearchField label="Search experiments" value={filters.q} onChange={(q) => void setFilters({ q })} />
        <Select
          aria-label="Active or archived"
          className="w-32"
          value={filters.archived ? "archived" : "active"}
          options={[
            { value: "active", label: "Active" },
            { value: "archived", label: "Archived" },
          ]}
          onValueChange={(value) => void setFilters({ archived: value === "archived" })}
        />
      </div>
      {query.isPending ? <SkeletonRows rows={5} label="Loading experiments" /> : null}
      {query.isError && !query.data ? (
        <ErrorState
          title="The experiments could not be loaded"
          message={callProblem(query.error).message}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {rows?.length === 0 ? (
        <EmptyState
          icon={<FlaskConical />}
          title={
            filters.q
              ? `No experiment matches “${filters.q}”`
              : filters.archived
                ? "No experiment is archived"
                : "No experiments yet"
          }
          actions={
            filters.q || filters.archived ? (
              <Button onClick={() => void setFilters({ q: "", archived: false })}>Show all active experiments</Button>
            ) : (
              <ButtonLink href="/experiments/new">Create experiment</ButtonLink>
            )
          }
        >
          {filters.q ? null : "An experiment groups runs of any pipelines, so that they can be looked at together."}
        </EmptyState>
      ) : null}
      {rows && rows.length > 0 ? (
        <div>
          <DataTable<ExperimentView>
            label="Experiments"
            columns={COLUMNS}
            rows={rows}
            rowId={(experiment) => experiment.id}
            rowName={(experiment) => experiment.name}
            rowHref={(experiment) => `/experiments/${experiment.id}`}
            selection={{ selected, onChange: setSelected }}
          />
          <Paging
            shown={rows.length}
            total={query.data?.pages[0]?.total ?? rows.length}
            what="experiments"
            hasNext={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onNext={() => void query.fetchNextPage()}
          />
          <SelectedExperiments
            chosen={rows.filter(({ id }) => selected.has(id))}
            onClear={() => setSelected(new Set())}
          />
        </div>
      ) : null}
    </Page>
  );
}

const STAYS = "The default experiment takes the runs that name no other, so it stays";

function SelectedExperiments({
  chosen,
  onClear,
}: {
  readonly chosen: readonly ExperimentView[];
  readonly onClear: () => void;
}) {
  const actions = useDefinitionActions("experiment");
  const others = chosen.filter(({ isDefault }) => !isDefault);
  const reason = others.length === 0 ? STAYS : undefined;
  const run = (verb: DefinitionVerb) => () => void actions.run(verb, others).then(onClear);
  const isArchived = chosen.some(({ archivedAt }) => archivedAt !== null);
  if (chosen.length === 0) return null;
  return (
    <SelectionBar
      status={actions.progress ?? `${chosen.length} selected`}
      isBusy={actions.isBusy}
      onClear={onClear}
      actions={[
        isArchived
          ? { label: "Restore", icon: <ArchiveRestore />, run: run("restore"), reason }
          : { label: "Archive", icon: <Archive />, run: run("archive"), reason },
        { label: "Delete", icon: <Trash2 />, run: run("delete"), reason },
      ]}
    />
  );
}

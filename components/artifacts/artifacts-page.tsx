/** The page of artifacts: what the tasks of all runs left behind. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Package } from "lucide-react";
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { matchText } from "@/components/data-table/paging";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { RecordList } from "@/components/lists/record-list";
import type { RecordQuestion } from "@/components/lists/record-question";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/time";
import type { Filter } from "@/server/domain/lists/filter";
import { ARTIFACT_FIELDS, ARTIFACT_SORTS } from "@/server/domain/lists/task-fields";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import { producerHref, sizeText } from "./artifact-facts";

const DIM = "block truncate text-dim";
const LINK = `${DIM} rounded-sm hover:text-ink hover:underline`;

const COLUMNS: readonly Column<ArtifactItemView>[] = [
  {
    id: "name",
    header: "Name",
    sort: "name",
    onPhones: true,
    size: 240,
    cell: (row) => (
      <div className="min-w-0">
        <Link href={`/artifacts/${row.id}`} className="block truncate rounded-sm font-medium hover:underline">
          {row.name}
        </Link>
        <p className="flex gap-2 truncate text-xs text-dim md:hidden">
          <span className="truncate">{row.type}</span>
          <span className="truncate">{row.run.name}</span>
          <span>{sizeText(row)}</span>
        </p>
      </div>
    ),
  },
  {
    id: "type",
    header: "Type",
    sort: "type",
    className: "w-[16%] max-md:hidden",
    cell: (row) => <span className={DIM}>{row.type}</span>,
  },
  {
    id: "step",
    header: "Made by",
    className: "w-[18%] max-lg:hidden",
    cell: (row) => (
      <Link href={producerHref(row)} className={LINK}>
        {row.task.name}
      </Link>
    ),
  },
  {
    id: "run",
    header: "Run",
    sort: "run",
    className: "w-[18%] max-md:hidden",
    cell: (row) => (
      <Link href={`/runs/${row.run.id}`} className={LINK}>
        {row.run.name}
      </Link>
    ),
  },
  {
    id: "size",
    header: "Size",
    sort: "size",
    className: "w-24 max-md:hidden",
    size: 96,
    cell: (row) => <span className="text-dim tabular-nums">{sizeText(row)}</span>,
  },
  {
    id: "created",
    header: "Created",
    sort: "created",
    className: "w-28 max-md:hidden",
    size: 120,
    cell: (row) => <RelativeTime at={row.createdAt} className="text-dim" />,
  },
  { id: "uri", header: "Location", size: 260, cell: (row) => <span className={`${DIM} font-mono`}>{row.uri}</span> },
  { id: "digest", header: "Digest", cell: (row) => <span className={`${DIM} font-mono`}>{row.digest ?? "–"}</span> },
];
const USUAL = ["name", "type", "step", "run", "size", "created"];

function useRows({ sort: by, ...rest }: RecordQuestion) {
  const question = { ...rest, sort: ARTIFACT_SORTS.find((sort) => sort === by) ?? "created" };
  const trpc = useTRPC();
  const client = useTRPCClient();
  useRefresh(["runs"], [trpc.artifacts.search.pathFilter()], 2000);
  return usePages<ArtifactItemView>(
    trpc.artifacts.search.infiniteQueryKey(question),
    (cursor, signal) => client.artifacts.search.query({ ...question, cursor }, { signal }),
    question.direction,
  );
}

function useCount(filter: Filter | null): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.artifacts.search.queryOptions({ ...(filter && { filter }), limit: 1 }, { placeholderData: keepPreviousData }),
  );
  return data === undefined ? null : matchText(data.total, "artifact");
}

export function ArtifactsPage() {
  return (
    <Page>
      <Crumbs items={[{ label: "Artifacts" }]} />
      <PageTitle title="Artifacts" note="What the tasks of all runs left behind." />
      <RecordList<ArtifactItemView>
        list="artifacts"
        path="/artifacts"
        what="artifacts"
        fields={ARTIFACT_FIELDS}
        searched="name"
        columns={COLUMNS}
        usual={USUAL}
        useRows={useRows}
        useCount={useCount}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.name}
        rowHref={(row) => `/artifacts/${row.id}`}
        empty={
          <EmptyState
            icon={<Package />}
            title="No artifact has been made yet"
            actions={<ButtonLink href="/runs/new">Create run</ButtonLink>}
          >
            Files, models, tables and charts that steps leave behind are listed here, with what made them and what used
            them.
          </EmptyState>
        }
      />
    </Page>
  );
}

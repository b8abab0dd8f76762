/** The page of executions: the tasks of all runs. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { matchText } from "@/components/data-table/paging";
import { stepKindLabel } from "@/components/graph/step-kind";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { RecordList } from "@/components/lists/record-list";
import type { RecordQuestion } from "@/components/lists/record-question";
import { WordFilter } from "@/components/lists/word-filter";
import { iterationText } from "@/components/runs/run-page/iteration-path";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { ButtonLink } from "@/components/ui/button";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/time";
import type { Filter } from "@/server/domain/lists/filter";
import { TASK_FIELDS, TASK_SORTS } from "@/server/domain/lists/task-fields";
import { TASK_STATES } from "@/server/domain/states";
import type { ExecutionView } from "@/server/domain/views/tasks";

const hrefOf = (row: ExecutionView): string => `/runs/${row.run.id}?task=${row.id}`;
const DIM = "block truncate text-dim";

const when = (
  id: "created" | "started" | "finished",
  header: string,
  at: (row: ExecutionView) => string | null,
): Column<ExecutionView> => ({
  id,
  header,
  sort: id,
  className: "w-28 max-md:hidden",
  size: 120,
  cell: (row) => {
    const moment = at(row);
    return moment === null ? <span className="text-faint">–</span> : <RelativeTime at={moment} className="text-dim" />;
  },
});

const COLUMNS: readonly Column<ExecutionView>[] = [
  {
    id: "state",
    header: "State",
    headerHidden: "on phones",
    onPhones: true,
    sort: "state",
    className: "w-30 max-md:w-9 max-md:pr-0",
    size: 120,
    cell: (row) => (
      <>
        <RunStatus state={row.state} className="max-md:hidden" />
        <RunStatus state={row.state} compact className="pt-0.5 md:hidden" />
      </>
    ),
  },
  {
    id: "name",
    header: "Step",
    sort: "name",
    onPhones: true,
    size: 240,
    cell: (row) => (
      <div className="min-w-0">
        <Link href={hrefOf(row)} title={row.step} className="block truncate rounded-sm font-medium hover:underline">
          {row.name}
          {iterationText(row.step) === "" ? null : (
            <span className="font-mono text-xs font-normal text-dim"> {iterationText(row.step)}</span>
          )}
        </Link>
        {row.state === "failed" && row.reason ? (
          <p className="truncate text-xs text-failed" title={row.reason.message}>
            {row.reason.message}
          </p>
        ) : null}
        <p className="flex gap-2 truncate text-xs text-dim md:hidden">
          <span className="truncate">{row.run.name}</span>
          <RelativeTime at={row.createdAt} />
        </p>
      </div>
    ),
  },
  {
    id: "run",
    header: "Run",
    sort: "run",
    className: "w-[20%] max-md:hidden",
    size: 200,
    cell: (row) => (
      <Link href={`/runs/${row.run.id}`} className={`${DIM} rounded-sm hover:text-ink hover:underline`}>
        {row.run.name}
      </Link>
    ),
  },
  {
    id: "pipeline",
    header: "Pipeline",
    className: "w-[14%] max-lg:hidden",
    cell: (row) => <span className={DIM}>{row.pipeline}</span>,
  },
  { id: "experiment", header: "Experiment", cell: (row) => <span className={DIM}>{row.experiment}</span> },
  {
    id: "kind",
    header: "Kind",
    className: "w-30 max-lg:hidden",
    cell: (row) => <span className={DIM}>{stepKindLabel(row.kind)}</span>,
  },
  {
    id: "attempt",
    header: "Attempts",
    sort: "attempt",
    isNumber: true,
    className: "w-26 max-xl:hidden",
    size: 104,
    cell: (row) => <span className="text-dim">{row.attempt}</span>,
  },
  when("created", "Created", (row) => row.createdAt),
  when("started", "Started", (row) => row.startedAt),
  when("finished", "Finished", (row) => row.finishedAt),
  {
    id: "duration",
    header: "Took",
    sort: "duration",
    isNumber: true,
    className: "w-24 max-md:hidden",
    size: 96,
    cell: (row) => <Duration from={row.startedAt} to={row.finishedAt} />,
  },
  {
    id: "error",
    header: "Reason",
    size: 260,
    cell: (row) => <span className={DIM}>{row.reason?.message ?? "–"}</span>,
  },
  { id: "path", header: "Path", cell: (row) => <span className={`${DIM} font-mono`}>{row.step}</span> },
];
const USUAL = ["state", "name", "run", "pipeline", "kind", "attempt", "created", "duration"];

function useRows({ sort: by, ...rest }: RecordQuestion) {
  const question = { ...rest, sort: TASK_SORTS.find((sort) => sort === by) ?? "created" };
  const trpc = useTRPC();
  const client = useTRPCClient();
  useRefresh(["runs"], [trpc.tasks.listAll.pathFilter()], 1000);
  return usePages<ExecutionView>(
    trpc.tasks.listAll.infiniteQueryKey(question),
    (cursor, signal) => client.tasks.listAll.query({ ...question, cursor }, { signal }),
    question.direction,
  );
}

function useCount(filter: Filter | null): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.tasks.listAll.queryOptions({ ...(filter && { filter }), limit: 1 }, { placeholderData: keepPreviousData }),
  );
  return data === undefined ? null : matchText(data.total, "execution");
}

export function ExecutionsPage() {
  return (
    <Page>
      <Crumbs items={[{ label: "Executions" }]} />
      <PageTitle title="Executions" note="The tasks of all runs: each is the execution of one step." />
      <RecordList<ExecutionView>
        list="executions"
        path="/executions"
        what="executions"
        fields={TASK_FIELDS}
        searched="name"
        columns={COLUMNS}
        usual={USUAL}
        quick={(filter, onChange) => (
          <WordFilter
            field="state"
            label="Filter by state"
            any="Any state"
            words={TASK_STATES}
            filter={filter}
            onChange={onChange}
          />
        )}
        useRows={useRows}
        useCount={useCount}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.name}
        rowHref={hrefOf}
        empty={
          <EmptyState
            icon={<ListChecks />}
            title="Nothing has been executed yet"
            actions={<ButtonLink href="/runs/new">Create run</ButtonLink>}
          >
            Every step that a run executes is listed here, with its state, its tries and how long it took.
          </EmptyState>
        }
      />
    </Page>
  );
}

/** A list of recurring runs, everywhere or of one pipeline or experiment. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { matchText } from "@/components/data-table/paging";
import { RecordList } from "@/components/lists/record-list";
import type { RecordQuestion, RecordScope } from "@/components/lists/record-question";
import { WordFilter } from "@/components/lists/word-filter";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import type { Filter } from "@/server/domain/lists/filter";
import { RECURRING_FIELDS, RECURRING_SORTS, RECURRING_STATES } from "@/server/domain/lists/recurring-fields";
import type { RecurringRunSummary } from "@/server/domain/views/recurring-runs";
import { RecurringBulkBar } from "./bulk-bar";
import { RECURRING_COLUMNS, USUAL_RECURRING_COLUMNS } from "./recurring-columns";

const sortOf = (name: string) => RECURRING_SORTS.find((sort) => sort === name) ?? "created";

function useRows({ sort, ...question }: RecordQuestion, scope: RecordScope) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { ...question, ...scope, sort: sortOf(sort) };
  useRefresh(["recurring-runs", "runs"], [trpc.recurringRuns.list.pathFilter()], 1000);
  return usePages<RecurringRunSummary>(
    [...trpc.recurringRuns.list.queryKey(input), "pages"],
    (cursor, signal) => client.recurringRuns.list.query({ ...input, cursor }, { signal }),
    question.direction,
  );
}

function useCount(filter: Filter | null, scope: RecordScope): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.recurringRuns.list.queryOptions(
      { ...scope, ...(filter && { filter }), limit: 1 },
      { placeholderData: keepPreviousData },
    ),
  );
  return data === undefined ? null : matchText(data.total, "recurring run");
}

export function RecurringList({
  scope,
  create,
  empty,
}: {
  readonly scope?: RecordScope;
  /** Beside the search, where the page itself offers no creation. */
  readonly create?: ReactNode;
  readonly empty: ReactNode;
}) {
  return (
    <RecordList<RecurringRunSummary>
      list="recurring-runs"
      path="/recurring-runs"
      what="recurring runs"
      fields={RECURRING_FIELDS}
      searched="text"
      columns={RECURRING_COLUMNS}
      usual={USUAL_RECURRING_COLUMNS}
      {...(scope && { scope })}
      quick={(filter, onChange) => (
        <WordFilter
          field="state"
          label="Filter by state"
          any="Any state"
          words={RECURRING_STATES}
          filter={filter}
          onChange={onChange}
        />
      )}
      useRows={useRows}
      useCount={useCount}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      rowHref={({ id }) => `/recurring-runs/${id}`}
      bar={(chosen, onClear) => <RecurringBulkBar chosen={chosen} onClear={onClear} />}
      create={create}
      empty={empty}
    />
  );
}

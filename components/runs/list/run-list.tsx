/** A list of runs: what narrows it, its rows and its tools; all of it stands in the address. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { type ReactNode, useState } from "react";
import { readLayout, type TableLayout, writeLayout } from "@/components/data-table/table-layout";
import { ListTools } from "@/components/lists/list-tools";
import { useTRPC } from "@/components/trpc/client";
import { FilterBar } from "./filter-bar";
import { columnChoices, usualColumns } from "./run-columns";
import { exportAddress, type RunFilters, type RunScope, runChoice, runFilterParsers } from "./run-filters";
import { RunRows } from "./run-rows";

export function RunList({ scope, empty }: { readonly scope: RunScope; readonly empty: ReactNode }) {
  const trpc = useTRPC();
  const [{ cols, pin, width, density, view, ...filters }, setAddress] = useQueryStates(runFilterParsers, {
    history: "push",
  });
  const [nowMs] = useState(() => Date.now());
  const layout = readLayout({ cols, pin, width, density });
  const change = (next: Partial<RunFilters>) =>
    void setAddress(next, { history: next.q !== undefined && Object.keys(next).length === 1 ? "replace" : "push" });
  const setLayout = (next: TableLayout) => void setAddress(writeLayout(next), { history: "replace" });
  const choice = runChoice(filters, scope, nowMs);
  const usual = usualColumns(scope);
  // Names are asked for when a column of facts is in view or wanted: they cost the server more than the page.
  const { data: facts } = useQuery(trpc.runs.factNames.queryOptions());
  const exported = layout.columns ?? ["id", ...usual];
  const isEverywhere = scope.pipelineId === undefined && scope.experimentId === undefined;
  return (
    <div className="flex flex-col gap-3">
      <FilterBar
        filters={filters}
        scope={scope}
        choice={choice}
        onChange={change}
        tools={
          <ListTools
            list="runs"
            path="/runs"
            hasViews={isEverywhere}
            view={view}
            choices={columnChoices(facts)}
            usual={usual}
            layout={layout}
            onLayout={setLayout}
            exports={{
              csv: exportAddress(choice, filters, exported, "csv"),
              json: exportAddress(choice, filters, exported, "json"),
            }}
          />
        }
      />
      <RunRows
        key={JSON.stringify([filters, scope])}
        filters={filters}
        scope={scope}
        choice={choice}
        layout={layout}
        onChange={change}
        onLayout={setLayout}
        empty={empty}
      />
    </div>
  );
}

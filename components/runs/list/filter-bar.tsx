/** The filters over a list of runs: states with their counts, search, pipeline, experiment, time, archived. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { formatTotal } from "@/components/data-table/paging";
import { SearchField } from "@/components/data-table/search-field";
import { ExperimentPicker } from "@/components/experiments/experiment-picker";
import { useKeys } from "@/components/keys/use-keys";
import { PipelinePicker } from "@/components/pipelines/pipeline-picker";
import { useTRPC } from "@/components/trpc/client";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Select } from "@/components/ui/select";
import { useOnDemand } from "@/components/ui/use-on-demand";
import { STATE_LOOKS } from "../run-status";
import { StateIcon } from "../state-icon";
import {
  chipStates,
  isNarrowed,
  NO_FILTERS,
  PERIOD_NAMES,
  type RunChoice,
  type RunFilters,
  type RunScope,
  STATE_CHIPS,
} from "./run-filters";

const loadFilterDialog = () => import("./run-filter-dialog");

const PERIOD_LABELS: { readonly [period in (typeof PERIOD_NAMES)[number]]: string } = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

interface FilterBarProps {
  readonly filters: RunFilters;
  readonly scope: RunScope;
  readonly onChange: (change: Partial<RunFilters>) => void;
}

export function FilterBar({
  filters,
  scope,
  onChange,
  choice,
  tools,
}: FilterBarProps & { readonly choice: RunChoice; readonly tools: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const { part, demand } = useOnDemand(loadFilterDialog);
  const open = () => {
    demand();
    setIsOpen(true);
  };
  useKeys({ f: open });
  const hasFilter = filters.filter !== null;
  const fetchChips = useEffectEvent(() => demand());
  useEffect(() => {
    if (hasFilter) fetchChips();
  }, [hasFilter]);
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex items-center gap-2 md:flex-wrap">
        <StateChips filters={filters} scope={scope} onChange={onChange} />
        {tools}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label="Search runs"
          value={filters.q}
          onChange={(q) => onChange({ q })}
          className="max-md:flex-1"
        />
        <div className="no-bar contents max-md:order-1 max-md:-mx-4 max-md:flex max-md:w-[calc(100%+2rem)] max-md:gap-2 max-md:overflow-x-auto max-md:px-4 max-md:py-1">
          {scope.pipelineId ? null : (
            <PipelinePicker
              aria-label="Filter by pipeline"
              className="w-44 shrink-0 max-md:w-40"
              value={filters.pipeline}
              placeholder="Any pipeline"
              clearLabel="Any pipeline"
              onValueChange={(pipeline) => onChange({ pipeline })}
            />
          )}
          {scope.experimentId ? null : (
            <ExperimentPicker
              aria-label="Filter by experiment"
              className="w-44 shrink-0 max-md:w-40"
              value={filters.experiment}
              placeholder="Any experiment"
              clearLabel="Any experiment"
              onValueChange={(experiment) => onChange({ experiment })}
            />
          )}
          <Select
            aria-label="Filter by time"
            className="w-36 shrink-0"
            value={filters.since ?? ""}
            placeholder="Any time"
            options={PERIOD_NAMES.map((value) => ({ value, label: PERIOD_LABELS[value] }))}
            onValueChange={(value) => onChange({ since: PERIOD_NAMES.find((period) => period === value) ?? null })}
          />
          <Select
            aria-label="Active or archived"
            className="w-28 shrink-0"
            value={filters.archived ? "archived" : "active"}
            options={[
              { value: "active", label: "Active" },
              { value: "archived", label: "Archived" },
            ]}
            onValueChange={(value) => onChange({ archived: value === "archived" })}
          />
        </div>
        <Button onClick={open} aria-haspopup="dialog">
          <ListFilter />
          Filter
        </Button>
        {isNarrowed(filters) ? (
          <Button look="ghost" className="max-md:order-2" onClick={() => onChange(NO_FILTERS)}>
            Clear filters
          </Button>
        ) : null}
      </div>
      {filters.filter && part ? (
        <part.RunFilterChips filter={filters.filter} onChange={(filter) => onChange({ filter })} onOpen={open} />
      ) : null}
      {isOpen && part ? (
        <part.RunFilterDialog
          choice={choice}
          filter={filters.filter}
          onApply={(filter) => onChange({ filter })}
          onClose={() => setIsOpen(false)}
        />
      ) : null}
    </div>
  );
}

function StateChips({ filters, scope, onChange }: FilterBarProps) {
  const trpc = useTRPC();
  const pipelineId = scope.pipelineId ?? filters.pipeline;
  const experimentId = scope.experimentId ?? filters.experiment;
  const { data: counts } = useQuery(
    trpc.runs.counts.queryOptions({
      archived: filters.archived,
      ...(pipelineId ? { pipelineId } : {}),
      ...(experimentId ? { experimentId } : {}),
    }),
  );
  const countOf = (states: readonly string[]) =>
    states.reduce((total, state) => total + (counts?.[state as keyof typeof counts] ?? 0), 0);
  // What the counters know says nothing of a list that is narrowed further.
  const known = counts !== undefined && filters.filter === null && filters.q === "" && filters.since === null;
  const all = known ? countOf(Object.keys(counts)) : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame; these are buttons that belong together
    <div
      role="group"
      aria-label="Filter by state"
      className="no-bar flex min-w-0 gap-1.5 max-md:-ml-4 max-md:flex-1 max-md:overflow-x-auto max-md:py-1 max-md:pl-4 md:flex-wrap"
    >
      <Chip isOn={filters.state.length === 0} count={all} onClick={() => onChange({ state: [] })}>
        All
      </Chip>
      {STATE_CHIPS.map((chip) => {
        const isOn = filters.state.includes(chip);
        const look = STATE_LOOKS[chip];
        return (
          <Chip
            key={chip}
            isOn={isOn}
            count={known ? countOf(chipStates(chip)) : undefined}
            onClick={() =>
              onChange({ state: isOn ? filters.state.filter((each) => each !== chip) : [...filters.state, chip] })
            }
          >
            <StateIcon shape={look.shape} className={cn("size-3.5", look.text)} />
            {look.label}
          </Chip>
        );
      })}
    </div>
  );
}

function Chip({
  isOn,
  count,
  onClick,
  children,
}: {
  readonly isOn: boolean;
  readonly count: number | undefined;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cn(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border border-line px-2.5 text-xs font-medium text-dim hover:bg-hover hover:text-ink",
        isOn && "border-accent bg-accent-soft text-ink hover:bg-accent-soft",
      )}
    >
      {children}
      {count === undefined ? null : <span className="text-faint">{formatTotal(count)}</span>}
    </button>
  );
}

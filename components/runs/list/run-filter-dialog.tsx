/** The filter of a list of runs, with the names and values that occur in the newest ones. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { matchText } from "@/components/data-table/paging";
import { FilterChips } from "@/components/lists/filter-chips";
import { FilterDialog } from "@/components/lists/filter-dialog";
import { useTRPC } from "@/components/trpc/client";
import type { Filter } from "@/server/domain/lists/filter";
import { filterText, readFilterText } from "@/server/domain/lists/filter-text";
import { RUN_FIELDS } from "@/server/domain/lists/run-fields";
import type { CountedValue } from "@/server/domain/views/lists";
import { factColumn } from "./run-facts";
import type { RunChoice } from "./run-filters";

const OFFERED = Object.keys(RUN_FIELDS.fields).filter((field) => field !== "text" && field !== "archived");
const HAS_VALUES = new Set(["name", "pipeline", "experiment", "profile", "error"]);

function useSuggestions(field: string, part: string): readonly CountedValue[] {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.runs.suggest.queryOptions(
      { field, part: part.slice(0, 200) },
      { enabled: HAS_VALUES.has(field) || factColumn(field) !== null, placeholderData: keepPreviousData },
    ),
  );
  return data ?? [];
}

export function RunFilterDialog({
  choice,
  filter,
  onApply,
  onClose,
}: {
  readonly choice: RunChoice;
  /** In its text form. */
  readonly filter: string | null;
  readonly onApply: (filter: string | null) => void;
  readonly onClose: () => void;
}) {
  const trpc = useTRPC();
  const { data: facts } = useQuery(trpc.runs.factNames.queryOptions());
  const names = [
    ...OFFERED,
    ...(["param", "metric", "tag"] as const).flatMap((family) =>
      (facts?.[family] ?? []).map((name) => `${family}.${name}`),
    ),
  ];
  const { where: _without, ...others } = choice;
  return (
    <FilterDialog
      fields={RUN_FIELDS}
      fieldNames={names}
      useSuggestions={useSuggestions}
      useCount={(built) => {
        // biome-ignore lint/correctness/useHookAtTopLevel: the dialog calls this as a hook, once in each rendering
        const { data } = useQuery(
          trpc.runs.count.queryOptions(built === null ? others : { ...others, filter: built }, {
            placeholderData: keepPreviousData,
          }),
        );
        return data === undefined ? null : matchText(data.total, "run");
      }}
      filter={filterOf(filter)}
      onApply={(applied) => onApply(applied && filterText(applied))}
      onClose={onClose}
    />
  );
}

const filterOf = (text: string | null): Filter | null => {
  const reading = readFilterText(RUN_FIELDS, text ?? "");
  return reading.ok ? reading.filter : null;
};

/** The filter in words; nothing while it cannot be read, which the list then says. */
export function RunFilterChips({
  filter: text,
  onChange,
  onOpen,
}: {
  readonly filter: string;
  readonly onChange: (filter: string | null) => void;
  readonly onOpen: () => void;
}) {
  const filter = filterOf(text);
  if (filter === null) return null;
  return <FilterChips filter={filter} onChange={(next) => onChange(next && filterText(next))} onOpen={onOpen} />;
}

/** A list of runs with nothing in it: because of its filters, because nothing is archived, or because nothing ran yet. */
import { Play } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { isNarrowed, NO_FILTERS, type RunFilters } from "./run-filters";

export function NoRuns({
  filters,
  onChange,
  empty,
}: {
  readonly filters: RunFilters;
  readonly onChange: (next: Partial<RunFilters>) => void;
  readonly empty: ReactNode;
}) {
  if (isNarrowed(filters)) {
    return (
      <EmptyState
        icon={<Play />}
        title={filters.q ? `No run matches “${filters.q}”` : "No run matches these filters"}
        actions={<Button onClick={() => onChange(NO_FILTERS)}>Clear filters</Button>}
      >
        {filters.q
          ? "Runs are found by a part of their name, description or tags, or by the beginning of their id."
          : "Take one of the filters back to see more."}
      </EmptyState>
    );
  }
  if (filters.archived) {
    return (
      <EmptyState
        icon={<Play />}
        title="Nothing is archived"
        actions={<Button onClick={() => onChange({ archived: false })}>Show active runs</Button>}
      >
        Archived runs keep their logs and outputs and can be restored at any time.
      </EmptyState>
    );
  }
  return empty;
}

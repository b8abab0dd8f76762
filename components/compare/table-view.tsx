/** The table of a comparison with what is above it: search, only differences, which value stands for a series. */
"use client";

import { ChevronsDownUp, ChevronsUpDown } from "lucide-react";
import { useMemo } from "react";
import { useKeys } from "@/components/keys/use-keys";
import { IconButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { ComparisonView } from "@/server/domain/views/compare";
import { type CompareUrl, PICKS, SECTIONS, type SectionName, type SetCompareUrl } from "./compare-url";
import { type Sections, shownLines } from "./rows/comparison";
import { CompareTable } from "./table/compare-table";
import type { ComparedRunActions } from "./use-compared-runs";

const PICK_WORDS = { last: "Last of a series", low: "Lowest of a series", high: "Highest of a series" } as const;

interface TableViewProps {
  readonly view: ComparisonView;
  readonly sections: Sections;
  readonly baseline: number;
  readonly url: CompareUrl;
  readonly setUrl: SetCompareUrl;
  readonly actions: ComparedRunActions;
}

export function TableView({ view, sections, baseline, url, setUrl, actions }: TableViewProps) {
  const { all, fold, q, pick } = url;
  const { lines, hidden } = useMemo(
    () => shownLines(view, sections, { showsEqual: all, folded: fold, search: q }),
    [view, sections, all, fold, q],
  );
  const toggleEqual = () => void setUrl({ all: all ? null : true }, { history: "replace" });
  useKeys({ d: toggleEqual });
  const setFold = (next: readonly SectionName[]) =>
    void setUrl({ fold: next.length === 0 ? null : [...next] }, { history: "replace" });
  const hasSeries = view.metrics.some((row) => row.cells.some((cell) => cell?.isSeries));
  const isFolded = fold.length > 0;
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-6 py-2 max-md:px-4">
        <Input
          type="search"
          aria-label="Search rows"
          placeholder="Search rows"
          value={q}
          onChange={(event) => void setUrl({ q: event.target.value || null }, { history: "replace" })}
          className="w-56 max-md:w-40"
        />
        <div className="flex items-center gap-2 text-sm">
          <Switch id="only-differences" checked={!all} onCheckedChange={toggleEqual} />
          <label htmlFor="only-differences">Only differences</label>
          <span role="status" className="text-dim">
            {hidden > 0 ? `${hidden} equal hidden` : ""}
          </span>
        </div>
        {hasSeries ? (
          <Select
            aria-label="Value of a series"
            className="w-44"
            value={pick}
            options={PICKS.map((value) => ({ value, label: PICK_WORDS[value] }))}
            onValueChange={(value) => void setUrl({ pick: PICKS.find((each) => each === value) ?? null })}
          />
        ) : null}
        <IconButton
          size="sm"
          label={isFolded ? "Unfold all sections" : "Fold all sections"}
          onClick={() => setFold(isFolded ? [] : SECTIONS)}
          className="ml-auto"
        >
          {isFolded ? <ChevronsUpDown /> : <ChevronsDownUp />}
        </IconButton>
      </div>
      {lines.length === 0 ? (
        <EmptyState title={`No row matches “${q}”`}>
          Rows are found by a part of their name or of their step.
        </EmptyState>
      ) : (
        <CompareTable
          view={view}
          lines={lines}
          baseline={baseline}
          actions={actions}
          onFold={(section) =>
            setFold(fold.includes(section) ? fold.filter((each) => each !== section) : [...fold, section])
          }
        />
      )}
    </>
  );
}

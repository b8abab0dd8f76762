/** The foot of a list: how much of it is shown, and the way to more. */
"use client";

import { Button } from "@/components/ui/button";

/** Totals are exact up to this many. */
const COUNTED = 10_000;

export const formatTotal = (total: number): string =>
  total > COUNTED ? `${COUNTED.toLocaleString("en")}+` : total.toLocaleString("en");

/** How many records a filter leaves: "1 run matches", "4 runs match". */
export const matchText = (total: number, one: string): string =>
  total === 1 ? `1 ${one} matches` : `${formatTotal(total)} ${one}s match`;

export function Paging({
  shown,
  total,
  what,
  hasNext,
  isLoading,
  onNext,
}: {
  readonly shown: number;
  readonly total: number;
  /** Plural noun. */
  readonly what: string;
  readonly hasNext: boolean;
  readonly isLoading: boolean;
  readonly onNext: () => void;
}) {
  return (
    <div className="flex items-center gap-3 py-3 text-xs text-dim">
      <span role="status">
        {shown.toLocaleString("en")} of {formatTotal(total)} {what}
      </span>
      {hasNext ? (
        <Button size="sm" busy={isLoading} onClick={onNext}>
          Show more
        </Button>
      ) : null}
    </div>
  );
}

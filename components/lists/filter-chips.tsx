/** The filter in words: one chip for each part that has to hold, each opened and taken away by itself. */
"use client";

import { X } from "lucide-react";
import { conjunctsOf, type Filter } from "@/server/domain/lists/filter";
import { filterText } from "@/server/domain/lists/filter-text";
import { withoutConjunct } from "./filter-tree";

export function FilterChips({
  filter,
  onChange,
  onOpen,
}: {
  readonly filter: Filter;
  readonly onChange: (filter: Filter | null) => void;
  readonly onOpen: () => void;
}) {
  return (
    <ul aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
      {conjunctsOf(filter).map((part, index) => {
        const text = filterText(part);
        return (
          <li
            key={text}
            className="inline-flex h-7 max-w-full min-w-0 items-center rounded-md border border-accent bg-accent-soft text-xs"
          >
            <button
              type="button"
              onClick={onOpen}
              title={text}
              className="h-full min-w-0 truncate rounded-l-md pl-2 font-mono hover:underline"
            >
              {text}
            </button>
            <button
              type="button"
              aria-label={`Remove ${text}`}
              onClick={() => onChange(withoutConjunct(filter, index))}
              className="grid h-full w-7 shrink-0 place-items-center rounded-r-md text-dim hover:text-ink"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

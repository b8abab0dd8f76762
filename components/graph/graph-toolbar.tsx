/** Above the graph: find a step, zoom, fit, fold all. */
import { ChevronsDownUp, ChevronsUpDown, Maximize, Minus, Plus, Search } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

export function GraphToolbar({
  query,
  found,
  onQuery,
  onNext,
  onZoom,
  onFit,
  folding,
  onFoldAll,
}: {
  readonly query: string;
  /** How many steps match; null without a query. */
  readonly found: number | null;
  readonly onQuery: (query: string) => void;
  readonly onNext: (direction: 1 | -1) => void;
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
  /** What the fold button would do; null for a graph without groups. */
  readonly folding: "fold" | "unfold" | null;
  readonly onFoldAll: () => void;
}) {
  return (
    <div data-still className="absolute top-2 right-2 left-2 flex items-center gap-1">
      <div className="relative flex w-52 min-w-0 items-center">
        <Search aria-hidden className="pointer-events-none absolute left-2 size-3.5 text-faint" />
        <Input
          type="search"
          aria-label="Find a step"
          value={query}
          placeholder="Find a step"
          data-search
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onNext(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") onQuery("");
          }}
          className="h-7 pr-2 pl-7 text-xs"
        />
      </div>
      <span role="status" className="rounded-sm bg-surface/80 px-1 text-xs text-dim">
        {found === null ? "" : found === 0 ? "No step matches" : `${found} found`}
      </span>
      <span className="ml-auto flex items-center gap-0.5 rounded-md border border-line bg-surface p-0.5">
        {folding === null ? null : (
          <IconButton size="sm" label={folding === "fold" ? "Fold all groups" : "Open all groups"} onClick={onFoldAll}>
            {folding === "fold" ? <ChevronsDownUp /> : <ChevronsUpDown />}
          </IconButton>
        )}
        <IconButton size="sm" label="Zoom out" onClick={() => onZoom(1 / 1.3)}>
          <Minus />
        </IconButton>
        <IconButton size="sm" label="Zoom in" onClick={() => onZoom(1.3)}>
          <Plus />
        </IconButton>
        <IconButton size="sm" label="Fit the graph" onClick={onFit}>
          <Maximize />
        </IconButton>
      </span>
    </div>
  );
}

/** The run as a table: the text alternative of graph and timeline, sortable and searchable. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, Search } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { StepKindIcon, stepKindLabel } from "@/components/graph/step-kind";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/time";
import { RunStatus } from "../run-status";
import { FoldButton } from "./fold-button";
import { iterationText } from "./iteration-path";
import type { RunRow } from "./run-rows";
import { nextSort, parseSort, type StepColumn, type StepSort, shownRows } from "./steps-model";
import type { Folding } from "./use-folding";

const ROW = 32;
/** What the triangle of a group takes; other rows of a tree leave it free. */
const FOLD_WIDTH = 24;
const COLUMNS: readonly { readonly id: StepColumn; readonly label: string; readonly className: string }[] = [
  { id: "step", label: "Step", className: "pl-4 text-left" },
  { id: "state", label: "State", className: "w-36 text-left" },
  { id: "started", label: "Started", className: "w-28 text-left max-lg:hidden" },
  { id: "waited", label: "Waited", className: "w-24 text-right max-md:hidden" },
  { id: "took", label: "Took", className: "w-24 text-right" },
  { id: "attempts", label: "Attempts", className: "w-24 pr-4 text-right max-lg:hidden" },
];

function Heading({ sort, onSort }: { readonly sort: StepSort | null; readonly onSort: (column: StepColumn) => void }) {
  return (
    <tr>
      {COLUMNS.map(({ id, label, className }) => {
        const isSorted = sort?.column === id;
        const order = isSorted ? (sort.isDescending ? "descending" : "ascending") : "none";
        return (
          <th
            key={id}
            scope="col"
            aria-sort={order}
            className={cn(
              "sticky top-0 z-1 h-8 border-b border-line bg-surface px-2 text-xs font-medium text-dim",
              className,
            )}
          >
            <button
              type="button"
              onClick={() => onSort(id)}
              className="inline-flex h-6 items-center gap-1 rounded-sm hover:text-ink"
            >
              {label}
              {isSorted ? (
                sort.isDescending ? (
                  <ArrowDown aria-hidden className="size-3" />
                ) : (
                  <ArrowUp aria-hidden className="size-3" />
                )
              ) : null}
            </button>
          </th>
        );
      })}
    </tr>
  );
}

function Row({
  row,
  index,
  isFlat,
  hasGroups,
  isFolded,
  isSelected,
  onSelect,
  onFold,
}: {
  readonly row: RunRow;
  readonly index: number;
  /** Sorted or filtered rows are no tree. */
  readonly isFlat: boolean;
  readonly hasGroups: boolean;
  readonly isFolded: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (row: RunRow) => void;
  readonly onFold: (row: RunRow, isFolded: boolean) => void;
}) {
  const cell = "truncate border-b border-line/60 px-2";
  return (
    <tr
      aria-rowindex={index + 2}
      data-row={row.key}
      onClick={() => onSelect(row)}
      className={cn("h-8 cursor-default hover:bg-hover", isSelected && "bg-selected hover:bg-selected")}
    >
      <th
        scope="row"
        className={cn(cell, "text-left font-normal")}
        style={{ paddingLeft: 16 + (isFlat ? 0 : row.depth * 16 + (hasGroups && !row.isGroup ? FOLD_WIDTH : 0)) }}
      >
        {isFlat || !row.isGroup ? null : <FoldButton row={row} isFolded={isFolded} onFold={onFold} />}
        <button
          type="button"
          aria-pressed={isSelected}
          onClick={(event) => {
            event.stopPropagation();
            onSelect(row);
          }}
          className={cn(
            "inline-flex max-w-full items-center gap-2 rounded-sm align-middle",
            !isFlat && row.isGroup && "max-w-[calc(100%-1.75rem)]",
          )}
        >
          <StepKindIcon kind={row.kind} />
          <span className="sr-only">{stepKindLabel(row.kind)}: </span>
          <span className={cn("truncate text-sm", row.isGroup && "font-medium", isSelected && "text-accent")}>
            {row.name}
          </span>
          {isFlat && row.iteration === null && iterationText(row.path) !== "" ? (
            <span className="font-mono text-xs text-faint">{iterationText(row.path)}</span>
          ) : null}
          {row.iterationCount === null ? null : (
            <span className="font-mono text-xs text-dim">×{row.iterationCount.toLocaleString("en")}</span>
          )}
        </button>
      </th>
      <td className={cell}>
        {row.state !== null ? (
          <RunStatus state={row.state} reason={row.reason} className="flex" />
        ) : row.standsFor === "task" ? (
          <span className="text-sm text-faint">Not reached</span>
        ) : null}
      </td>
      <td className={cn(cell, "text-sm text-dim max-lg:hidden")}>
        {row.startedAt === null ? "–" : <RelativeTime at={row.startedAt} />}
      </td>
      <td className={cn(cell, "text-right max-md:hidden")}>
        <Duration from={row.queuedAt} to={row.startedAt ?? row.finishedAt} className="text-dim" />
      </td>
      <td className={cn(cell, "text-right")}>
        <Duration from={row.startedAt} to={row.finishedAt} />
      </td>
      <td className={cn(cell, "pr-4 text-right font-mono text-xs text-dim max-lg:hidden")}>{row.attempt || "–"}</td>
    </tr>
  );
}

export function StepsTable({
  folding,
  allRows,
  leftOut,
  selected,
  onSelect,
  query,
  onQuery,
  sort: sortText,
  onSort,
}: {
  /** The tree as it is unfolded; a search and a sort look at all rows. */
  readonly folding: Folding;
  readonly allRows: readonly RunRow[];
  /** Tasks in loops that have no row here. */
  readonly leftOut: number;
  /** Key of the selected row. */
  readonly selected: string | null;
  readonly onSelect: (row: RunRow) => void;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly sort: string | null;
  readonly onSort: (sort: string | null) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const sort = useMemo(() => parseSort(sortText), [sortText]);
  const total =
    leftOut === 0
      ? `${allRows.length} steps`
      : `${allRows.length} of ${(allRows.length + leftOut).toLocaleString("en")} tasks listed here, the rest under their loops`;
  const isFlat = sort !== null || query !== "";
  const hasGroups = useMemo(() => allRows.some((row) => row.isGroup), [allRows]);
  const rows = isFlat ? allRows : folding.rows;
  const shown = useMemo(() => shownRows(rows, query, sort, now), [rows, query, sort, now]);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const selectedIndex = shown.findIndex((row) => row.key === selected);
  useEffect(() => {
    if (selectedIndex >= 0) virtualizer.scrollToIndex(selectedIndex, { align: "auto" });
  }, [selectedIndex, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items[items.length - 1]?.end ?? 0);

  return (
    <div className="flex size-full flex-col">
      <div className="flex shrink-0 items-center gap-3 px-4 py-2">
        <div className="relative flex w-64 max-w-full items-center">
          <Search aria-hidden className="pointer-events-none absolute left-2 size-3.5 text-faint" />
          <Input
            type="search"
            aria-label="Search steps"
            placeholder="Name, state, reason"
            data-search
            value={query}
            onChange={(event) => onQuery(event.target.value)}
            className="h-7 pl-7 text-xs"
          />
        </div>
        <span role="status" className="text-xs text-dim">
          {query === "" ? total : `${shown.length} of ${total}`}
        </span>
      </div>
      {shown.length === 0 && query !== "" ? (
        <EmptyState title="No step matches" actions={<Button onClick={() => onQuery("")}>Clear the search</Button>}>
          Nothing here holds “{query}”.
        </EmptyState>
      ) : (
        <div ref={scroller} className="scroll-thin min-h-0 flex-1 overflow-auto">
          <table aria-rowcount={shown.length + 1} className="w-full table-fixed border-separate border-spacing-0">
            <thead>
              <Heading sort={sort} onSort={(column) => onSort(nextSort(sort, column))} />
            </thead>
            <tbody>
              {before > 0 ? <tr aria-hidden style={{ height: before }} /> : null}
              {items.map((item) => {
                const row = shown[item.index];
                return row === undefined ? null : (
                  <Row
                    key={row.key}
                    row={row}
                    index={item.index}
                    isFlat={isFlat}
                    hasGroups={hasGroups}
                    isFolded={folding.isFolded(row)}
                    isSelected={row.key === selected}
                    onSelect={onSelect}
                    onFold={folding.fold}
                  />
                );
              })}
              {after > 0 ? <tr aria-hidden style={{ height: after }} /> : null}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** The head of a column: its name, which sorts, and a handle at its edge that a pointer drags and arrow keys move. */
"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { type CSSProperties, useRef } from "react";
import { cn } from "@/components/ui/cn";
import type { Column, Sorting } from "./columns";
import { NARROWEST, WIDEST } from "./table-layout";

const KEY_STEP = 16;

interface HeaderCellProps<T> {
  readonly column: Column<T>;
  readonly sorting: Sorting | undefined;
  readonly onSort: ((sorting: Sorting) => void) | undefined;
  readonly onResize: ((px: number) => void) | undefined;
  readonly className: string;
  readonly style: CSSProperties;
}

export function HeaderCell<T>({ column, sorting, onSort, onResize, className, style }: HeaderCellProps<T>) {
  const cell = useRef<HTMLTableCellElement>(null);
  const { sort } = column;
  const direction = sort !== undefined && sorting?.by === sort ? sorting.direction : null;
  const sorts = sort !== undefined && onSort !== undefined;
  return (
    <th
      ref={cell}
      scope="col"
      {...(sorts
        ? { "aria-sort": direction === null ? "none" : direction === "asc" ? "ascending" : "descending" }
        : {})}
      style={style}
      className={cn(
        "relative h-8 px-2 text-left text-xs font-medium text-faint",
        column.isNumber && "text-right",
        className,
      )}
    >
      {sorts ? (
        <SortButton
          header={column.header}
          isNumber={column.isNumber === true}
          isHidden={column.headerHidden !== undefined}
          direction={direction}
          onPress={() => onSort({ by: sort, direction: direction === "desc" ? "asc" : "desc" })}
        />
      ) : (
        <span
          className={cn(
            "block truncate",
            column.headerHidden === "always" ? "sr-only" : column.headerHidden && "max-md:sr-only",
          )}
        >
          {column.header}
        </span>
      )}
      {onResize ? <ResizeHandle name={column.header} cell={cell} onResize={onResize} /> : null}
    </th>
  );
}

function SortButton({
  header,
  isNumber,
  isHidden,
  direction,
  onPress,
}: {
  readonly header: string;
  readonly isNumber: boolean;
  /** There is no room for it on a phone. */
  readonly isHidden: boolean;
  readonly direction: "asc" | "desc" | null;
  readonly onPress: () => void;
}) {
  const Arrow = direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onPress}
      className={cn(
        "group/sort -mx-1 inline-flex h-6 max-w-full items-center gap-1 rounded-sm px-1 hover:text-ink",
        // The arrow stands inwards, so that the name keeps to the edge of its numbers.
        isNumber && "flex-row-reverse",
        isHidden && "max-md:sr-only",
      )}
    >
      <span className="truncate">{header}</span>
      <Arrow
        aria-hidden
        className={cn("size-3 shrink-0", direction === null && "opacity-0 group-hover/sort:opacity-60")}
      />
    </button>
  );
}

function ResizeHandle({
  name,
  cell,
  onResize,
}: {
  readonly name: string;
  readonly cell: React.RefObject<HTMLTableCellElement | null>;
  readonly onResize: (px: number) => void;
}) {
  const drag = useRef<{ readonly from: number; readonly width: number } | null>(null);
  const widthNow = () => cell.current?.offsetWidth ?? NARROWEST;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule between sections cannot be moved
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${name}`}
      aria-valuenow={NARROWEST}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onFocus={(event) => event.currentTarget.setAttribute("aria-valuenow", String(widthNow()))}
      onKeyDown={(event) => {
        const by = event.key === "ArrowLeft" ? -KEY_STEP : event.key === "ArrowRight" ? KEY_STEP : 0;
        if (by === 0) return;
        event.preventDefault();
        event.stopPropagation();
        onResize(widthNow() + by);
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: event.clientX, width: widthNow() };
      }}
      onPointerMove={(event) => {
        if (drag.current) onResize(drag.current.width + event.clientX - drag.current.from);
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      className="absolute top-0 right-0 h-full w-2 cursor-col-resize touch-none rounded-sm after:absolute after:top-2 after:right-0 after:h-4 after:w-px after:bg-line hover:after:bg-accent focus-visible:after:bg-accent max-md:hidden"
    />
  );
}

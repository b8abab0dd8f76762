/** The triangle before a row that holds others. */
import { ChevronRight } from "lucide-react";
import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import type { RunRow } from "./run-rows";

export function FoldButton({
  row,
  isFolded,
  onFold,
  className,
  style,
}: {
  readonly row: RunRow;
  readonly isFolded: boolean;
  readonly onFold: (row: RunRow, isFolded: boolean) => void;
  readonly className?: string;
  readonly style?: CSSProperties;
}) {
  return (
    <button
      type="button"
      aria-expanded={!isFolded}
      aria-label={`${isFolded ? "Unfold" : "Fold"} ${row.name}`}
      onClick={(event) => {
        event.stopPropagation();
        onFold(row, !isFolded);
      }}
      {...(style ? { style } : {})}
      className={cn(
        "inline-grid size-7 shrink-0 place-items-center rounded-sm align-middle text-faint hover:bg-selected hover:text-ink",
        className,
      )}
    >
      <ChevronRight
        aria-hidden
        className={cn("size-3.5 transition-transform duration-120", !isFolded && "rotate-90")}
      />
    </button>
  );
}

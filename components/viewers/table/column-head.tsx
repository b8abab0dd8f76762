/** The head of a column: its name, what it holds, and the button that sorts by it. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { ColumnType } from "./table-order";

const MARKS: { readonly [type in ColumnType]: string } = { number: "#", boolean: "±", time: "t", text: "a" };

export function ColumnHead({
  name,
  type,
  sorted,
  onSort,
}: {
  readonly name: string;
  readonly type: ColumnType;
  readonly sorted: "ascending" | "descending" | "none";
  readonly onSort: () => void;
}) {
  return (
    <th
      scope="col"
      aria-sort={sorted}
      className="sticky top-0 border-b border-line bg-sunken p-0 text-left font-medium whitespace-nowrap text-dim"
    >
      <button
        type="button"
        title={`${type}; press to sort`}
        onClick={onSort}
        className={cn(
          "flex min-h-7 w-full items-center gap-1 px-2 -outline-offset-2 hover:text-ink",
          type === "number" && "justify-end",
        )}
      >
        <span aria-hidden className="font-mono text-2xs text-faint">
          {MARKS[type]}
        </span>
        {name}
        {sorted === "ascending" ? <ArrowUp aria-hidden className="size-3 text-accent" /> : null}
        {sorted === "descending" ? <ArrowDown aria-hidden className="size-3 text-accent" /> : null}
      </button>
    </th>
  );
}

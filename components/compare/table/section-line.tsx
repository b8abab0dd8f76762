/** The line above a section's rows: it folds them, and says how many are hidden because all runs agree. */
import { ChevronRight } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { SectionName } from "../compare-url";
import type { SectionHead } from "../rows/comparison";
import { LINE } from "./sizes";

const TITLES: { readonly [section in SectionName]: string } = {
  parameters: "Parameters",
  metrics: "Metrics",
  steps: "Steps",
  artifacts: "Artifacts",
  versions: "Versions",
  environment: "Environment",
};

function note({ shown, equal, leftOut }: SectionHead): string {
  const parts = [
    shown === 0 && equal > 0 ? "no differences" : "",
    equal > 0 ? `${equal} equal hidden` : "",
    leftOut > 0 ? `${leftOut} more are not shown` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

export function SectionLine({
  head,
  index,
  columns,
  isActive,
  onFold,
}: {
  readonly head: SectionHead;
  readonly index: number;
  readonly columns: number;
  readonly isActive: boolean;
  readonly onFold: (section: SectionName) => void;
}) {
  return (
    <tr aria-rowindex={index + 2} style={{ height: LINE }}>
      <th
        scope="rowgroup"
        colSpan={columns}
        data-place={`${index} 0`}
        tabIndex={isActive ? 0 : -1}
        className="border-b bg-sunken px-2 text-left -outline-offset-2"
      >
        <button
          type="button"
          tabIndex={-1}
          aria-expanded={!head.isFolded}
          onClick={() => onFold(head.section)}
          className="sticky left-2 flex h-7 items-center gap-1.5 rounded-sm pr-2"
        >
          <ChevronRight aria-hidden className={cn("size-4 text-faint", !head.isFolded && "rotate-90")} />
          <span className="text-sm font-semibold">{TITLES[head.section]}</span>
          <span className="font-mono text-xs font-normal text-dim">{head.shown > 0 ? head.shown : ""}</span>
          <span className="text-xs font-normal text-dim">{note(head)}</span>
        </button>
      </th>
    </tr>
  );
}

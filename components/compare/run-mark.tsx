/** The number and colour by which a run is known in every view of a comparison: its column, from the left. */
import { cn } from "@/components/ui/cn";

/** The colour of the run at a place; charts draw with it. */
export const runColor = (place: number): string => `var(--series-${(place % 10) + 1})`;

export function RunMark({ place, className }: { readonly place: number; readonly className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex size-4.5 shrink-0 items-center justify-center rounded-full font-mono text-2xs font-semibold text-surface",
        className,
      )}
      style={{ background: runColor(place) }}
    >
      {place + 1}
    </span>
  );
}

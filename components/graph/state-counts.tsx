/** How many steps are in which state, as small pictures with numbers. */
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import { TASK_STATES } from "@/server/domain/states";
import type { TaskCounts } from "@/server/domain/views/tasks";

export function StateCounts({ counts, className }: { readonly counts: TaskCounts; readonly className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 font-mono text-2xs", className)}>
      {TASK_STATES.map((state) => {
        const count = counts[state] ?? 0;
        const { shape, text, label } = STATE_LOOKS[state];
        return count === 0 ? null : (
          <span
            key={state}
            title={`${count} ${label.toLowerCase()}`}
            className={cn("inline-flex items-center gap-1", text)}
          >
            <StateIcon shape={shape} className="size-3" />
            {count}
            <span className="sr-only"> {label.toLowerCase()}</span>
          </span>
        );
      })}
    </span>
  );
}

/** `3 succeeded, 1 failed` for labels. */
export function countsInWords(counts: TaskCounts): string {
  return TASK_STATES.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${count} ${STATE_LOOKS[state].label.toLowerCase()}`];
  }).join(", ");
}

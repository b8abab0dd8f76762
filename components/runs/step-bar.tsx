/** The steps of a run as one thin bar: a stretch per state, as long as it has tasks. */

import { cn } from "@/components/ui/cn";
import { TASK_STATES, type TaskState } from "@/server/domain/states";
import type { TaskCounts } from "@/server/domain/views/tasks";
import { STATE_LOOKS } from "./run-status";

/** Done first, then what goes on, then what waits: the bar fills from the left. */
const ORDER: readonly TaskState[] = [
  "succeeded",
  "cached",
  "failed",
  "canceled",
  "canceling",
  "running",
  "queued",
  "skipped",
  "omitted",
  "pending",
];

const sum = (counts: TaskCounts, states: readonly TaskState[]): number =>
  states.reduce((total, state) => total + (counts[state] ?? 0), 0);

/** `5 of 8 steps done` with what stands out. */
function describeSteps(counts: TaskCounts): string {
  const total = sum(counts, TASK_STATES);
  if (total === 0) return "No steps yet";
  const done = sum(counts, ["succeeded", "cached"]);
  const rest = ORDER.filter((state) => state !== "succeeded" && state !== "cached" && (counts[state] ?? 0) > 0).map(
    (state) => `${counts[state]} ${STATE_LOOKS[state].label.toLowerCase()}`,
  );
  return [`${done} of ${total} steps done`, ...rest].join(", ");
}

export function StepBar({
  counts,
  total: whole,
  className,
}: {
  readonly counts: TaskCounts;
  /** Length of the bar, where more is to come than is counted. */
  readonly total?: number;
  readonly className?: string;
}) {
  const total = sum(counts, TASK_STATES);
  const rest = Math.max(0, (whole ?? 0) - total);
  const words = describeSteps(counts);
  return (
    <div
      role="img"
      aria-label={words}
      title={words}
      className={cn("flex h-1.5 w-full gap-px overflow-hidden rounded-full", total === 0 && "bg-hover", className)}
    >
      {ORDER.map((state) => {
        const count = counts[state] ?? 0;
        if (count === 0) return null;
        return (
          <span
            key={state}
            className={cn("h-full min-w-0.5 transition-[flex-grow] duration-180", STATE_LOOKS[state].fill)}
            style={{ flexGrow: count }}
          />
        );
      })}
      {rest > 0 ? <span className="h-full bg-hover" style={{ flexGrow: rest }} /> : null}
    </div>
  );
}

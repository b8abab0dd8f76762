/** How many runs of an experiment are in which state. */
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import { RUN_STATES } from "@/server/domain/states";
import type { ExperimentView } from "@/server/domain/views/experiments";

export function RunCounts({ counts }: { readonly counts: ExperimentView["runCounts"] }) {
  const shown = RUN_STATES.filter((state) => (counts[state] ?? 0) > 0);
  if (shown.length === 0) return <span className="text-faint">none</span>;
  return (
    <ul className="flex flex-wrap gap-x-3">
      {shown.map((state) => (
        <li key={state} title={STATE_LOOKS[state].label} className="inline-flex items-center gap-1">
          <StateIcon shape={STATE_LOOKS[state].shape} className={cn("size-3.5", STATE_LOOKS[state].text)} />
          {counts[state]?.toLocaleString("en")}
          <span className="sr-only">{STATE_LOOKS[state].label.toLowerCase()}</span>
        </li>
      ))}
    </ul>
  );
}

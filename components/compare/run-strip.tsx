/** The runs of a comparison in a row, above the views that have no columns of their own. */
import { cn } from "@/components/ui/cn";
import type { ComparedRun } from "@/server/domain/views/compare";
import { RunHead } from "./run-head";
import type { ComparedRunActions } from "./use-compared-runs";

export function RunStrip({
  runs,
  baseline,
  actions,
}: {
  readonly runs: readonly ComparedRun[];
  readonly baseline: number;
  readonly actions: ComparedRunActions;
}) {
  return (
    <ul
      aria-label="Compared runs"
      className="scroll-thin relative flex shrink-0 gap-2 overflow-x-auto border-b px-6 py-2 max-md:px-4"
    >
      {runs.map((run, place) => (
        <li
          key={run.id}
          className={cn("w-48 shrink-0 rounded-md border px-2 py-1", place === baseline && "bg-selected")}
        >
          <RunHead run={run} place={place} count={runs.length} isBaseline={place === baseline} actions={actions} />
        </li>
      ))}
    </ul>
  );
}

/** The title of an open group, on its frame: fold it, select it, see its counts. */
import { ChevronDown } from "lucide-react";
import { memo } from "react";
import { shortCondition } from "@/components/runs/condition-text";
import { STATE_LOOKS, stateWords } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import type { StepPath } from "@/pipelines/graph";
import type { DrawnStep } from "./graph-model";
import { StateCounts } from "./state-counts";
import type { StepFacts } from "./step-facts";
import { StepKindIcon, stepKindLabel } from "./step-kind";

export const GroupHeader = memo(function GroupHeader({
  drawn: { step, box },
  facts,
  isSelected,
  onSelect,
  onFold,
}: {
  readonly drawn: DrawnStep;
  readonly facts: StepFacts | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (path: StepPath) => void;
  readonly onFold: (path: StepPath) => void;
}) {
  const state = facts?.state ? STATE_LOOKS[facts.state] : null;
  return (
    <div
      className="absolute flex h-8 items-center gap-1 px-1.5"
      style={{ left: box.x + 2, top: box.y + 3, width: box.width - 4 }}
    >
      <button
        type="button"
        aria-label={`Fold ${step.name}`}
        aria-expanded
        title="Fold"
        onClick={() => onFold(step.path)}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-faint hover:bg-selected hover:text-ink"
      >
        <ChevronDown aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        tabIndex={-1}
        data-step={step.path}
        aria-pressed={isSelected}
        aria-label={[step.name, stepKindLabel(step.kind), facts?.state && stateWords(facts.state, facts.reason)]
          .filter(Boolean)
          .join(", ")}
        title={facts?.reason?.message}
        onClick={() => onSelect(step.path)}
        className={cn(
          "flex h-6 min-w-0 items-center gap-1.5 rounded-sm px-1 text-xs font-medium hover:bg-selected",
          isSelected && "text-accent",
        )}
      >
        <StepKindIcon kind={step.kind} className="size-3.5" />
        <span className={cn("truncate", step.condition === undefined ? "" : "min-w-4 shrink-[99]")}>{step.name}</span>
        {facts?.loop ? (
          <span className="font-mono text-2xs font-normal text-dim">×{facts.loop.iterations.toLocaleString("en")}</span>
        ) : null}
        {state ? <StateIcon shape={state.shape} className={cn("size-3.5 shrink-0", state.text)} /> : null}
        {step.condition === undefined ? null : (
          <span className="min-w-0 truncate font-normal text-dim">if {shortCondition(step.condition)}</span>
        )}
      </button>
      {facts ? <StateCounts counts={facts.loop?.counts ?? facts.counts} className="ml-auto shrink-0 pr-1" /> : null}
    </div>
  );
});

/** What would be done with each step, and why: before a start, a retry, or a run of a part. */
"use client";

import { ArrowRight, CircleCheck, CircleHelp, CircleMinus, type LucideIcon, Zap, ZapOff } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { StepKindIcon } from "@/components/graph/step-kind";
import { Button, IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { RunPlanView, StepPlanView } from "@/server/domain/views/run-plan";

type Fate = StepPlanView["does"];

const FATES: {
  readonly [fate in Fate]: { readonly label: string; readonly icon: LucideIcon; readonly tone: string };
} = {
  run: { label: "will run", icon: ArrowRight, tone: "text-running" },
  reuse: { label: "will be reused", icon: Zap, tone: "text-cached" },
  keep: { label: "is kept", icon: CircleCheck, tone: "text-succeeded" },
  "leave-out": { label: "is left out", icon: CircleMinus, tone: "text-skipped" },
  unknown: { label: "depends on a result", icon: CircleHelp, tone: "text-queued" },
};

const ORDER: readonly Fate[] = ["run", "reuse", "keep", "unknown", "leave-out"];
const COUNTED: { readonly [fate in Fate]: string } = {
  run: "to run",
  reuse: "reused",
  keep: "kept",
  unknown: "not known yet",
  "leave-out": "left out",
};

/** Further steps stay folded: nobody reads two thousand lines before a start. */
const SHOWN = 60;

/** `3 steps to run, 2 reused`; groups are not counted. */
export function planInWords(steps: readonly StepPlanView[]): string {
  const leaves = steps.filter(({ kind }) => !GROUP_KINDS.has(kind));
  const parts = ORDER.flatMap((fate) => {
    const count = leaves.filter(({ does }) => does === fate).length;
    return count === 0 ? [] : [`${count} ${COUNTED[fate]}`];
  });
  return parts.length === 0 ? "no steps" : parts.join(", ");
}

const depthOf = (path: string): number => path.split("/").length - 1;

function Line({
  step,
  mayReuse,
  onMayReuse,
}: {
  readonly step: StepPlanView;
  /** Whether the step may reuse a result; undefined where that cannot be chosen. */
  readonly mayReuse: boolean | undefined;
  readonly onMayReuse: ((step: string, mayReuse: boolean) => void) | undefined;
}) {
  const { label, icon: Icon, tone } = FATES[step.does];
  return (
    <li
      className="flex items-start gap-2 border-b border-line/60 py-1 last:border-0"
      style={{ paddingLeft: depthOf(step.step) * 14 }}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-1.5 text-sm">
          <StepKindIcon kind={step.kind} className="size-3.5" />
          <span className="font-medium [overflow-wrap:anywhere]">{step.name}</span>
          <span className={cn("text-xs", tone)}>{label}</span>
        </p>
        <p className="text-xs text-dim [overflow-wrap:anywhere]">
          {step.why}
          {step.source === null ? null : (
            <>
              {" "}
              <Link
                href={`/runs/${step.source.runId}?task=${step.source.task}`}
                className="text-accent underline underline-offset-2"
              >
                See the result
              </Link>
            </>
          )}
        </p>
      </div>
      {mayReuse === undefined || onMayReuse === undefined ? null : (
        <IconButton
          size="sm"
          label={mayReuse ? `Run ${step.name} in any case` : `Let ${step.name} reuse a result`}
          aria-pressed={!mayReuse}
          onClick={() => onMayReuse(step.step, !mayReuse)}
        >
          {mayReuse ? <Zap /> : <ZapOff className="text-queued" />}
        </IconButton>
      )}
    </li>
  );
}

/** The choice, step by step, whether a result may be reused. */
export interface ReuseChoice {
  readonly canChoose: (step: StepPlanView) => boolean;
  /** Paths of the steps that reuse nothing. */
  readonly off: readonly string[];
  readonly onChoose: (step: string, mayReuse: boolean) => void;
}

export function PlanList({ plan, reuse }: { readonly plan: Pick<RunPlanView, "steps">; readonly reuse?: ReuseChoice }) {
  const [isWhole, setWhole] = useState(false);
  const steps = isWhole ? plan.steps : plan.steps.slice(0, SHOWN);
  return (
    <>
      <ul aria-label="What happens with each step">
        {steps.map((step) => (
          <Line
            key={step.step}
            step={step}
            mayReuse={reuse?.canChoose(step) ? !reuse.off.includes(step.step) : undefined}
            onMayReuse={reuse?.onChoose}
          />
        ))}
      </ul>
      {plan.steps.length > SHOWN && !isWhole ? (
        <Button size="sm" className="mt-2" onClick={() => setWhole(true)}>
          Show all {plan.steps.length} steps
        </Button>
      ) : null}
    </>
  );
}

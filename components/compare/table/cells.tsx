/** The cells of a comparison's table: a value with its distance from the baseline, and the name of a row. */
import { TrendingDown, TrendingUp } from "lucide-react";
import { memo } from "react";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import type { MetricGoal } from "@/server/domain/views/compare";
import type { Cell, Delta, Verdict } from "../rows/row";

const VERDICT: { readonly [verdict in Verdict]: string } = {
  better: "text-succeeded",
  worse: "text-failed",
  neutral: "text-dim",
};

function DeltaText({ delta: { text, isUp, verdict } }: { readonly delta: Delta }) {
  return (
    <span className={cn("shrink-0 font-mono text-2xs", VERDICT[verdict])}>
      {`${isUp ? "▲" : "▼"} ${text}`}
      {verdict === "neutral" ? null : <span className="sr-only"> {verdict}</span>}
    </span>
  );
}

/**
 * A value; pressing it opens where it comes from. A plain link, because hundreds of them come and go while one scrolls:
 * the table follows it, and moves the focus, so that it takes no part in the order of tabs.
 */
export const CellContent = memo(function CellContent({ cell }: { readonly cell: Cell | null }) {
  if (cell === null) return <span className="text-faint">–</span>;
  const look = cell.state === undefined ? undefined : STATE_LOOKS[cell.state];
  return (
    <a
      href={cell.href}
      data-source
      tabIndex={-1}
      title={cell.title}
      className="flex h-full min-w-0 items-center gap-1.5 hover:underline"
    >
      {look === undefined ? null : (
        <span className={cn("shrink-0", look.text)}>
          <StateIcon shape={look.shape} className="size-3.5" />
          <span className="sr-only">{look.label}</span>
        </span>
      )}
      <span className={cn("min-w-0 truncate", cell.isCode && "font-mono text-xs")}>{cell.text}</span>
      {cell.delta === undefined ? null : <DeltaText delta={cell.delta} />}
    </a>
  );
});

const GOALS: { readonly [goal in MetricGoal]: string } = { max: "higher is better", min: "lower is better" };

/** The button that says which way a metric is better. */
export function GoalButton({
  metric,
  goal,
  onPress,
}: {
  readonly metric: string;
  readonly goal: MetricGoal | undefined;
  readonly onPress: (next: MetricGoal | null) => void;
}) {
  const next = { max: "min", min: null, none: "max" } as const;
  const Icon = goal === "min" ? TrendingDown : TrendingUp;
  const words = goal === undefined ? "which way is better is not said" : GOALS[goal];
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`${metric}: ${words}. Change it`}
      title={goal === undefined ? "Say which way this metric is better" : `${GOALS[goal]}; press to change`}
      onClick={() => onPress(next[goal ?? "none"])}
      className={cn(
        "flex size-6 shrink-0 items-center justify-center rounded-sm hover:bg-hover",
        goal === undefined ? "text-line-strong" : "text-accent",
      )}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}

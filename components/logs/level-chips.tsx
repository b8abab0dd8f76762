/** Which lines are shown: all of them, or only those that speak of trouble. */
import { CircleX, TriangleAlert } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { LEVELS, type Level } from "./log-levels";

const LOOKS: {
  readonly [level in Level]: { readonly word: string; readonly icon: typeof CircleX; readonly on: string };
} = {
  error: { word: "Errors", icon: CircleX, on: "border-failed bg-failed-soft text-failed" },
  warning: { word: "Warnings", icon: TriangleAlert, on: "border-queued bg-queued-soft text-queued" },
};

export function LevelChips({
  counts,
  levels,
  onLevels,
}: {
  readonly counts: { readonly [level in Level]: number };
  readonly levels: readonly Level[];
  readonly onLevels: (levels: readonly Level[]) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame; these are buttons that belong together
    <div role="group" aria-label="Show only" className="flex gap-1">
      {LEVELS.map((level) => {
        const { word, icon: Icon, on } = LOOKS[level];
        const isOn = levels.includes(level);
        if (counts[level] === 0 && !isOn) return null;
        return (
          <button
            key={level}
            type="button"
            aria-pressed={isOn}
            onClick={() => onLevels(isOn ? levels.filter((each) => each !== level) : [...levels, level])}
            className={cn(
              "inline-flex h-6 items-center gap-1 rounded-full border border-line px-2 text-2xs font-medium text-dim hover:bg-hover",
              isOn && on,
            )}
          >
            <Icon aria-hidden className="size-3" />
            {word}
            <span className="tabular-nums">{counts[level].toLocaleString("en")}</span>
          </button>
        );
      })}
    </div>
  );
}

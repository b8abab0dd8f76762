/** A row of the timeline: waiting lighter than running, groups as brackets over theirs. */
import { StepKindIcon } from "@/components/graph/step-kind";
import { cn } from "@/components/ui/cn";
import { formatDuration, formatElapsed } from "@/components/ui/format-time";
import { STATE_LOOKS, stateWords } from "../run-status";
import { StateIcon } from "../state-icon";
import { FoldButton } from "./fold-button";
import type { RunRow } from "./run-rows";
import { type Bar, expectedEnd, percent, rowBar, type Span, textPlace } from "./timeline-model";
import type { Folding } from "./use-folding";

export const ROW_HEIGHT = 28;

function durationText(row: RunRow, now: number): string {
  if (row.startedAt === null) return "";
  const from = Date.parse(row.startedAt);
  return row.finishedAt === null ? formatElapsed(now - from) : formatDuration(Date.parse(row.finishedAt) - from);
}

/** What the pointer is told: why, and how the row stands to others and to earlier runs. */
function hint(row: RunRow, expectedMs: number | undefined, isCritical: boolean): string | undefined {
  const words = [
    row.reason?.message,
    expectedMs === undefined ? undefined : `Usually ${formatDuration(expectedMs)}.`,
    isCritical ? "On the critical path: the run took as long as it did because of it." : undefined,
  ].filter((text) => text !== undefined);
  return words.length === 0 ? undefined : words.join("\n");
}

function BarView({
  row,
  bar,
  ghost,
  isCritical,
  text,
}: {
  readonly row: RunRow;
  readonly bar: Bar;
  /** Where it would end if it took as long as usual. */
  readonly ghost: number | null;
  readonly isCritical: boolean;
  readonly text: string;
}) {
  const look = row.state === null ? null : STATE_LOOKS[row.state];
  const place = textPlace(bar);
  return (
    <>
      {bar.from > bar.waitFrom ? (
        <span
          className="absolute top-2 h-3 rounded-l-sm border border-r-0 border-queued/50 bg-queued-soft"
          style={{ left: percent(bar.waitFrom), width: percent(bar.from - bar.waitFrom) }}
        />
      ) : null}
      {ghost !== null && ghost > bar.from ? (
        <span
          className="absolute top-1.5 h-4 rounded-sm border border-dashed border-line-strong"
          style={{ left: percent(bar.from), width: percent(ghost - bar.from) }}
        />
      ) : null}
      {isCritical ? (
        <span
          className="absolute bottom-0.5 h-0.5 rounded-full bg-ink"
          style={{ left: percent(bar.from), width: `max(3px, ${percent(bar.to - bar.from)})` }}
        />
      ) : null}
      {row.startedAt === null ? null : row.isGroup ? (
        <span
          className={cn("absolute top-2.5 h-2 rounded-t-xs border-x-2 border-t-2 border-current", look?.text)}
          style={{ left: percent(bar.from), width: `max(4px, ${percent(bar.to - bar.from)})` }}
        />
      ) : (
        <span
          className={cn("absolute top-2 h-3 rounded-sm", look?.fill, bar.isOpen && "rounded-r-none")}
          style={{ left: percent(bar.from), width: `max(3px, ${percent(bar.to - bar.from)})` }}
        />
      )}
      <span
        className={cn(
          "absolute top-1.5 font-mono text-2xs leading-4 whitespace-nowrap text-dim",
          place.side === "right" ? "pl-1.5" : "-translate-x-full pr-2",
          // Over the bar and whatever else lies there, on a ground of its own.
          place.side === "within" && "rounded-sm bg-surface px-1",
        )}
        style={place.side === "within" ? { left: `calc(${percent(place.at)} - 6px)` } : { left: percent(place.at) }}
      >
        {text}
      </span>
    </>
  );
}

/** One row: the name, which stays in sight, and the bar. */
export function TimelineRow({
  row,
  span,
  now,
  expectedMs,
  isCritical,
  top,
  indent,
  isSelected,
  onSelect,
  folding,
}: {
  readonly row: RunRow;
  readonly span: Span;
  readonly now: number;
  /** How long the step usually takes. */
  readonly expectedMs: number | undefined;
  readonly isCritical: boolean;
  readonly top: number;
  /** Where its name begins. */
  readonly indent: number;
  readonly isSelected: boolean;
  readonly onSelect: (row: RunRow) => void;
  readonly folding: Folding;
}) {
  const bar = rowBar(row, span, now);
  const look = row.state === null ? null : STATE_LOOKS[row.state];
  const state = row.state !== null ? stateWords(row.state, row.reason) : row.standsFor === "task" ? "Not reached" : "";
  return (
    <div className="absolute left-0 flex w-full" style={{ top, height: ROW_HEIGHT }}>
      {row.isGroup ? (
        <span className="sticky left-0 z-2 h-0 w-0">
          <FoldButton
            row={row}
            isFolded={folding.isFolded(row)}
            onFold={folding.fold}
            className="absolute top-px"
            style={{ left: indent - 25 }}
          />
        </span>
      ) : null}
      <button
        type="button"
        data-row={row.key}
        aria-pressed={isSelected}
        aria-label={[row.name, state, durationText(row, now), isCritical ? "on the critical path" : ""]
          .filter(Boolean)
          .join(", ")}
        title={hint(row, expectedMs, isCritical)}
        onClick={() => onSelect(row)}
        className={cn(
          "group absolute inset-0 flex w-full items-stretch border-b border-line/60 text-left -outline-offset-2 hover:bg-hover",
          isSelected && "bg-selected hover:bg-selected",
        )}
      >
        <span
          className={cn(
            "sticky left-0 z-1 flex w-64 shrink-0 items-center gap-1.5 border-r border-line bg-surface pr-2 group-hover:bg-hover max-md:w-32",
            isSelected && "bg-selected group-hover:bg-selected",
          )}
          style={{ paddingLeft: indent }}
        >
          {look ? (
            <StateIcon shape={look.shape} className={cn("size-3.5", look.text)} />
          ) : (
            <span className="size-3.5" />
          )}
          <StepKindIcon kind={row.kind} className="size-3.5 max-md:hidden" />
          <span className={cn("truncate text-xs", row.isGroup && "font-medium", look === null && "text-faint")}>
            {row.name}
            {row.iterationCount === null ? null : (
              <span className="ml-1 font-mono font-normal text-dim">×{row.iterationCount.toLocaleString("en")}</span>
            )}
          </span>
        </span>
        <span aria-hidden className="relative mx-3 flex-1">
          {bar === null ? null : (
            <BarView
              row={row}
              bar={bar}
              ghost={row.isGroup ? null : expectedEnd(row, expectedMs, span)}
              isCritical={isCritical}
              text={durationText(row, now)}
            />
          )}
        </span>
      </button>
    </div>
  );
}

/** The run as a timeline: one row a step, waiting lighter than running, groups as brackets over theirs. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { StepKindIcon } from "@/components/graph/step-kind";
import { IconButton } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { formatDuration, formatElapsed } from "@/components/ui/format-time";
import type { RunView } from "@/server/domain/views";
import { STATE_LOOKS } from "../run-status";
import { StateIcon } from "../state-icon";
import type { RunRow } from "./run-rows";
import { type Bar, rowBar, type Span, timelineSpan, timelineTicks } from "./timeline-model";

const ROW = 28;
const ZOOMS = [1, 2, 4, 8, 16, 32] as const;
const percent = (share: number): string => `${share * 100}%`;

function durationText(row: RunRow, now: number): string {
  if (row.startedAt === null) return "";
  const from = Date.parse(row.startedAt);
  return row.finishedAt === null ? formatElapsed(now - from) : formatDuration(Date.parse(row.finishedAt) - from);
}

function BarView({ row, bar, text }: { readonly row: RunRow; readonly bar: Bar; readonly text: string }) {
  const look = row.state === null ? null : STATE_LOOKS[row.state];
  const isNearEnd = bar.to > 0.9;
  return (
    <>
      {bar.from > bar.waitFrom ? (
        <span
          className="absolute top-2 h-3 rounded-l-sm border border-r-0 border-queued/50 bg-queued-soft"
          style={{ left: percent(bar.waitFrom), width: percent(bar.from - bar.waitFrom) }}
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
          isNearEnd && "-translate-x-full pr-2",
        )}
        style={isNearEnd ? { left: percent(bar.waitFrom) } : { left: percent(bar.to), paddingLeft: 6 }}
      >
        {text}
      </span>
    </>
  );
}

function Row({
  row,
  span,
  now,
  top,
  isSelected,
  onSelect,
}: {
  readonly row: RunRow;
  readonly span: Span;
  readonly now: number;
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (row: RunRow) => void;
}) {
  const bar = rowBar(row, span, now);
  const look = row.state === null ? null : STATE_LOOKS[row.state];
  return (
    <button
      type="button"
      data-row={row.key}
      aria-pressed={isSelected}
      aria-label={[row.name, look?.label ?? "Not reached", durationText(row, now)].filter(Boolean).join(", ")}
      onClick={() => onSelect(row)}
      className={cn(
        "group absolute left-0 flex w-full items-stretch border-b border-line/60 text-left -outline-offset-2 hover:bg-hover",
        isSelected && "bg-selected hover:bg-selected",
      )}
      style={{ top, height: ROW }}
    >
      <span
        className={cn(
          "sticky left-0 z-1 flex w-64 shrink-0 items-center gap-1.5 border-r border-line bg-surface pr-2 group-hover:bg-hover max-md:w-32",
          isSelected && "bg-selected group-hover:bg-selected",
        )}
        style={{ paddingLeft: 8 + row.depth * 14 }}
      >
        {look ? <StateIcon shape={look.shape} className={cn("size-3.5", look.text)} /> : <span className="size-3.5" />}
        <StepKindIcon kind={row.kind} className="size-3.5 max-md:hidden" />
        <span className={cn("truncate text-xs", row.isGroup && "font-medium", look === null && "text-faint")}>
          {row.name}
        </span>
      </span>
      <span aria-hidden className="relative mx-3 flex-1">
        {bar === null ? null : <BarView row={row} bar={bar} text={durationText(row, now)} />}
      </span>
    </button>
  );
}

export function Timeline({
  run,
  rows,
  selected,
  onSelect,
}: {
  readonly run: RunView;
  readonly rows: readonly RunRow[];
  /** Key of the selected row. */
  readonly selected: string | null;
  readonly onSelect: (row: RunRow) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(0);
  const now = useNow();
  const span = timelineSpan(run, now);
  const factor = ZOOMS[zoom] ?? 1;
  const ticks = timelineTicks(span, 8 * factor);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const selectedIndex = rows.findIndex((row) => row.key === selected);
  useEffect(() => {
    if (selectedIndex >= 0) virtualizer.scrollToIndex(selectedIndex, { align: "auto" });
  }, [selectedIndex, virtualizer]);

  return (
    <div ref={scroller} className="scroll-thin relative size-full overflow-auto">
      <div style={{ width: percent(factor), minWidth: "100%" }}>
        <div className="sticky top-0 z-2 flex h-8 border-b border-line bg-surface">
          <span className="sticky left-0 z-1 flex w-64 shrink-0 items-center gap-1 border-r border-line bg-surface pr-1 pl-3 text-xs text-faint max-md:w-32">
            Step
            <span className="ml-auto flex">
              <IconButton
                size="sm"
                label="Shorter time scale"
                reason={zoom === 0 ? "The whole run is in view" : undefined}
                onClick={() => setZoom(zoom - 1)}
              >
                <Minus />
              </IconButton>
              <IconButton
                size="sm"
                label="Longer time scale"
                reason={zoom === ZOOMS.length - 1 ? "This is the longest scale" : undefined}
                onClick={() => setZoom(zoom + 1)}
              >
                <Plus />
              </IconButton>
            </span>
          </span>
          <span aria-hidden className="relative mx-3 flex-1">
            {ticks.map((tick) => (
              <span
                key={tick.share}
                className="absolute top-0 h-full border-l border-line pt-2 pl-1 font-mono text-2xs leading-4 whitespace-nowrap text-faint"
                style={{ left: percent(tick.share) }}
              >
                {tick.share > 0.95 ? "" : tick.label}
              </span>
            ))}
          </span>
        </div>
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          <div aria-hidden className="absolute inset-y-0 right-3 left-67 max-md:left-35">
            {ticks.map((tick) => (
              <span
                key={tick.share}
                className="absolute inset-y-0 border-l border-line/60"
                style={{ left: percent(tick.share) }}
              />
            ))}
          </div>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <Row
                key={row.key}
                row={row}
                span={span}
                now={now}
                top={item.start}
                isSelected={row.key === selected}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

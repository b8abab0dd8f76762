/** The run as a timeline: one row a step, waiting lighter than running, groups as brackets over theirs. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { Minus, Plus } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { StepKindIcon } from "@/components/graph/step-kind";
import { IconButton } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { formatDuration, formatElapsed } from "@/components/ui/format-time";
import type { PipelineGraph } from "@/pipelines/graph";
import type { EarlierRunsView } from "@/server/domain/views/earlier-runs";
import type { RunView } from "@/server/domain/views/runs";
import { STATE_LOOKS, stateWords } from "../run-status";
import { StateIcon } from "../state-icon";
import { criticalPath } from "./critical-path";
import { FoldButton } from "./fold-button";
import type { RunRow } from "./run-rows";
import { type Bar, expectedEnd, rowBar, type Span, textPlace, timelineSpan, timelineTicks } from "./timeline-model";
import type { Folding } from "./use-folding";

const ROW = 28;
const ZOOMS = [1, 2, 4, 8, 16, 32] as const;
const percent = (share: number): string => `${share * 100}%`;

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

function Row({
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
    <div className="absolute left-0 flex w-full" style={{ top, height: ROW }}>
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

export function Timeline({
  run,
  graph,
  allRows,
  expected,
  folding,
  selected,
  onSelect,
}: {
  readonly run: RunView;
  readonly graph: Pick<PipelineGraph, "steps">;
  /** All rows, folded ones too. */
  readonly allRows: readonly RunRow[];
  /** Usual durations of steps outside loops. */
  readonly expected: EarlierRunsView["expectedStepMs"];
  readonly folding: Folding;
  /** Key of the selected row. */
  readonly selected: string | null;
  readonly onSelect: (row: RunRow) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(0);
  const now = useNow();
  const { rows } = folding;
  const hasGroups = rows.some((row) => row.isGroup);
  const span = timelineSpan(run, now);
  const factor = ZOOMS[zoom] ?? 1;
  const critical = useMemo(() => criticalPath(graph, allRows), [graph, allRows]);
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
                expectedMs={row.iteration === null ? expected[row.path] : undefined}
                isCritical={critical.has(row.key)}
                top={item.start}
                indent={(hasGroups ? 28 : 8) + row.depth * 14}
                isSelected={row.key === selected}
                onSelect={onSelect}
                folding={folding}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

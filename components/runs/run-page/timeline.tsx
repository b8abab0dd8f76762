/** The run as a timeline: its rows over one scale of time, which can be made longer. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { Minus, Plus } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import type { PipelineGraph } from "@/pipelines/graph";
import type { EarlierRunsView } from "@/server/domain/views/earlier-runs";
import type { RunView } from "@/server/domain/views/runs";
import { criticalPath } from "./critical-path";
import type { RunRow } from "./run-rows";
import { percent, timelineSpan, timelineTicks } from "./timeline-model";
import { ROW_HEIGHT, TimelineRow } from "./timeline-row";
import type { Folding } from "./use-folding";

const ZOOMS = [1, 2, 4, 8, 16, 32] as const;

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
    estimateSize: () => ROW_HEIGHT,
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
              <TimelineRow
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

/** The scrolling part of the log: only the rows in view exist. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useMemo } from "react";
import { cn } from "@/components/ui/cn";
import { type LogTimes, timeOfByte } from "@/server/domain/log-times";
import { ErrorMap } from "./error-map";
import type { LogReader, LogState } from "./log-reader";
import { LogRow, ROW_HEIGHT } from "./log-row";
import { rowStyles } from "./log-styles";
import { findRow, lineNumber, rowOffset } from "./log-window";
import styles from "./logs.module.css";
import { rowText } from "./segment";
import { useLogScroll } from "./use-log-scroll";
import type { LogSearch } from "./use-log-search";

/** What others may do with the rows. */
export interface RowsHandle {
  readonly isFollowing: boolean;
  readonly follow: () => void;
  readonly showRow: (row: number) => void;
  readonly firstVisible: () => number;
}

export function LogRows({
  reader,
  log,
  search,
  isWrapped,
  isOver,
  line,
  shown,
  errors,
  times,
  timeText,
  onLine,
  scroller,
  onHandle,
}: {
  readonly reader: LogReader;
  readonly log: LogState;
  readonly search: LogSearch;
  readonly isWrapped: boolean;
  readonly isOver: boolean;
  /** The line that the link speaks of. */
  readonly line: number | null;
  /** The rows that are shown, ascending; null for all of them. */
  readonly shown: readonly number[] | null;
  /** Rows with errors, ascending. */
  readonly errors: readonly number[];
  readonly times: LogTimes;
  /** Words for a moment; null when times are hidden. */
  readonly timeText: ((ms: number | null) => string) | null;
  readonly onLine: (row: number) => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onHandle: (handle: RowsHandle) => void;
}) {
  const { window: held } = log;
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: shown?.length ?? held.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rowOffset(held, shown?.[index] ?? index),
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 10,
  });
  const { isFollowing, onScroll, follow, showRow } = useLogScroll(
    scroller,
    virtualizer,
    reader,
    log,
    line === null,
    shown,
  );
  const styleAt = useMemo(() => rowStyles(held), [held]);
  const gutter = String((held.firstLine ?? 0) + held.rows).length;

  useEffect(() => {
    const firstVisible = () => {
      const index = virtualizer.getVirtualItems()[0]?.index ?? 0;
      return shown?.[index] ?? index;
    };
    onHandle({ isFollowing, follow, showRow, firstVisible });
  }, [isFollowing, follow, showRow, virtualizer, shown, onHandle]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: heights measured with other line breaks are worth nothing
  useEffect(() => virtualizer.measure(), [isWrapped, virtualizer]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {shown === null ? <ErrorMap rows={errors} count={held.rows} onRow={showRow} /> : null}
      <div
        ref={scroller}
        role="log"
        aria-label="Log"
        // Announcing each line of a fast log would drown everything else.
        aria-live={isOver ? "polite" : "off"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        className={cn(
          "scroll-thin relative min-h-0 flex-1 overflow-auto bg-code -outline-offset-2 [overflow-anchor:none]",
          styles.log,
        )}
      >
        <div className="relative min-w-full" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = shown?.[item.index] ?? item.index;
            const found = findRow(held, row);
            if (found === null) return null;
            const { text, updates } = rowText(found.segment, found.row);
            const number = lineNumber(held, row);
            return (
              <LogRow
                key={item.key}
                index={item.index}
                row={row}
                top={item.start}
                text={text}
                updates={updates}
                style={styleAt(found.index, found.row)}
                line={number}
                time={timeText === null ? null : timeText(timeOfByte(times, rowOffset(held, row)))}
                isSelected={line !== null && number === line}
                isWrapped={isWrapped}
                gutter={gutter}
                marks={search.matchesOf(row)}
                currentMark={search.currentOf(row)}
                onLine={onLine}
                measure={isWrapped ? virtualizer.measureElement : undefined}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The rows of the log of one attempt. */
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useMemo } from "react";
import { type LogTimes, timeOfByte } from "@/server/domain/log-times";
import { FRAME_OPTIONS, LogFrame } from "./log-frame";
import type { LogReader, LogState } from "./log-reader";
import { LogRow } from "./log-row";
import { rowStyles } from "./log-styles";
import { findRow, lineNumber, rowOffset } from "./log-window";
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
    ...FRAME_OPTIONS,
    getItemKey: (index) => rowOffset(held, shown?.[index] ?? index),
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

  const drawn = (item: VirtualItem) => {
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
  };
  return (
    <LogFrame
      label="Log"
      scroller={scroller}
      virtualizer={virtualizer}
      onScroll={onScroll}
      isOver={isOver}
      isWrapped={isWrapped}
      isFollowing={isFollowing}
      onFollow={follow}
      errors={shown === null ? { rows: errors, count: held.rows } : null}
      onError={showRow}
      row={drawn}
    />
  );
}

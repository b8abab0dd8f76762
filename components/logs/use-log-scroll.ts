/** Keeps the reader's place in a log that grows at both ends: follows the end, or holds the line that is on top. */
import type { ReactVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { LogReader, LogState } from "./log-reader";
import { rowAtOffset, rowOffset } from "./log-window";

/** Closer to an end of what is held than this many pixels: read on. */
const NEAR = 900;
const AT_END = 12;

type Rows = ReactVirtualizer<HTMLDivElement, HTMLDivElement>;

/** Where a row stands among those shown, or the last one above it. */
function nearestIndex(shown: readonly number[], row: number): number {
  let low = 0;
  let high = shown.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((shown[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

interface Anchor {
  readonly offset: number;
  readonly shift: number;
}

export function useLogScroll(
  scroller: RefObject<HTMLDivElement | null>,
  virtualizer: Rows,
  reader: LogReader,
  log: LogState,
  startsAtEnd: boolean,
  /** The rows that are shown, ascending; null for all of them. */
  shown: readonly number[] | null,
): {
  readonly isFollowing: boolean;
  readonly onScroll: () => void;
  readonly follow: () => void;
  readonly showRow: (row: number) => void;
} {
  const [isFollowing, setFollowing] = useState(startsAtEnd);
  const anchor = useRef<Anchor | null>(null);
  const isReading = useRef(false);
  const { window: held, size, target } = log;
  const total = virtualizer.getTotalSize();
  const toIndex = useCallback((row: number) => (shown === null ? row : nearestIndex(shown, row)), [shown]);

  const remember = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const row = virtualizer.getVirtualItemForOffset(element.scrollTop);
    anchor.current =
      row === undefined
        ? null
        : { offset: rowOffset(held, shown?.[row.index] ?? row.index), shift: element.scrollTop - row.start };
  }, [scroller, virtualizer, held, shown]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null || element.clientHeight === 0) return;
    remember();
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    const isHeldToEnd = held.end >= size;
    setFollowing(below <= AT_END && isHeldToEnd);
    if (isReading.current) return;
    const read =
      element.scrollTop < NEAR && held.start > 0
        ? reader.readEarlier()
        : below < NEAR && !isHeldToEnd
          ? reader.readLater()
          : null;
    if (read === null) return;
    isReading.current = true;
    void read.finally(() => {
      isReading.current = false;
    });
  }, [scroller, reader, held, size, remember]);

  const lastStart = useRef(held.start);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is held whenever rows or their heights change
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || held.rows === 0) return;
    if (isFollowing) element.scrollTop = element.scrollHeight;
    else if (anchor.current !== null && held.start !== lastStart.current) {
      const index = toIndex(rowAtOffset(held, anchor.current.offset));
      const start = virtualizer.measurementsCache[index]?.start ?? 0;
      element.scrollTop = start + anchor.current.shift;
    }
    lastStart.current = held.start;
  }, [held, total, isFollowing]);

  const showRow = useCallback(
    (row: number) => {
      setFollowing(false);
      virtualizer.scrollToIndex(toIndex(row), { align: "center" });
    },
    [virtualizer, toIndex],
  );

  const reached = useRef<number | null>(null);
  useEffect(() => {
    if (target === null || target === reached.current) return;
    reached.current = target;
    showRow(rowAtOffset(held, target));
  }, [target, held, showRow]);

  const follow = useCallback(() => {
    reached.current = null;
    setFollowing(true);
    if (held.end < size) void reader.goToEnd();
  }, [reader, held, size]);

  return { isFollowing, onScroll, follow, showRow };
}

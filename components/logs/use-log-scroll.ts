/** Keeps the reader's place in a log that grows at both ends: follows the end, or holds the line that is on top. */
import type { ReactVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { LogReader, LogState } from "./log-reader";
import { rowAtOffset, rowOffset } from "./log-window";

/** Closer to an end of what is held than this many pixels: read on. */
const NEAR = 900;
const AT_END = 12;

type Rows = ReactVirtualizer<HTMLDivElement, HTMLDivElement>;

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

  const remember = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const row = virtualizer.getVirtualItemForOffset(element.scrollTop);
    anchor.current =
      row === undefined ? null : { offset: rowOffset(held, row.index), shift: element.scrollTop - row.start };
  }, [scroller, virtualizer, held]);

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
      const row = rowAtOffset(held, anchor.current.offset);
      const start = virtualizer.measurementsCache[row]?.start ?? 0;
      element.scrollTop = start + anchor.current.shift;
    }
    lastStart.current = held.start;
  }, [held, total, isFollowing]);

  const showRow = useCallback(
    (row: number) => {
      setFollowing(false);
      virtualizer.scrollToIndex(row, { align: "center" });
    },
    [virtualizer],
  );

  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (target === null || target === shown.current) return;
    shown.current = target;
    showRow(rowAtOffset(held, target));
  }, [target, held, showRow]);

  const follow = useCallback(() => {
    shown.current = null;
    setFollowing(true);
    if (held.end < size) void reader.goToEnd();
  }, [reader, held, size]);

  return { isFollowing, onScroll, follow, showRow };
}

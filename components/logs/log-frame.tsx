/** The scrolling part of every log: a map of errors, rows of which only those in view exist, and the way back to the end. */
import type { ReactVirtualizer, VirtualItem } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorMap } from "./error-map";
import { ROW_HEIGHT } from "./log-row";
import styles from "./logs.module.css";

/** What rows of every log are measured and padded with. */
export const FRAME_OPTIONS = {
  estimateSize: () => ROW_HEIGHT,
  overscan: 12,
  paddingStart: 6,
  paddingEnd: 10,
};

interface LogFrameProps {
  readonly label: string;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: ReactVirtualizer<HTMLDivElement, HTMLDivElement>;
  readonly onScroll: () => void;
  /** Nothing will be added any more. */
  readonly isOver: boolean;
  readonly isWrapped: boolean;
  readonly isFollowing: boolean;
  readonly onFollow: () => void;
  /** Rows with errors among `count`, ascending; null draws no map of them. */
  readonly errors: { readonly rows: readonly number[]; readonly count: number } | null;
  readonly onError: (row: number) => void;
  readonly row: (item: VirtualItem) => ReactNode;
}

export function LogFrame(props: LogFrameProps) {
  const { label, scroller, virtualizer, onScroll, isOver, isWrapped, isFollowing, onFollow, errors, onError, row } =
    props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights measured with other line breaks are worth nothing
  useEffect(() => virtualizer.measure(), [isWrapped, virtualizer]);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {errors === null ? null : <ErrorMap rows={errors.rows} count={errors.count} onRow={onError} />}
      <div
        ref={scroller}
        role="log"
        aria-label={label}
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
          {virtualizer.getVirtualItems().map(row)}
        </div>
      </div>
      {isFollowing || isOver ? null : (
        <Button size="sm" className="absolute right-4 bottom-3 shadow-float" onClick={onFollow}>
          Follow the end
        </Button>
      )}
    </div>
  );
}

/** The rows of the log of all steps: moment, step, text. */
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import type { RunLogLine } from "@/server/domain/views/run-log";
import { PLAIN, parseAnsi } from "./ansi";
import type { LevelledLine } from "./levelled-line";
import { FRAME_OPTIONS, LogFrame } from "./log-frame";
import { ROW_HEIGHT } from "./log-row";
import { LogText } from "./log-text";
import { placeText, type RunLogReader, type RunLogState } from "./run-log-reader";
import { useClock } from "./use-clock";

const NEAR = 900;
const AT_END = 12;
const COLOURS = 10;

/** A colour for each step, told apart from its neighbours in the order in which they first spoke. */
function colours(lines: readonly RunLogLine[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path } of lines) {
    if (!found.has(path)) found.set(path, `var(--series-${(found.size % COLOURS) + 1})`);
  }
  return found;
}

export function RunLogRows({
  lines,
  reader,
  log,
  isOver,
  isNarrowed,
  isWrapped,
  at,
  onLine,
  onStep,
}: {
  readonly lines: readonly LevelledLine[];
  readonly reader: RunLogReader;
  readonly log: RunLogState;
  readonly isOver: boolean;
  readonly isNarrowed: boolean;
  readonly isWrapped: boolean;
  readonly at: string | null;
  readonly onLine: (line: RunLogLine) => void;
  readonly onStep: (line: RunLogLine) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: lines.length,
    getScrollElement: () => scroller.current,
    ...FRAME_OPTIONS,
    getItemKey: (index) => {
      const line = lines[index];
      return line === undefined ? index : placeText(line);
    },
  });
  const clock = useClock();
  const colourOf = useMemo(() => colours(log.lines), [log.lines]);
  const errors = useMemo(() => lines.flatMap(({ level }, index) => (level === "error" ? [index] : [])), [lines]);
  const [isFollowing, setFollowing] = useState(at === null);
  const anchor = useRef<{ readonly key: string; readonly shift: number } | null>(null);

  const showIndex = useCallback(
    (index: number) => {
      setFollowing(false);
      virtualizer.scrollToIndex(index, { align: "center" });
    },
    [virtualizer],
  );

  const wanted = useRef(at);
  useEffect(() => {
    if (wanted.current === null) return;
    const index = lines.findIndex((line) => placeText(line) === wanted.current);
    if (index < 0) return;
    wanted.current = null;
    showIndex(index);
  }, [lines, showIndex]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is held whenever rows or their heights change
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (isFollowing) {
      element.scrollTop = element.scrollHeight;
      return;
    }
    const held = anchor.current;
    if (held === null) return;
    const index = lines.findIndex((line) => placeText(line) === held.key);
    const start = virtualizer.measurementsCache[index]?.start;
    if (start !== undefined) element.scrollTop = start + held.shift;
  }, [lines, isFollowing]);

  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const first = virtualizer.getVirtualItemForOffset(element.scrollTop);
    const line = first === undefined ? undefined : lines[first.index];
    anchor.current =
      first === undefined || line === undefined
        ? null
        : { key: placeText(line), shift: element.scrollTop - first.start };
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollowing(below <= AT_END && !log.hasLater);
    if (isNarrowed) return;
    if (element.scrollTop < NEAR && log.hasEarlier) void reader.earlier();
    else if (below < NEAR && log.hasLater) void reader.later();
  };

  const drawn = (item: VirtualItem) => {
    const line = lines[item.index];
    if (line === undefined) return null;
    const isSelected = at !== null && placeText(line) === at;
    return (
      <div
        key={item.key}
        ref={isWrapped ? virtualizer.measureElement : undefined}
        data-index={item.index}
        className={cn(
          "absolute top-0 left-0 flex min-w-full border-l-2 border-transparent pr-6 font-mono text-xs leading-4.5",
          isWrapped ? "w-full" : "w-max",
          line.level === "error" && "border-failed bg-failed-soft",
          line.level === "warning" && "border-queued",
          isSelected && "bg-selected",
        )}
        style={{ transform: `translateY(${item.start}px)`, minHeight: ROW_HEIGHT }}
      >
        <button
          type="button"
          tabIndex={-1}
          aria-label="Link to this line"
          onClick={() => onLine(line)}
          className={cn(
            "flex shrink-0 px-2 text-faint select-none hover:text-ink hover:underline max-md:hidden",
            isSelected && "font-semibold text-accent",
          )}
        >
          {clock(line.at)}
        </button>
        <button
          type="button"
          tabIndex={-1}
          title={`${line.path}${line.number > 1 ? `, attempt ${line.number}` : ""}: open its log`}
          onClick={() => onStep(line)}
          style={{ color: colourOf.get(line.path) }}
          className="mr-3 w-28 shrink-0 truncate text-left select-none hover:underline max-md:w-20 max-md:pl-2"
        >
          {line.name}
        </button>
        <span
          className={cn(
            "min-w-0",
            isWrapped ? "flex-1 [overflow-wrap:anywhere] whitespace-pre-wrap" : "whitespace-pre",
          )}
        >
          <LogText spans={parseAnsi(line.text, PLAIN).spans.map((span) => ({ ...span, mark: -1 }))} currentMark={-1} />
        </span>
      </div>
    );
  };
  return (
    <LogFrame
      label="Logs of all steps"
      scroller={scroller}
      virtualizer={virtualizer}
      onScroll={onScroll}
      isOver={isOver}
      isWrapped={isWrapped}
      isFollowing={isFollowing}
      onFollow={() => setFollowing(true)}
      errors={{ rows: errors, count: lines.length }}
      onError={showIndex}
      row={drawn}
    />
  );
}

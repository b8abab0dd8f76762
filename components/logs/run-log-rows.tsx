/** The rows of the log of all steps: moment, step, text; only those in view exist. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { useTimeZone } from "@/components/ui/time-zone";
import type { RunLogLine } from "@/server/domain/views";
import { PLAIN, parseAnsi } from "./ansi";
import { ErrorMap } from "./error-map";
import type { LevelledLine } from "./levelled-line";
import { ROW_HEIGHT } from "./log-row";
import { LogText } from "./log-text";
import styles from "./logs.module.css";
import { placeText, type RunLogReader, type RunLogState } from "./run-log-reader";

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
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => {
      const line = lines[index];
      return line === undefined ? index : placeText(line);
    },
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 10,
  });
  const { zone } = useTimeZone();
  const format = useMemo(
    () =>
      new Intl.DateTimeFormat("en-GB", {
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        fractionalSecondDigits: 3,
        hourCycle: "h23",
        ...(zone === undefined ? {} : { timeZone: zone }),
      }),
    [zone],
  );
  const colourOf = useMemo(() => colours(log.lines), [log.lines]);
  const errors = useMemo(() => lines.flatMap(({ level }, index) => (level === "error" ? [index] : [])), [lines]);
  const [isFollowing, setFollowing] = useState(at === null);
  const anchor = useRef<{ readonly key: string; readonly shift: number } | null>(null);
  const total = virtualizer.getTotalSize();

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

  // biome-ignore lint/correctness/useExhaustiveDependencies: heights measured with other line breaks are worth nothing
  useEffect(() => virtualizer.measure(), [isWrapped, virtualizer]);

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

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <ErrorMap rows={errors} count={lines.length} onRow={showIndex} />
      <div
        ref={scroller}
        role="log"
        aria-label="Logs of all steps"
        aria-live={isOver ? "polite" : "off"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        className={cn(
          "scroll-thin relative min-h-0 flex-1 overflow-auto bg-code -outline-offset-2 [overflow-anchor:none]",
          styles.log,
        )}
      >
        <div className="relative min-w-full" style={{ height: total }}>
          {virtualizer.getVirtualItems().map((item) => {
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
                  {format.format(line.at)}
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
                  <LogText
                    spans={parseAnsi(line.text, PLAIN).spans.map((span) => ({ ...span, mark: -1 }))}
                    currentMark={-1}
                  />
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {!isFollowing && !isOver ? (
        <Button size="sm" className="absolute right-4 bottom-3 shadow-float" onClick={() => setFollowing(true)}>
          Follow the end
        </Button>
      ) : null}
    </div>
  );
}

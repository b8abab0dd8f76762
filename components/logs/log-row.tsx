/** One row of the log: a number that is a link, the time if wanted, the text. */
import { memo, type Ref } from "react";
import { cn } from "@/components/ui/cn";
import { type AnsiStyle, parseAnsi } from "./ansi";
import type { Level } from "./log-levels";
import { lineLevel } from "./log-levels";
import { markSpans } from "./log-search";
import { LogText } from "./log-text";

export const ROW_HEIGHT = 18;

const BAR: { readonly [level in Level]: string } = { error: "border-failed", warning: "border-queued" };

export interface LogRowProps {
  /** Among the rows shown, and among those held. */
  readonly index: number;
  readonly row: number;
  readonly top: number;
  readonly text: string;
  readonly updates: number;
  readonly style: AnsiStyle;
  readonly line: number | null;
  readonly time: string | null;
  readonly isSelected: boolean;
  readonly isWrapped: boolean;
  readonly gutter: number;
  readonly marks: readonly { readonly from: number; readonly to: number }[];
  readonly currentMark: number;
  readonly onLine: (row: number) => void;
  readonly measure: Ref<HTMLDivElement> | undefined;
}

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { index, top, text, updates, style, line, time, isSelected, isWrapped, gutter, marks, currentMark } = props;
  const { spans } = parseAnsi(text, style);
  const plain = spans.map((span) => span.text).join("");
  const level = lineLevel(plain);
  return (
    <div
      ref={props.measure}
      data-index={index}
      className={cn(
        "absolute top-0 left-0 flex min-w-full border-l-2 border-transparent pr-4 font-mono text-xs leading-4.5",
        isWrapped ? "w-full" : "w-max",
        level !== null && BAR[level],
        level === "error" && "bg-failed-soft",
        isSelected && "bg-selected",
      )}
      style={{ transform: `translateY(${top}px)`, minHeight: ROW_HEIGHT }}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={line === null ? "Link to this line" : `Link to line ${line}`}
        data-line={line ?? undefined}
        onClick={() => props.onLine(props.row)}
        className={cn(
          "sticky left-0 z-1 flex shrink-0 items-start justify-end bg-code px-2 text-faint select-none hover:text-ink hover:underline",
          isSelected && "bg-selected font-semibold text-accent",
        )}
        style={{ width: `calc(${gutter}ch + 18px)` }}
      >
        {line ?? ""}
      </button>
      {time === null ? null : <span className="shrink-0 pr-3 text-faint select-none">{time}</span>}
      <span
        className={cn("min-w-0", isWrapped ? "flex-1 [overflow-wrap:anywhere] whitespace-pre-wrap" : "whitespace-pre")}
      >
        <LogText spans={markSpans(spans, marks)} currentMark={currentMark} />
        {updates > 0 ? (
          <span className="ml-2 text-2xs text-faint select-none" title={`This line rewrote itself ${updates} times`}>
            ↻ {updates}
          </span>
        ) : null}
      </span>
    </div>
  );
});

/** The log of one attempt: opens at its end or at a line, follows, searches, and gives every line a link. */
"use client";

import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { formatBytes, formatDuration } from "@/components/ui/format-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { LevelChips } from "./level-chips";
import { chosenRows, type Level, levelRows } from "./log-levels";
import { LogRows, type RowsHandle } from "./log-rows";
import { httpLogSource, logUrl } from "./log-source";
import { LogToolbar, type TimesMode } from "./log-toolbar";
import { lineNumber, rowOffset } from "./log-window";
import { useClock } from "./use-clock";
import { useLog } from "./use-log";
import { useLogSearch } from "./use-log-search";
import { useLogTimes } from "./use-log-times";
import { useStored } from "./use-stored";
import { WholeLogSearch } from "./whole-log-search";

const TIMES: readonly [TimesMode, ...TimesMode[]] = ["off", "clock", "since"];

/** Words for a moment of the log; null when times are off. */
function useTimeText(mode: TimesMode, startedAt: string | null): ((ms: number | null) => string) | null {
  const clock = useClock();
  return useMemo(() => {
    if (mode === "off") return null;
    const start = startedAt === null ? null : Date.parse(startedAt);
    if (mode === "since" && start !== null) {
      return (ms) => (ms === null ? "" : `+${formatDuration(ms - start)}`.padStart(8));
    }
    return (ms) => (ms === null ? "" : clock(ms));
  }, [mode, startedAt, clock]);
}

export interface LogViewerProps {
  readonly task: number;
  readonly attempt: number;
  /** Nothing will be added any more. */
  readonly isOver: boolean;
  readonly startedAt: string | null;
  readonly line: number | null;
  readonly onLine: (line: number | null) => void;
  /** Only lines of these levels are shown; all where none is chosen. */
  readonly levels: readonly Level[];
  readonly onLevels: (levels: readonly Level[]) => void;
  /** Stands first in the tool bar: the choice of attempts. */
  readonly leading?: ReactNode;
}

export function LogViewer(props: LogViewerProps) {
  const { task, attempt, isOver, startedAt, line, onLine, levels, onLevels, leading } = props;
  const { reader, log } = useLog(task, attempt, isOver, line);
  const source = useMemo(() => httpLogSource(task, attempt), [task, attempt]);
  const search = useLogSearch(log.window);
  const [wrap, setWrap] = useStored("penstock-log-wrap", ["on", "off"]);
  const [mode, setMode] = useStored("penstock-log-times", TIMES);
  const [whole, setWhole] = useState<string | null>(null);
  const [rows, setRows] = useState<RowsHandle | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const times = useLogTimes(task, attempt, isOver, mode !== "off");
  const timeText = useTimeText(mode, startedAt);
  const levelled = useMemo(() => levelRows(log.window), [log.window]);
  const errors = levelled.error;
  const shown = useMemo(() => chosenRows(levelled, levels), [levelled, levels]);
  const isWhole = log.window.start === 0 && log.window.end >= log.size;

  const linkRow = useCallback(
    (row: number) => {
      // Whoever follows the link wants to see what stands around the line.
      if (levels.length > 0) onLevels([]);
      const number = lineNumber(reader.state().window, row);
      if (number !== null) return onLine(number);
      const offset = rowOffset(reader.state().window, row);
      void reader.numberLines().then(() => {
        const { window } = reader.state();
        for (let at = row; at >= 0; at -= 1)
          if (rowOffset(window, at) === offset) return onLine(lineNumber(window, at));
      });
    },
    [reader, onLine, levels, onLevels],
  );

  const goToError = () => {
    const above = errors.filter((row) => row < (rows?.firstVisible() ?? 0) + 4).at(-1);
    const row = above ?? errors.at(-1);
    if (row !== undefined) rows?.showRow(row);
  };
  const step = (direction: 1 | -1) => {
    const row = search.step(direction);
    if (row !== null) rows?.showRow(row);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.target as Element).closest("input") || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      event.stopPropagation();
      input.current?.focus();
    } else if (event.key === "n") step(1);
    else if (event.key === "N") step(-1);
    else if (event.key === "e") goToError();
    else if (event.key === "End" && !isWhole) rows?.follow();
    else if (event.key === "Home" && log.window.start > 0) void reader.goTo(0, 1);
  };

  useEffect(() => {
    if (search.query === "") setWhole(null);
  }, [search.query]);

  if (log.status === "failed") {
    return (
      <ErrorState
        className="m-3"
        title="The log could not be read"
        message={log.error ?? ""}
        onRetry={() => void reader.open(line)}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for what the buttons inside do
    <div onKeyDown={onKeyDown} className="relative flex h-full min-h-0 flex-col">
      <LogToolbar
        search={search}
        inputRef={input}
        onQuery={search.setQuery}
        onStep={step}
        errors={errors.length}
        onError={goToError}
        isWrapped={wrap === "on"}
        onWrap={() => setWrap(wrap === "on" ? "off" : "on")}
        times={mode}
        onTimes={setMode}
        isFollowing={rows?.isFollowing ?? true}
        onEnd={() => rows?.follow()}
        rawUrl={logUrl(task, attempt)}
        leading={leading}
      />
      {levels.length === 0 && errors.length + levelled.warning.length === 0 ? null : (
        <div className="flex min-h-8 shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1 text-xs text-dim">
          <LevelChips
            counts={{ error: errors.length, warning: levelled.warning.length }}
            levels={levels}
            onLevels={onLevels}
          />
          {levels.length > 0 && !isWhole ? (
            <>
              <span>
                Of {formatBytes(log.window.end - log.window.start)} of {formatBytes(log.size)}.
              </span>
              {log.window.start > 0 ? (
                <Button look="ghost" size="sm" onClick={() => void reader.readEarlier()}>
                  Look further up
                </Button>
              ) : null}
            </>
          ) : null}
        </div>
      )}
      {!isWhole && search.query.trim() !== "" && whole === null ? (
        <div className="flex items-center gap-2 border-b border-line px-3 py-1 text-xs text-dim">
          Searched {formatBytes(log.window.end - log.window.start)} of {formatBytes(log.size)}.
          <Button look="ghost" size="sm" onClick={() => setWhole(search.query.trim())}>
            Search the whole log
          </Button>
        </div>
      ) : null}
      {whole === null ? null : (
        <WholeLogSearch
          source={source}
          query={whole}
          size={log.size}
          onHit={(hit) => void reader.goTo(hit.offset, hit.line)}
          onClose={() => setWhole(null)}
        />
      )}
      {log.status === "opening" ? <SkeletonRows rows={8} label="Opening the log" /> : null}
      {log.status === "missing" || (log.status === "ready" && log.size === 0) ? (
        <EmptyState title={isOver ? "This attempt wrote nothing" : "Nothing written yet"}>
          {isOver
            ? "It left no line on its standard output or error."
            : "Lines show up here as soon as the step writes them."}
        </EmptyState>
      ) : null}
      {log.status === "ready" && log.size > 0 ? (
        <LogRows
          key={`${task}/${attempt}`}
          reader={reader}
          log={log}
          search={search}
          isWrapped={wrap === "on"}
          isOver={isOver}
          line={line}
          shown={shown}
          errors={errors}
          times={times}
          timeText={timeText}
          onLine={linkRow}
          scroller={scroller}
          onHandle={setRows}
        />
      ) : null}
    </div>
  );
}

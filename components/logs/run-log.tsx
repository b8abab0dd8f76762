/** The logs of all steps of a run as one, in the order in which the lines were written. */
"use client";

import { WrapText } from "lucide-react";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, IconButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunLogLine } from "@/server/domain/views/run-log";
import { LevelChips } from "./level-chips";
import { levelled } from "./levelled-line";
import type { Level } from "./log-levels";
import { placeText, RunLogReader, readPlace } from "./run-log-reader";
import { RunLogRows } from "./run-log-rows";
import { useStored } from "./use-stored";

const POLL_MS = 1_000;

export interface RunLogProps {
  readonly runId: string;
  readonly isOver: boolean;
  /** The line that the link speaks of. */
  readonly at: string | null;
  readonly onAt: (at: string | null) => void;
  readonly levels: readonly Level[];
  readonly onLevels: (levels: readonly Level[]) => void;
  readonly find: string;
  readonly onFind: (find: string) => void;
  /** Opens the log of the line's own step. */
  readonly onStep: (line: RunLogLine) => void;
}

function useRunLog(runId: string, at: string | null, isOver: boolean) {
  const client = useTRPCClient();
  const [reader] = useState(
    () => new RunLogReader((cursor, direction) => client.runs.log.query({ id: runId, cursor, direction })),
  );
  const log = useSyncExternalStore(reader.subscribe, reader.state, reader.state);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the line opens the log, it does not follow clicks in it
  useEffect(() => {
    void reader.open(readPlace(at));
  }, [reader]);
  useEffect(() => {
    // Once more after the end: the last lines may have come after the last question.
    const ask = () => {
      if (reader.state().status === "ready" && !reader.state().hasLater) void reader.later();
    };
    ask();
    if (isOver) return;
    const timer = setInterval(ask, POLL_MS);
    return () => clearInterval(timer);
  }, [reader, isOver]);
  return { reader, log };
}

export function RunLog({ runId, isOver, at, onAt, levels, onLevels, find, onFind, onStep }: RunLogProps) {
  const { reader, log } = useRunLog(runId, at, isOver);
  const [wrap, setWrap] = useStored("penstock-log-wrap", ["on", "off"]);
  const all = useMemo(() => log.lines.map(levelled), [log.lines]);
  const needle = find.trim().toLowerCase();
  const lines = useMemo(() => {
    if (levels.length === 0 && needle === "") return all;
    return all.filter(
      ({ level, plain, name }) =>
        (levels.length === 0 || (level !== null && levels.includes(level))) &&
        (needle === "" || plain.toLowerCase().includes(needle) || name.toLowerCase().includes(needle)),
    );
  }, [all, levels, needle]);
  const counts = useMemo(
    () => ({
      error: all.filter(({ level }) => level === "error").length,
      warning: all.filter(({ level }) => level === "warning").length,
    }),
    [all],
  );
  if (log.status === "opening") return <SkeletonRows rows={8} label="Opening the logs" />;
  if (log.status === "failed") {
    return (
      <ErrorState
        className="m-3"
        title="The logs could not be read"
        message={callProblem(log.error).message}
        onRetry={() => void reader.open(readPlace(at))}
      />
    );
  }
  const isNarrowed = lines.length < all.length;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1">
        <Input
          type="search"
          aria-label="Show lines with"
          placeholder="Show lines with"
          data-search
          value={find}
          onChange={(event) => onFind(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onFind("");
          }}
          className="h-7 w-56 text-xs"
        />
        <LevelChips counts={counts} levels={levels} onLevels={onLevels} />
        <span role="status" className="text-xs text-dim">
          {isNarrowed ? `${lines.length.toLocaleString("en")} of ` : ""}
          {all.length.toLocaleString("en")} lines{log.hasEarlier || log.hasLater ? " read" : ""}
        </span>
        {isNarrowed && log.hasEarlier ? (
          <Button size="sm" look="ghost" onClick={() => void reader.earlier()}>
            Look further up
          </Button>
        ) : null}
        <IconButton
          size="sm"
          label={wrap === "on" ? "Do not wrap lines" : "Wrap lines"}
          aria-pressed={wrap === "on"}
          className="ml-auto"
          onClick={() => setWrap(wrap === "on" ? "off" : "on")}
        >
          <WrapText />
        </IconButton>
      </div>
      {lines.length === 0 ? (
        <EmptyState
          title={all.length > 0 ? "No line is like this" : isOver ? "No step wrote anything" : "Nothing written yet"}
        >
          {all.length > 0
            ? "Choose other levels, or show lines with other words."
            : "What the steps write shows up here, line by line, in the order in which it was written."}
        </EmptyState>
      ) : (
        <RunLogRows
          lines={lines}
          reader={reader}
          log={log}
          isOver={isOver}
          isNarrowed={isNarrowed}
          isWrapped={wrap === "on"}
          at={at}
          onLine={(line) => {
            onAt(placeText(line));
            // Whoever follows the link wants to see what stands around the line.
            if (levels.length > 0) onLevels([]);
            if (find !== "") onFind("");
          }}
          onStep={onStep}
        />
      )}
    </div>
  );
}

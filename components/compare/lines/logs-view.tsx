/** The log of the same step in every run, side by side or as the lines in which two of them differ. */
"use client";

import { useQueries } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import { plainText } from "@/components/logs/ansi";
import { httpLogSource } from "@/components/logs/log-source";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format-time";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { ComparedStep } from "@/server/domain/views/compare";
import { stepWords } from "../rows/row";
import { RunMark } from "../run-mark";
import type { CompareViewProps } from "../view-props";
import { diffLines, withoutMoments } from "./diff-lines";
import { DiffText } from "./diff-text";
import { OtherRun, otherPlace } from "./other-run";

/** The end of a log tells most; the whole of it is a press away. */
const READ_BYTES = 256 * 1024;

interface LogEnd {
  readonly text: string;
  /** Bytes before what was read. */
  readonly skipped: number;
}

async function readEnd(task: number, attempt: number, signal: AbortSignal): Promise<LogEnd | null> {
  const part = await httpLogSource(task, attempt).readEnd(READ_BYTES, signal);
  if (part === null) return null;
  const text = new TextDecoder().decode(part.bytes);
  const whole = part.offset === 0 ? text : text.slice(text.indexOf("\n") + 1);
  // A line that was written over itself shows what stood there last.
  const lines = whole.split("\n").map((line) => plainText(line.replace(/\r$/, "")).split("\r").at(-1) ?? "");
  return { text: lines.join("\n"), skipped: part.offset };
}

function LogColumn({ end, error }: { readonly end: LogEnd | null | undefined; readonly error: Error | null }) {
  if (error !== null) return <p className="p-3 text-sm text-failed">It could not be read: {error.message}</p>;
  if (end === undefined) return <Skeleton className="m-3 w-1/2" />;
  if (end === null || end.text === "") return <p className="p-3 text-sm text-faint">Nothing was written.</p>;
  return (
    <>
      {end.skipped > 0 ? (
        <p className="border-b px-3 py-1 text-xs text-dim">Its end; {formatBytes(end.skipped)} come before.</p>
      ) : null}
      <pre className="p-3 text-xs leading-5">{end.text}</pre>
    </>
  );
}

/** Steps that wrote a log: groups start no process. */
const withLog = (step: ComparedStep): boolean => step.cells.some((cell) => cell !== null && cell.attempt > 0);

/** Where a reader looks first: the step that failed in one of the runs. */
const tellingStep = (steps: readonly ComparedStep[]): ComparedStep | undefined =>
  steps.find((step) => step.cells.some((cell) => (cell?.tasks.failed ?? 0) > 0)) ?? steps[0];

export function LogsView({ view, baseline, url, setUrl }: CompareViewProps) {
  const { runs } = view;
  const steps = useMemo(() => view.steps.filter(withLog), [view.steps]);
  const step = steps.find((each) => each.step === url.step) ?? tellingStep(steps);
  const logs = useQueries({
    queries: runs.map((run, place) => {
      const cell = step?.cells[place] ?? null;
      return {
        queryKey: ["compared-log", run.id, cell?.task ?? null, cell?.attempt ?? null],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          cell === null || cell.attempt === 0 ? null : readEnd(cell.task, cell.attempt, signal),
        retry: false,
      };
    }),
  });
  const other = otherPlace(runs, baseline, url.with);
  const [left, right] = [logs[baseline]?.data?.text, logs[other]?.data?.text];
  const isDiff = url.lines === "diff";
  const diff = useMemo(
    () => (isDiff && left !== undefined && right !== undefined ? diffLines(left, right, withoutMoments) : undefined),
    [isDiff, left, right],
  );
  if (step === undefined) {
    return <EmptyState title="No step has written a log">Logs stand side by side once steps have run.</EmptyState>;
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-3 px-6 py-2 max-md:px-4">
        <Select
          aria-label="Step"
          className="w-60"
          value={step.step}
          options={steps.map((each) => ({ value: each.step, label: stepWords(each.step) }))}
          onValueChange={(path) => void setUrl({ step: path })}
        />
        <Button
          size="sm"
          aria-pressed={isDiff}
          onClick={() => void setUrl({ lines: isDiff ? null : "diff" }, { history: "replace" })}
        >
          {isDiff ? "Show the logs side by side" : "Show differing lines"}
        </Button>
        {isDiff ? (
          <OtherRun runs={runs} baseline={baseline} other={other} onChange={(id) => void setUrl({ with: id })} />
        ) : null}
      </div>
      {isDiff ? (
        <div className="scroll-thin min-h-0 flex-1 overflow-auto px-6 pb-4 max-md:px-4">
          <p className="mb-2 text-xs text-faint">Moments, ids and durations count as equal.</p>
          {diff === undefined ? (
            <p className="text-sm text-dim">One of the two has written nothing.</p>
          ) : (
            <DiffText diff={diff} label="Differences of the logs" />
          )}
        </div>
      ) : (
        <div className="scroll-thin relative flex min-h-0 flex-1 overflow-x-auto border-t">
          {runs.map((run, place) => {
            const cell = step.cells[place] ?? null;
            return (
              <section
                key={run.id}
                aria-label={`Log of ${run.name}`}
                className="flex w-96 min-w-72 flex-1 flex-col border-r"
              >
                <p className="flex items-center gap-2 border-b bg-sunken px-3 py-1 text-xs">
                  <RunMark place={place} />
                  <span className="min-w-0 truncate">{run.name}</span>
                  {cell === null ? null : (
                    <Link
                      href={`/runs/${run.id}?task=${cell.task}&tab=logs`}
                      className="ml-auto shrink-0 rounded-sm text-accent hover:underline"
                    >
                      Whole log
                    </Link>
                  )}
                </p>
                <div
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
                  tabIndex={0}
                  role="log"
                  aria-live="off"
                  aria-label={`Lines of ${run.name}`}
                  className="scroll-thin min-h-0 flex-1 overflow-auto bg-code"
                >
                  <LogColumn end={logs[place]?.data} error={logs[place]?.error ?? null} />
                </div>
              </section>
            );
          })}
        </div>
      )}
    </div>
  );
}

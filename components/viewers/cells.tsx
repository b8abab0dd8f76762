/** A notebook as an attempt runs it, cell by cell: state, time, what each cell left, and the error where it happened. */
"use client";

import { useEffect, useMemo, useRef } from "react";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import { Duration } from "@/components/ui/duration";
import type { TaskState } from "@/server/domain/states";
import type { CellView } from "@/server/domain/views/cells";
import { Markdown } from "./markdown";
import { NotebookOutput, OutputText } from "./notebook";
import { readOutputs } from "./notebook-model";

const LOOKS: { readonly [state in CellView["state"]]: { readonly as: TaskState; readonly label: string } } = {
  pending: { as: "pending", label: "Pending" },
  running: { as: "running", label: "Running" },
  succeeded: { as: "succeeded", label: "Succeeded" },
  failed: { as: "failed", label: "Failed" },
  "not-run": { as: "omitted", label: "Not run" },
};

/** The cell a reader came for: the one that failed, else the one that runs. */
const tellingCell = (cells: readonly CellView[]): CellView | undefined =>
  cells.find((cell) => cell.state === "failed") ?? cells.find((cell) => cell.state === "running");

function Outputs({ cell }: { readonly cell: CellView }) {
  const outputs = useMemo(() => readOutputs(cell.outputs), [cell.outputs]);
  // The traceback of a cell that failed stands among its outputs as well.
  const shown = cell.error === null ? outputs : outputs.filter((output) => output.kind !== "text" || !output.isTrace);
  if (shown.length === 0 && cell.error === null) return null;
  return (
    <div className="border-t border-line">
      {shown.map((output, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs have no identity but their place
        <NotebookOutput key={i} output={output} />
      ))}
      {cell.isCut ? (
        <p className="px-3 py-1 text-xs text-faint">Cut here. The executed notebook and the log may hold more.</p>
      ) : null}
      {cell.error === null ? null : (
        <section aria-label={`Error of cell ${cell.index + 1}`}>
          <p className="bg-failed-soft px-3 py-1.5 text-sm font-medium text-failed [overflow-wrap:anywhere]">
            {cell.error.name}: {cell.error.value}
          </p>
          <OutputText text={cell.error.traceback} isError={false} />
        </section>
      )}
    </div>
  );
}

function Cell({ cell }: { readonly cell: CellView }) {
  if (cell.type === "markdown") {
    return (
      <li data-cell={cell.index} className="px-3">
        <Markdown text={cell.source} />
      </li>
    );
  }
  const { as, label } = LOOKS[cell.state];
  const { shape, text } = STATE_LOOKS[as];
  const isCode = cell.type === "code";
  return (
    <li
      data-cell={cell.index}
      aria-label={isCode ? `Cell ${cell.index + 1}, ${label.toLowerCase()}` : `Cell ${cell.index + 1}`}
      className={cn(
        "overflow-hidden rounded-md border scroll-mt-2",
        cell.state === "failed" ? "border-failed" : cell.state === "running" ? "border-running" : "border-line",
        cell.state === "not-run" && "border-dashed opacity-70",
      )}
    >
      {isCode ? (
        <div className="flex h-7 items-center gap-2 border-b border-line px-3 text-xs">
          <span className="font-mono text-faint">{cell.index + 1}</span>
          <StateIcon shape={shape} className={cn("size-3.5", text)} />
          <span className={cn("font-medium", text)}>{label}</span>
          {cell.startedAt === null ? null : (
            <Duration from={cell.startedAt} to={cell.finishedAt} className="ml-auto text-2xs text-dim" />
          )}
        </div>
      ) : null}
      <section
        aria-label={`Source of cell ${cell.index + 1}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-96 overflow-auto bg-code -outline-offset-2"
      >
        <pre className="w-fit px-3 py-2 text-xs leading-5">{cell.source}</pre>
      </section>
      <Outputs cell={cell} />
    </li>
  );
}

function Summary({ cells }: { readonly cells: readonly CellView[] }) {
  const code = cells.filter((cell) => cell.type === "code");
  const done = code.filter((cell) => cell.state === "succeeded").length;
  const failed = code.find((cell) => cell.state === "failed");
  const running = code.find((cell) => cell.state === "running");
  return (
    <p role="status" className="text-xs text-dim">
      {done} of {code.length} cells done
      {failed === undefined ? null : <span className="text-failed"> · failed at cell {failed.index + 1}</span>}
      {running === undefined ? null : <span className="text-running"> · cell {running.index + 1} runs</span>}
    </p>
  );
}

export function Cells({ cells }: { readonly cells: readonly CellView[] }) {
  const list = useRef<HTMLOListElement>(null);
  const telling = tellingCell(cells)?.index;
  const shown = useRef(false);
  useEffect(() => {
    if (telling === undefined || shown.current) return;
    shown.current = true;
    list.current?.querySelector(`[data-cell="${telling}"]`)?.scrollIntoView({ block: "start" });
  }, [telling]);
  return (
    <div className="flex flex-col gap-2">
      <Summary cells={cells} />
      <ol ref={list} aria-label="Cells" className="flex flex-col gap-2">
        {cells.map((cell) => (
          <Cell key={cell.index} cell={cell} />
        ))}
      </ol>
    </div>
  );
}

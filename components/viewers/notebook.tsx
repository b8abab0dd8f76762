/** An executed notebook, cell by cell; its markup runs nowhere near the page. */
import { useMemo } from "react";
import { parseAnsi } from "@/components/logs/ansi";
import { markSpans } from "@/components/logs/log-search";
import { LogText } from "@/components/logs/log-text";
import logStyles from "@/components/logs/logs.module.css";
import { collapseReturns } from "@/components/logs/segment";
import { cn } from "@/components/ui/cn";
import { Markdown } from "./markdown";
import { type CellOutput, type NotebookCell, readNotebook } from "./notebook-model";

const MAX_TEXT = 40_000;

export function OutputText({ text, isError }: { readonly text: string; readonly isError: boolean }) {
  const lines = useMemo(
    () =>
      text
        .slice(0, MAX_TEXT)
        .split("\n")
        .map((line) => collapseReturns(line).text)
        .join("\n"),
    [text],
  );
  return (
    <pre
      className={cn(
        "overflow-x-auto px-3 py-1.5 text-xs leading-4.5 whitespace-pre-wrap",
        logStyles.log,
        isError && "bg-failed-soft",
      )}
    >
      <LogText spans={markSpans(parseAnsi(lines).spans, [])} currentMark={-1} />
      {text.length > MAX_TEXT ? <span className="text-faint"> … cut; download the notebook for the rest</span> : null}
    </pre>
  );
}

const ROW_PX = 25;

/** What is shut in cannot say how high it is; the rows of a table, which most of it is, can be counted. */
function likelyHeight(html: string): number {
  const rows = html.match(/<tr[\s>]/gi)?.length ?? 0;
  return rows === 0 ? 224 : Math.min(384, 40 + rows * ROW_PX);
}

/** One output of a cell; HTML runs nothing and sees nothing of the page. */
export function NotebookOutput({ output }: { readonly output: CellOutput }) {
  switch (output.kind) {
    case "text":
      return <OutputText text={output.text} isError={output.isError} />;
    case "image":
      // biome-ignore lint/performance/noImgElement: a picture inside a notebook has no address to optimise
      return <img src={output.src} alt="Output of the cell" className="max-w-full bg-white p-2" />;
    case "markdown":
      return <Markdown text={output.text} className="px-3" />;
    case "html":
      return (
        <iframe
          title="Output of the cell"
          sandbox=""
          srcDoc={`<base target="_blank"><meta name="color-scheme" content="light dark"><body style="font:13px sans-serif">${output.html}`}
          style={{ height: likelyHeight(output.html) }}
          className="w-full resize-y overflow-auto border-0"
        />
      );
  }
}

function Cell({ cell }: { readonly cell: NotebookCell }) {
  if (cell.kind === "markdown") return <Markdown text={cell.source} className="px-3 py-1" />;
  return (
    <div className="my-2 overflow-hidden rounded-md border border-line">
      <div className="flex bg-code">
        <span className="w-12 shrink-0 py-2 pr-2 text-right font-mono text-2xs leading-5 text-faint select-none">
          {cell.kind === "code" ? `[${cell.count ?? " "}]` : ""}
        </span>
        <pre className="min-w-0 flex-1 py-2 pr-3 text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
          {cell.source}
        </pre>
      </div>
      {cell.outputs.length === 0 ? null : (
        <div className="border-t border-line">
          {cell.outputs.map((output, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: outputs have no identity but their place
            <NotebookOutput key={i} output={output} />
          ))}
        </div>
      )}
    </div>
  );
}

export function Notebook({ text }: { readonly text: string }) {
  const cells = useMemo(() => readNotebook(text), [text]);
  if (cells === null)
    return <p className="text-sm text-dim">This file is no notebook that can be shown. Download it to look inside.</p>;
  return (
    <div>
      {cells.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
        <Cell key={i} cell={cell} />
      ))}
    </div>
  );
}

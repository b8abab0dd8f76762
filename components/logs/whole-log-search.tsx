/** Search through a log that is too long to hold: reads it once as a stream and lists the lines. */
"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/components/ui/format-time";
import { type ScanHit, type ScanProgress, scanLog } from "./log-scan";
import type { LogSource } from "./log-source";

const NOTHING: ScanProgress = { hits: [], bytes: 0, isCut: false };
/** The list is renewed at most this often while the log streams by. */
const SHOW_EVERY_MS = 100;

export function WholeLogSearch({
  source,
  query,
  size,
  onHit,
  onClose,
}: {
  readonly source: LogSource;
  readonly query: string;
  readonly size: number;
  readonly onHit: (hit: ScanHit) => void;
  readonly onClose: () => void;
}) {
  const [progress, setProgress] = useState<ScanProgress>(NOTHING);
  const [state, setState] = useState<"reading" | "done" | "failed">("reading");

  useEffect(() => {
    const abort = new AbortController();
    setProgress(NOTHING);
    setState("reading");
    const read = async () => {
      let shownAt = 0;
      let latest = NOTHING;
      for await (const step of scanLog(source.stream(abort.signal), query)) {
        latest = step;
        if (performance.now() - shownAt < SHOW_EVERY_MS) continue;
        shownAt = performance.now();
        setProgress(step);
      }
      setProgress(latest);
      setState("done");
    };
    read().catch(() => {
      if (!abort.signal.aborted) setState("failed");
    });
    return () => abort.abort();
  }, [source, query]);

  const share = size === 0 ? 1 : Math.min(1, progress.bytes / size);
  return (
    <section
      aria-label="Lines of the whole log"
      className="flex max-h-2/5 shrink-0 flex-col border-b border-line bg-surface"
    >
      <div className="flex items-center gap-2 px-3 py-1 text-xs text-dim">
        <span role="status">
          {progress.isCut ? "the first " : ""}
          {progress.hits.length} {progress.hits.length === 1 ? "line" : "lines"} with “{query}”
          {state === "reading" ? ` · ${formatBytes(progress.bytes)} of ${formatBytes(size)} read` : ""}
          {state === "failed" ? " · reading stopped; search again" : ""}
        </span>
        <Button look="ghost" size="sm" className="ml-auto" onClick={onClose}>
          Close
        </Button>
      </div>
      <div aria-hidden className="h-0.5 bg-line">
        <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      <ol className="scroll-thin min-h-0 overflow-y-auto py-1">
        {progress.hits.map((hit) => (
          <li key={hit.offset}>
            <button
              type="button"
              onClick={() => onHit(hit)}
              className="flex w-full gap-3 px-3 text-left font-mono text-xs leading-5 hover:bg-hover"
            >
              <span className="w-16 shrink-0 text-right text-faint">{hit.line}</span>
              <span className="truncate">{hit.text.trim()}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

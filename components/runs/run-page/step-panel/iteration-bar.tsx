/** Where a task stands in its loops: which iteration of how many, the way to the next one and to all of them. */
"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import type { RunView } from "@/server/domain/views/runs";
import { inIteration, innermostIteration } from "../iteration-path";

const LINK = "min-h-7 rounded-sm text-accent hover:underline";

const nameOf = (path: string): string => decodeURIComponent(path.split("/").at(-1) ?? "");

export function IterationBar({
  run,
  path,
  onPath,
}: {
  readonly run: Pick<RunView, "tasks">;
  /** Path of the open task. */
  readonly path: string;
  readonly onPath: (path: string, tab?: "inside") => void;
}) {
  const here = innermostIteration(path);
  if (here === null) return null;
  const loop = run.tasks.find((task) => task.step === here.loop);
  const last = loop?.iterationCount == null ? Number.POSITIVE_INFINITY : loop.iterationCount - 1;
  const go = (index: number) => onPath(inIteration(here, index));
  return (
    <nav
      aria-label="Iteration"
      className="flex min-h-8 shrink-0 items-center gap-1 border-b border-line bg-sunken px-4 text-xs text-dim"
    >
      <button type="button" className={LINK} onClick={() => onPath(here.loop, "inside")}>
        {loop?.name ?? nameOf(here.loop)}
      </button>
      <span aria-hidden>›</span>
      {here.rest.length === 0 ? (
        <span className="font-mono">[{here.index}]</span>
      ) : (
        <button type="button" className={`font-mono ${LINK}`} onClick={() => onPath(here.path)}>
          [{here.index}]
        </button>
      )}
      {Number.isFinite(last) ? <span>of {(last + 1).toLocaleString("en")} iterations</span> : null}
      <span className="ml-auto flex">
        <IconButton
          size="sm"
          label="Iteration before"
          reason={here.index === 0 ? "This is the first iteration" : undefined}
          onClick={() => go(here.index - 1)}
        >
          <ChevronLeft />
        </IconButton>
        <IconButton
          size="sm"
          label="Iteration after"
          reason={here.index >= last ? "This is the last iteration" : undefined}
          onClick={() => go(here.index + 1)}
        >
          <ChevronRight />
        </IconButton>
      </span>
    </nav>
  );
}

/** Rows of the grid: the steps of one level, and below an opened group those inside it. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { StepKindIcon } from "@/components/graph/step-kind";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format-time";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { GridCell, GridRun, GridStep } from "@/server/domain/views/run-grid";

/** Rows drawn before a reader asks for more. */
const AT_ONCE = 60;

interface Level {
  readonly pipelineId: string;
  readonly runs: readonly GridRun[];
  readonly depth: number;
  /** The cell that the Tab key reaches: run and step; the arrow keys go on from there. */
  readonly active: string | null;
  readonly onActive: (cell: string) => void;
}

export function GridRows({ steps, ...level }: Level & { readonly steps: readonly GridStep[] }) {
  const [shown, setShown] = useState(AT_ONCE);
  const more = steps.length - shown;
  const hasGroups = steps.some(({ kind }) => GROUP_KINDS.has(kind));
  return (
    <>
      {steps.slice(0, shown).map((step) => (
        <GridRow key={step.path} step={step} isIndented={hasGroups} level={level} />
      ))}
      {more > 0 ? (
        <NoteRow level={level}>
          <Button size="sm" look="ghost" onClick={() => setShown(shown + AT_ONCE * 2)}>
            Show {Math.min(more, AT_ONCE * 2)} more of {steps.length} steps
          </Button>
        </NoteRow>
      ) : null}
    </>
  );
}

function GridRow({
  step,
  isIndented,
  level,
}: {
  readonly step: GridStep;
  /** Beside groups a plain step keeps their place for the arrow. */
  readonly isIndented: boolean;
  readonly level: Level;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const { runs, depth, active, onActive } = level;
  return (
    <>
      <tr className="group">
        <th
          scope="row"
          className="sticky left-0 z-10 max-w-64 bg-surface pr-3 text-left text-sm font-normal group-hover:bg-hover max-sm:max-w-36"
        >
          <span className="flex h-7 items-center gap-1.5" style={{ paddingLeft: depth * 16 }}>
            {GROUP_KINDS.has(step.kind) ? (
              <button
                type="button"
                aria-expanded={isOpen}
                aria-label={`Steps inside ${step.name}`}
                onClick={() => setIsOpen(!isOpen)}
                className="-ml-1 grid size-6 shrink-0 place-items-center rounded-sm text-dim hover:bg-hover"
              >
                <ChevronRight aria-hidden className={cn("size-4 transition-transform", isOpen && "rotate-90")} />
              </button>
            ) : isIndented ? (
              <span className="-ml-1 w-6 shrink-0" />
            ) : null}
            <StepKindIcon kind={step.kind} />
            <span className="min-w-0 truncate" title={step.path}>
              {step.name}
            </span>
          </span>
        </th>
        {runs.map((run) => {
          const cell = run.cells[step.path];
          return (
            <td key={run.id} className="p-0 text-center group-hover:bg-hover">
              {cell ? <Cell run={run} step={step} cell={cell} active={active} onActive={onActive} /> : null}
            </td>
          );
        })}
      </tr>
      {isOpen ? <InnerRows within={step.path} level={{ ...level, depth: depth + 1 }} /> : null}
    </>
  );
}

function Cell({
  run,
  step,
  cell,
  active,
  onActive,
}: {
  readonly run: GridRun;
  readonly step: GridStep;
  readonly cell: GridCell;
} & Pick<Level, "active" | "onActive">) {
  const { shape, text, label } = STATE_LOOKS[cell.state];
  const took =
    cell.startedAt !== null && cell.finishedAt !== null
      ? `, ${formatDuration(Date.parse(cell.finishedAt) - Date.parse(cell.startedAt))}`
      : "";
  const many = cell.count > 1 ? ` (first of ${cell.count} tasks)` : "";
  const words = `${step.name}, ${label}${many}${took}, in ${run.name}`;
  const id = `${run.id} ${step.path}`;
  return (
    <Link
      href={`/runs/${run.id}?task=${cell.task}`}
      prefetch={false}
      data-cell={run.id}
      tabIndex={active === id ? 0 : -1}
      onFocus={() => onActive(id)}
      aria-label={words}
      title={words}
      className={cn("mx-auto grid size-6 place-items-center rounded-sm hover:bg-selected", text)}
    >
      <StateIcon shape={shape} className="size-3.5" />
    </Link>
  );
}

function InnerRows({ within, level }: { readonly within: string; readonly level: Level }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.pipelines.grid.queryOptions(
      { id: level.pipelineId, within, limit: level.runs.length },
      { placeholderData: keepPreviousData },
    ),
  );
  if (query.data === undefined) {
    return (
      <NoteRow level={level}>{query.error ? callProblem(query.error).message : "Loading the steps inside …"}</NoteRow>
    );
  }
  const inner = new Map(query.data.runs.map((run) => [run.id, run.cells]));
  const runs = level.runs.map((run) => ({ ...run, cells: inner.get(run.id) ?? {} }));
  if (query.data.steps.length === 0) return <NoteRow level={level}>None of these runs came this far.</NoteRow>;
  return <GridRows {...level} runs={runs} steps={query.data.steps} />;
}

function NoteRow({ level, children }: { readonly level: Level; readonly children: React.ReactNode }) {
  return (
    <tr>
      <td colSpan={level.runs.length + 1} className="h-7 text-xs text-dim">
        <span className="sticky left-0 inline-block" style={{ paddingLeft: level.depth * 16 + 22 }}>
          {children}
        </span>
      </td>
    </tr>
  );
}

/** The head of a run's column: number, name, state, whether the others are measured against it, and what can be done. */
"use client";

import { ArrowLeft, ArrowRight, EllipsisVertical, Star, X } from "lucide-react";
import Link from "next/link";
import type { DragEvent, KeyboardEvent } from "react";
import { useState } from "react";
import { RunStatus } from "@/components/runs/run-status";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Duration } from "@/components/ui/duration";
import type { ComparedRun } from "@/server/domain/views/compare";
import { RunMark } from "./run-mark";
import type { ComparedRunActions } from "./use-compared-runs";

/** What a drag carries; runs of other pages are not taken. */
const DRAGGED = "application/x-penstock-compared-run";

export interface RunHeadProps {
  readonly run: ComparedRun;
  readonly place: number;
  readonly count: number;
  readonly isBaseline: boolean;
  readonly actions: ComparedRunActions;
}

function HeadMenu({ run, place, count, isBaseline, actions }: RunHeadProps) {
  const isKept = run.baseline?.id === run.id;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton size="sm" label={`Actions on ${run.name}`} className="-mr-1 size-6">
          <EllipsisVertical />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem
          reason={isBaseline ? "The others are measured against it already." : undefined}
          onSelect={() => actions.measureAgainst(run.id)}
        >
          <Star /> Measure the others against it
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => actions.keepBaseline(run, !isKept)}>
          <Star />
          {isKept ? `Baseline of ${run.experiment.name} no more` : `Make it the baseline of ${run.experiment.name}`}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem
          reason={place === 0 ? "It is the first." : undefined}
          onSelect={() => actions.move(place, place - 1)}
        >
          <ArrowLeft /> Move left
        </DropdownMenuItem>
        <DropdownMenuItem
          reason={place === count - 1 ? "It is the last." : undefined}
          onSelect={() => actions.move(place, place + 1)}
        >
          <ArrowRight /> Move right
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => actions.remove(run.id)}>
          <X /> Take out of the comparison
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Moves by drag, and by Alt with the arrow keys. */
export function RunHead(props: RunHeadProps) {
  const { run, place, isBaseline, actions } = props;
  const [isTarget, setTarget] = useState(false);
  const accept = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    setTarget(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setTarget(false);
    const from = Number(event.dataTransfer.getData(DRAGGED));
    if (Number.isInteger(from) && from !== place) actions.move(from, place);
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || step === undefined) return;
    event.preventDefault();
    actions.move(place, place + step);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what a drag does here, the menu and the keys do as well
    <div
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(place))}
      onDragOver={accept}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
      onKeyDown={move}
      className={cn("min-w-0 cursor-grab text-left font-normal", isTarget && "rounded-sm outline-2 outline-accent")}
    >
      <div className="flex items-center gap-1.5">
        <RunMark place={place} />
        <Link
          href={`/runs/${run.id}`}
          draggable={false}
          title={run.name}
          className="min-w-0 truncate rounded-sm text-sm font-medium hover:underline"
        >
          {run.name}
        </Link>
        {isBaseline ? (
          <span title="The others are measured against it" className="shrink-0 text-accent">
            <Star aria-hidden className="size-3.5 fill-accent" />
            <span className="sr-only">baseline</span>
          </span>
        ) : null}
        <span className="ml-auto" />
        <HeadMenu {...props} />
      </div>
      <div className="flex items-center gap-2 overflow-hidden whitespace-nowrap">
        <RunStatus state={run.state} className="text-xs [&_svg]:size-3.5" />
        <Duration from={run.startedAt} to={run.finishedAt} className="text-2xs text-dim" />
      </div>
    </div>
  );
}

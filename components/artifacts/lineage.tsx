/** Lineage as a small graph, its columns in the order of time; each is a list for readers and for keys. */
"use client";

import { ArrowRight, Package } from "lucide-react";
import Link from "next/link";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { StateIcon } from "@/components/runs/state-icon";
import { cn } from "@/components/ui/cn";
import type { LineageView } from "@/server/domain/views/lineage";
import { type LineageColumn, type LineageNode, lineageColumns } from "./lineage-model";

const titleOf = ({ hops, nodes }: LineageColumn): string => {
  if (hops === 0) return "This artifact";
  const isTask = nodes[0]?.kind === "task";
  if (hops === -1) return "Made by";
  if (hops === 1) return "Used by";
  return hops < 0 ? (isTask ? "Made by" : "Made from") : isTask ? "Used by" : "Led to";
};

export function Lineage({ artifact, lineage }: { readonly artifact: number; readonly lineage: LineageView }) {
  const columns = lineageColumns(lineage, artifact);
  return (
    <div className="flex flex-col gap-2">
      <section
        aria-label="Lineage graph"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        className="scroll-thin flex items-stretch gap-2 overflow-x-auto pb-2"
      >
        {columns.map((column, index) => (
          <div key={column.hops} className="flex shrink-0 items-center gap-2">
            {index > 0 ? <ArrowRight aria-hidden className="size-4 shrink-0 text-faint" /> : null}
            <div className="w-52 max-w-[70vw]">
              <h3 className="mb-1 text-xs font-medium text-faint">{titleOf(column)}</h3>
              <ul className="flex flex-col gap-1.5">
                {column.nodes.map((node) => (
                  <li key={`${node.kind} ${node.id}`}>
                    <Node node={node} lineage={lineage} isCurrent={column.hops === 0} />
                  </li>
                ))}
              </ul>
            </div>
          </div>
        ))}
      </section>
      {lineage.read.every((link) => link.artifact !== artifact) ? (
        <p className="text-sm text-dim">No task has used this artifact.</p>
      ) : null}
      {lineage.isCut ? <p className="text-sm text-dim">There is more: open an artifact at the edge to go on.</p> : null}
    </div>
  );
}

const BOX = "flex min-h-9 items-center gap-2 rounded-md border border-line bg-surface px-2 py-1 text-sm hover:bg-hover";

function Node({
  node,
  lineage,
  isCurrent,
}: {
  readonly node: LineageNode;
  readonly lineage: LineageView;
  readonly isCurrent: boolean;
}) {
  if (node.kind === "artifact") {
    const artifact = lineage.artifacts.find(({ id }) => id === node.id);
    return (
      <Link
        href={`/artifacts/${node.id}`}
        aria-current={isCurrent ? "page" : undefined}
        className={cn(BOX, isCurrent && "border-accent bg-accent-soft")}
      >
        <Package aria-hidden className="size-4 shrink-0 text-faint" />
        <span className="min-w-0">
          <span className="block truncate font-medium">{artifact?.name ?? node.id}</span>
          <span className="block truncate text-xs text-dim">{artifact?.type}</span>
        </span>
      </Link>
    );
  }
  const task = lineage.tasks.find(({ id }) => id === node.id);
  if (task === undefined) return <span className={BOX}>{node.id}</span>;
  const look = STATE_LOOKS[task.state];
  return (
    <Link href={`/runs/${task.run.id}?task=${task.id}`} className={BOX}>
      <StateIcon shape={look.shape} className={cn("size-4 shrink-0", look.text)} />
      <span className="min-w-0">
        <span className="block truncate font-medium">{task.name}</span>
        <span className="block truncate text-xs text-dim">
          <span className="sr-only">{look.label}, </span>
          {task.run.name}
        </span>
      </span>
    </Link>
  );
}

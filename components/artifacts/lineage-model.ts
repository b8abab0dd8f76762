/** Lineage as columns to draw: what came before to the left, what came after to the right, the artifact asked for between. */
import type { LineageLink, LineageView } from "@/server/domain/views/lineage";

export interface LineageNode {
  readonly kind: "artifact" | "task";
  readonly id: number;
}
export interface LineageColumn {
  /** Hops from the artifact; negative before it. */
  readonly hops: number;
  readonly nodes: readonly LineageNode[];
}

const name = ({ kind, id }: LineageNode): string => `${kind} ${id}`;

/** Direct neighbours in one direction of time. */
function stepsFrom(lineage: LineageView, node: LineageNode, way: "before" | "after"): LineageNode[] {
  const isArtifact = node.kind === "artifact";
  // Before an artifact stands what made it, before a task what it read; afterwards the other way round.
  const links: readonly LineageLink[] = isArtifact === (way === "before") ? lineage.made : lineage.read;
  return links
    .filter((link) => (isArtifact ? link.artifact : link.task) === node.id)
    .map(
      (link): LineageNode => (isArtifact ? { kind: "task", id: link.task } : { kind: "artifact", id: link.artifact }),
    );
}

function columnsTo(lineage: LineageView, start: LineageNode, way: "before" | "after"): LineageColumn[] {
  const seen = new Set([name(start)]);
  const columns: LineageColumn[] = [];
  let front: readonly LineageNode[] = [start];
  while (front.length > 0) {
    const next = front
      .flatMap((node) => stepsFrom(lineage, node, way))
      .filter((node) => !seen.has(name(node)) && seen.add(name(node)));
    if (next.length > 0) columns.push({ hops: (columns.length + 1) * (way === "before" ? -1 : 1), nodes: next });
    front = next;
  }
  return columns;
}

/** The columns from the earliest to the latest. */
export function lineageColumns(lineage: LineageView, artifact: number): readonly LineageColumn[] {
  const start: LineageNode = { kind: "artifact", id: artifact };
  return [
    ...columnsTo(lineage, start, "before").reverse(),
    { hops: 0, nodes: [start] },
    ...columnsTo(lineage, start, "after"),
  ];
}

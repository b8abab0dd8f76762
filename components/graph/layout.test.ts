/** The layout's promises: nothing overlaps, every edge leads to the right, the same graph is always drawn the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Box, type LayoutEdge, type LayoutNode, layoutGraph } from "./layout";
import { countCrossings, orderLayers } from "./ordering";

const SIZE = { width: 200, height: 48 };

interface Drawn {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

/** Random forests of groups with random forward edges, also across scopes. */
const graphs: fc.Arbitrary<Drawn> = fc
  .array(fc.tuple(fc.nat(), fc.boolean(), fc.array(fc.nat(), { maxLength: 3 })), { minLength: 1, maxLength: 60 })
  .map((rows) => {
    const nodes: LayoutNode[] = rows.map(([pick, isNested], i) => ({
      id: `n${i}`,
      parent: isNested && i > 0 ? `n${pick % i}` : null,
      ...SIZE,
    }));
    const edges = rows.flatMap(([, , from], i) =>
      i === 0 ? [] : from.map((f) => ({ from: `n${f % i}`, to: `n${i}` })),
    );
    return { nodes, edges };
  });

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height - 1e-6 && b.y < a.y + a.height - 1e-6;

const contains = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x + 1e-6 &&
  outer.y <= inner.y + 1e-6 &&
  inner.x + inner.width <= outer.x + outer.width + 1e-6 &&
  inner.y + inner.height <= outer.y + outer.height + 1e-6;

function parents(nodes: readonly LayoutNode[]): Map<string, string | null> {
  return new Map(nodes.map((n) => [n.id, n.parent]));
}

function isInside(id: string, group: string, parentOf: Map<string, string | null>): boolean {
  for (let at = parentOf.get(id) ?? null; at !== null; at = parentOf.get(at) ?? null) if (at === group) return true;
  return false;
}

describe("layoutGraph", () => {
  it("places every node, none over another, children inside their group", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const { boxes } = layoutGraph(nodes, edges);
        const parentOf = parents(nodes);
        expect(boxes.size).toBe(nodes.length);
        const all = [...boxes];
        for (const [a, boxA] of all) {
          for (const [b, boxB] of all) {
            if (a >= b) continue;
            if (isInside(a, b, parentOf)) expect(contains(boxB, boxA)).toBe(true);
            else if (isInside(b, a, parentOf)) expect(contains(boxA, boxB)).toBe(true);
            else expect(overlap(boxA, boxB)).toBe(false);
          }
        }
      }),
    );
  });

  it("leads every edge to the right, from its source's edge to its target's", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const layout = layoutGraph(nodes, edges);
        for (const edge of layout.edges) {
          const [from, to] = [layout.boxes.get(edge.from), layout.boxes.get(edge.to)];
          expect(from && to && from.x + from.width <= to.x).toBe(true);
          expect(edge.points[0]?.x).toBeCloseTo((from?.x ?? 0) + (from?.width ?? 0));
          expect(edge.points.at(-1)?.x).toBeCloseTo(to?.x ?? 0);
          edge.points.forEach((p, i) => {
            expect(p.x).toBeGreaterThanOrEqual((edge.points[i - 1]?.x ?? p.x) - 1e-6);
          });
        }
      }),
    );
  });

  it("is deterministic and stays inside its own bounds", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const layout = layoutGraph(nodes, edges);
        expect(layoutGraph(nodes, edges)).toEqual(layout);
        for (const box of layout.boxes.values()) {
          expect(contains({ x: 0, y: 0, width: layout.width, height: layout.height }, box)).toBe(true);
        }
      }),
    );
  });

  it("ends on cycles, loops and edges to nowhere", () => {
    const nodes = ["a", "b", "c"].map((id) => ({ id, parent: null, ...SIZE }));
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
      { from: "c", to: "c" },
      { from: "c", to: "gone" },
    ];
    const layout = layoutGraph(nodes, edges);
    expect(layout.boxes.size).toBe(3);
    expect(layout.edges).toHaveLength(1);
  });

  it("draws a chain as one straight line and an empty graph as nothing", () => {
    const nodes = Array.from({ length: 5 }, (_, i) => ({ id: `${i}`, parent: null, ...SIZE }));
    const layout = layoutGraph(
      nodes,
      nodes.slice(1).map((n, i) => ({ from: `${i}`, to: n.id })),
    );
    expect(new Set([...layout.boxes.values()].map((b) => b.y))).toEqual(new Set([0]));
    expect(layoutGraph([], [])).toMatchObject({ width: 0, height: 0 });
  });

  it("folds a wide fan-out into columns", () => {
    const nodes = Array.from({ length: 1000 }, (_, i) => ({ id: `${i}`, parent: null, ...SIZE }));
    const layout = layoutGraph(
      nodes,
      nodes.slice(1).map((n) => ({ from: "0", to: n.id })),
    );
    expect(layout.height).toBeLessThan(layout.width * 2);
  });
});

describe("orderLayers", () => {
  it("removes a crossing that can be removed", () => {
    const graph = {
      layers: [
        [0, 1],
        [2, 3],
      ],
      before: [[], [], [1], [0]],
      after: [[3], [2], [], []],
    };
    expect(countCrossings(graph)).toBe(1);
    orderLayers(graph);
    expect(countCrossings(graph)).toBe(0);
  });
});

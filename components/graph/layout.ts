/** Lays a graph out from left to right, groups recursively as boxes: sizes and edges in, places and routes out. */
import { type Layering, layerGraph } from "./layering";
import { orderLayers, type ProperGraph } from "./ordering";
import { placeVertices } from "./placement";

/** `width` and `height` of a node that holds others are computed. */
export interface LayoutNode {
  readonly id: string;
  readonly parent: string | null;
  readonly width: number;
  readonly height: number;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A route leaves its source on the right and reaches its target on the left; between the points it may be curved. */
export interface RoutedEdge extends LayoutEdge {
  readonly points: readonly Point[];
  /** Crosses layers without way points, because there are too many such edges: it would run behind other nodes. */
  readonly isJump: boolean;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly edges: readonly RoutedEdge[];
}

const LAYER_GAP = 48;
const NODE_GAP = 18;
const WAY_POINT_HEIGHT = 4;
const WAY_POINT_GAP = 12;
/** Room inside a group's box; the top holds its title. */
const GROUP_PADDING = { top: 40, side: 18, bottom: 18 };
/** More way points than this many per vertex cost more than their straighter routes are worth. */
const WAY_POINTS_PER_VERTEX = 3;

interface Scope {
  readonly width: number;
  readonly height: number;
  readonly places: readonly { readonly id: string; readonly x: number; readonly y: number }[];
  readonly routes: readonly RoutedEdge[];
}

interface Proper {
  readonly graph: ProperGraph;
  readonly layerOf: Int32Array;
  /** Way points of each edge, in order. */
  readonly chains: readonly (readonly number[])[];
}

function insertWayPoints(count: number, layering: Layering): Proper {
  const span = layering.edges.reduce((n, [a, b]) => n + (layering.layerOf[b] ?? 0) - (layering.layerOf[a] ?? 0) - 1, 0);
  const isAffordable = span <= Math.max(400, count * WAY_POINTS_PER_VERTEX);
  const total = count + (isAffordable ? span : 0);
  const layers = layering.layers.map((layer) => layer.slice());
  const before: number[][] = Array.from({ length: total }, () => []);
  const after: number[][] = Array.from({ length: total }, () => []);
  const layerOf = new Int32Array(total);
  layerOf.set(layering.layerOf);
  let free = count;
  const join = (from: number, to: number) => {
    after[from]?.push(to);
    before[to]?.push(from);
  };
  const chains = layering.edges.map(([from, to]) => {
    const chain: number[] = [];
    let last = from;
    const end = layerOf[to] ?? 0;
    if (isAffordable) {
      for (let layer = (layerOf[from] ?? 0) + 1; layer < end; layer += 1) {
        layers[layer]?.push(free);
        layerOf[free] = layer;
        join(last, free);
        chain.push(free);
        last = free;
        free += 1;
      }
    }
    if (isAffordable || (layerOf[from] ?? 0) + 1 === end) join(last, to);
    return chain;
  });
  return { graph: { layers, before, after }, layerOf, chains };
}

function layoutScope(nodes: readonly LayoutNode[], edges: readonly (readonly [number, number])[]): Scope {
  const layering = layerGraph({ count: nodes.length, edges });
  const { graph, layerOf, chains } = insertWayPoints(nodes.length, layering);
  orderLayers(graph);
  const total = graph.before.length;
  const height = new Float64Array(total).fill(WAY_POINT_HEIGHT);
  const gap = new Float64Array(total).fill(WAY_POINT_GAP);
  const layerWidth = new Float64Array(graph.layers.length);
  nodes.forEach((node, v) => {
    height[v] = node.height;
    gap[v] = NODE_GAP;
    const layer = layerOf[v] ?? 0;
    layerWidth[layer] = Math.max(layerWidth[layer] ?? 0, node.width);
  });
  const centre = placeVertices(graph, { height, gap });
  const left = new Float64Array(graph.layers.length);
  let x = 0;
  for (let layer = 0; layer < graph.layers.length; layer += 1) {
    left[layer] = x;
    x += (layerWidth[layer] ?? 0) + LAYER_GAP;
  }
  const leftOf = (v: number) => left[layerOf[v] ?? 0] ?? 0;
  const routes = layering.edges.map(([from, to], i) => {
    const points: Point[] = [{ x: leftOf(from) + (nodes[from]?.width ?? 0), y: centre[from] ?? 0 }];
    for (const way of chains[i] ?? []) {
      const at = leftOf(way);
      const y = centre[way] ?? 0;
      points.push({ x: at, y }, { x: at + (layerWidth[layerOf[way] ?? 0] ?? 0), y });
    }
    points.push({ x: leftOf(to), y: centre[to] ?? 0 });
    const isJump = points.length === 2 && (layerOf[to] ?? 0) - (layerOf[from] ?? 0) > 1;
    return { from: nodes[from]?.id ?? "", to: nodes[to]?.id ?? "", points, isJump };
  });
  let bottom = 0;
  for (let v = 0; v < total; v += 1) bottom = Math.max(bottom, (centre[v] ?? 0) + (height[v] ?? 0) / 2);
  return {
    width: Math.max(0, x - LAYER_GAP),
    height: bottom,
    places: nodes.map((node, v) => ({ id: node.id, x: leftOf(v), y: (centre[v] ?? 0) - node.height / 2 })),
    routes,
  };
}

interface Tree {
  readonly children: ReadonlyMap<string | null, readonly LayoutNode[]>;
  readonly parentOf: ReadonlyMap<string, string | null>;
}

function growTree(nodes: readonly LayoutNode[]): Tree {
  const ids = new Set(nodes.map((node) => node.id));
  const children = new Map<string | null, LayoutNode[]>();
  const parentOf = new Map<string, string | null>();
  for (const node of nodes) {
    const parent = node.parent !== null && ids.has(node.parent) ? node.parent : null;
    parentOf.set(node.id, parent);
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [node]);
    else list.push(node);
  }
  return { children, parentOf };
}

function ancestors(id: string, parentOf: Tree["parentOf"]): string[] {
  const line: string[] = [];
  for (let at: string | null = id; at !== null; at = parentOf.get(at) ?? null) line.unshift(at);
  return line;
}

/** Lifts every edge to the innermost scope that holds both ends, where it joins two neighbours. */
function edgesByScope(edges: readonly LayoutEdge[], { parentOf }: Tree): Map<string | null, LayoutEdge[]> {
  const scopes = new Map<string | null, LayoutEdge[]>();
  for (const edge of edges) {
    if (!parentOf.has(edge.from) || !parentOf.has(edge.to)) continue;
    const from = ancestors(edge.from, parentOf);
    const to = ancestors(edge.to, parentOf);
    let depth = 0;
    while (depth < from.length && depth < to.length && from[depth] === to[depth]) depth += 1;
    const [a, b] = [from[depth], to[depth]];
    if (a === undefined || b === undefined) continue;
    const scope = from[depth - 1] ?? null;
    const list = scopes.get(scope);
    if (list === undefined) scopes.set(scope, [{ from: a, to: b }]);
    else list.push({ from: a, to: b });
  }
  return scopes;
}

/** Places of all nodes and routes of all edges; the same input gives the same drawing. Parents must form a forest. */
export function layoutGraph(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): GraphLayout {
  const tree = growTree(nodes);
  const scopedEdges = edgesByScope(edges, tree);
  const scopes = new Map<string | null, Scope>();
  const measure = (parent: string | null): Scope => {
    const members = (tree.children.get(parent) ?? []).map((node): LayoutNode => {
      if (!tree.children.has(node.id)) return node;
      const inner = measure(node.id);
      return {
        ...node,
        width: Math.max(node.width, inner.width + 2 * GROUP_PADDING.side),
        height: inner.height + GROUP_PADDING.top + GROUP_PADDING.bottom,
      };
    });
    const index = new Map(members.map((node, i) => [node.id, i]));
    const pairs = (scopedEdges.get(parent) ?? []).map(
      (edge) => [index.get(edge.from) ?? 0, index.get(edge.to) ?? 0] as const,
    );
    const scope = layoutScope(members, pairs);
    scopes.set(parent, scope);
    members.forEach((node) => {
      sizes.set(node.id, node);
    });
    return scope;
  };
  const sizes = new Map<string, LayoutNode>();
  const root = measure(null);
  const boxes = new Map<string, Box>();
  const routes: RoutedEdge[] = [];
  const unfold = (parent: string | null, dx: number, dy: number): void => {
    const scope = scopes.get(parent);
    if (scope === undefined) return;
    for (const place of scope.places) {
      const size = sizes.get(place.id);
      const box = { x: place.x + dx, y: place.y + dy, width: size?.width ?? 0, height: size?.height ?? 0 };
      boxes.set(place.id, box);
      unfold(place.id, box.x + GROUP_PADDING.side, box.y + GROUP_PADDING.top);
    }
    for (const route of scope.routes) {
      routes.push({ ...route, points: route.points.map((p) => ({ x: p.x + dx, y: p.y + dy })) });
    }
  };
  unfold(null, 0, 0);
  return { width: root.width, height: root.height, boxes, edges: routes };
}

/** Puts the vertices of an acyclic graph into layers so that every edge leads to a later layer. */

/** Vertices are `0 … count-1`; an edge is a pair of vertex indices. */
export interface ScopeGraph {
  readonly count: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export interface Layering {
  readonly layerOf: Int32Array;
  readonly layers: readonly (readonly number[])[];
  /** The edges that were kept: no loops, no doubles, none that closes a cycle. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

interface Adjacency {
  readonly next: readonly number[][];
  readonly degreeIn: Int32Array;
}

function adjacency(graph: ScopeGraph): Adjacency {
  const next: number[][] = Array.from({ length: graph.count }, () => []);
  const degreeIn = new Int32Array(graph.count);
  const seen = new Set<number>();
  for (const [from, to] of graph.edges) {
    const key = from * graph.count + to;
    if (from === to || seen.has(key)) continue;
    seen.add(key);
    next[from]?.push(to);
    degreeIn[to] = (degreeIn[to] ?? 0) + 1;
  }
  return { next, degreeIn };
}

/** Kahn's order; a vertex on a cycle is taken where the input lists it, so that hostile input still ends. */
function order(graph: ScopeGraph, { next, degreeIn }: Adjacency): number[] {
  const waiting = degreeIn.slice();
  const taken = new Uint8Array(graph.count);
  const sorted: number[] = [];
  for (let v = 0; v < graph.count; v += 1) if (waiting[v] === 0) sorted.push(v);
  let read = 0;
  let scan = 0;
  while (sorted.length < graph.count || read < sorted.length) {
    if (read === sorted.length) {
      while (taken[scan] === 1) scan += 1;
      sorted.push(scan);
    }
    const v = sorted[read] ?? 0;
    read += 1;
    if (taken[v] === 1) continue;
    taken[v] = 1;
    for (const to of next[v] ?? []) {
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0 && taken[to] === 0) sorted.push(to);
    }
  }
  return sorted;
}

/** How many vertices a column may hold before it is folded into several: keeps a wide fan-out near a screen's shape. */
const columnCapacity = (count: number): number => Math.max(30, Math.ceil(Math.sqrt(count * 2.5)));

function foldWideLayers(rank: Int32Array, count: number): void {
  const sizes: number[] = [];
  for (let v = 0; v < count; v += 1) sizes[rank[v] ?? 0] = (sizes[rank[v] ?? 0] ?? 0) + 1;
  const capacity = columnCapacity(count);
  const columns = sizes.map((size) => Math.max(1, Math.ceil(size / capacity)));
  if (columns.every((n) => n === 1)) return;
  const first: number[] = [];
  let at = 0;
  for (const n of columns) {
    first.push(at);
    at += n;
  }
  const placed = new Int32Array(sizes.length);
  for (let v = 0; v < count; v += 1) {
    const layer = rank[v] ?? 0;
    const perColumn = Math.ceil((sizes[layer] ?? 1) / (columns[layer] ?? 1));
    const nth = placed[layer] ?? 0;
    placed[layer] = nth + 1;
    rank[v] = (first[layer] ?? 0) + Math.floor(nth / perColumn);
  }
}

/** Longest-path layering; sources are pulled to the right, beside what they feed. */
export function layerGraph(graph: ScopeGraph): Layering {
  const { next, degreeIn } = adjacency(graph);
  const sorted = order(graph, { next, degreeIn });
  const position = new Int32Array(graph.count);
  sorted.forEach((v, i) => {
    position[v] = i;
  });
  const edges: (readonly [number, number])[] = [];
  const rank = new Int32Array(graph.count);
  for (const v of sorted) {
    for (const to of next[v] ?? []) {
      if ((position[to] ?? 0) <= (position[v] ?? 0)) continue;
      edges.push([v, to]);
      rank[to] = Math.max(rank[to] ?? 0, (rank[v] ?? 0) + 1);
    }
  }
  for (const v of sorted) {
    const after = next[v] ?? [];
    if (degreeIn[v] !== 0 || after.length === 0) continue;
    const nearest = Math.min(...after.map((to) => rank[to] ?? 0));
    rank[v] = Math.max(0, nearest - 1);
  }
  foldWideLayers(rank, graph.count);
  const layers: number[][] = [];
  for (let v = 0; v < graph.count; v += 1) {
    const layer = rank[v] ?? 0;
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(v);
  }
  return { layerOf: rank, layers, edges };
}

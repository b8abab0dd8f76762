/** Orders the vertices of each layer by barycentre sweeps so that few edges cross. */

/** A graph whose edges join neighbouring layers only; long edges have become chains of way points. */
export interface ProperGraph {
  /** Vertices of each layer, in drawing order; sorted in place by `orderLayers`. */
  readonly layers: number[][];
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

function notePositions(layers: readonly (readonly number[])[], position: Int32Array): void {
  for (const layer of layers) {
    for (let i = 0; i < layer.length; i += 1) position[layer[i] ?? 0] = i;
  }
}

function sortLayer(layer: number[], neighbours: ProperGraph["before"], position: Int32Array, key: Float64Array): void {
  for (let i = 0; i < layer.length; i += 1) {
    const v = layer[i] ?? 0;
    const near = neighbours[v] ?? [];
    let sum = 0;
    for (const n of near) sum += position[n] ?? 0;
    key[v] = near.length === 0 ? i : sum / near.length;
  }
  layer.sort((a, b) => (key[a] ?? 0) - (key[b] ?? 0) || (position[a] ?? 0) - (position[b] ?? 0));
  for (let i = 0; i < layer.length; i += 1) position[layer[i] ?? 0] = i;
}

/** Crossings between a layer and the next, by an accumulator tree (Barth, Jünger, Mutzel 2002). */
function crossingsBetween(
  layer: readonly number[],
  width: number,
  after: ProperGraph["after"],
  position: Int32Array,
): number {
  let first = 1;
  while (first < width) first *= 2;
  const tree = new Int32Array(2 * first);
  let crossings = 0;
  for (const v of layer) {
    const targets = (after[v] ?? []).map((to) => position[to] ?? 0).sort((a, b) => a - b);
    for (const target of targets) {
      let index = target + first - 1;
      tree[index] = (tree[index] ?? 0) + 1;
      while (index > 0) {
        if (index % 2 === 1) crossings += tree[index + 1] ?? 0;
        index = (index - 1) >> 1;
        tree[index] = (tree[index] ?? 0) + 1;
      }
    }
  }
  return crossings;
}

/** Number of edge crossings of the whole drawing. */
export function countCrossings(graph: ProperGraph): number {
  const position = new Int32Array(graph.before.length);
  notePositions(graph.layers, position);
  let total = 0;
  for (let i = 0; i + 1 < graph.layers.length; i += 1) {
    total += crossingsBetween(graph.layers[i] ?? [], graph.layers[i + 1]?.length ?? 0, graph.after, position);
  }
  return total;
}

/** Sweeps to and fro and keeps the best order met; fewer sweeps for large graphs, where time matters more. */
export function orderLayers(graph: ProperGraph): void {
  const size = graph.before.length;
  const position = new Int32Array(size);
  const key = new Float64Array(size);
  notePositions(graph.layers, position);
  const sweeps = size > 1500 ? 2 : size > 400 ? 5 : 12;
  let best = Number.POSITIVE_INFINITY;
  let bestLayers: number[][] = [];
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (let i = 1; i < graph.layers.length; i += 1) sortLayer(graph.layers[i] ?? [], graph.before, position, key);
    for (let i = graph.layers.length - 2; i >= 0; i -= 1) sortLayer(graph.layers[i] ?? [], graph.after, position, key);
    const crossings = countCrossings(graph);
    if (crossings >= best) break;
    best = crossings;
    bestLayers = graph.layers.map((layer) => layer.slice());
    if (crossings === 0) break;
  }
  bestLayers.forEach((layer, i) => {
    graph.layers[i] = layer;
  });
}

/** Gives every vertex of an ordered layered graph its height on the page, so that chains run straight and nothing overlaps. */
import type { ProperGraph } from "./ordering";

export interface Sizes {
  readonly height: Float64Array;
  /** Room below a vertex before the next one of its layer. */
  readonly gap: Float64Array;
}

/**
 * Moves the vertices of one layer as near as possible to where they want to be while keeping their order and distance:
 * isotonic regression by pooling adjacent violators, on centres reduced by the room needed before each.
 */
function settle(layer: readonly number[], wanted: Float64Array, centre: Float64Array, sizes: Sizes): void {
  const blockSum: number[] = [];
  const blockSize: number[] = [];
  const need: number[] = [];
  let room = 0;
  layer.forEach((v, i) => {
    const previous = layer[i - 1];
    if (previous !== undefined) {
      room += ((sizes.height[previous] ?? 0) + (sizes.height[v] ?? 0)) / 2 + (sizes.gap[previous] ?? 0);
    }
    need.push(room);
    let sum = (wanted[v] ?? 0) - room;
    let size = 1;
    while (blockSum.length > 0) {
      const lastSum = blockSum[blockSum.length - 1] ?? 0;
      const lastSize = blockSize[blockSize.length - 1] ?? 1;
      if (lastSum / lastSize <= sum / size) break;
      sum += lastSum;
      size += lastSize;
      blockSum.pop();
      blockSize.pop();
    }
    blockSum.push(sum);
    blockSize.push(size);
  });
  let at = 0;
  blockSum.forEach((sum, block) => {
    const size = blockSize[block] ?? 1;
    for (let i = 0; i < size; i += 1, at += 1) {
      const v = layer[at];
      if (v !== undefined) centre[v] = sum / size + (need[at] ?? 0);
    }
  });
}

function wish(layer: readonly number[], near: ProperGraph["before"], centre: Float64Array, wanted: Float64Array): void {
  for (const v of layer) {
    const neighbours = near[v] ?? [];
    let sum = 0;
    for (const n of neighbours) sum += centre[n] ?? 0;
    wanted[v] = neighbours.length === 0 ? (centre[v] ?? 0) : sum / neighbours.length;
  }
}

/** Centre of every vertex; the smallest top edge is 0. */
export function placeVertices(graph: ProperGraph, sizes: Sizes): Float64Array {
  const centre = new Float64Array(graph.before.length);
  const wanted = new Float64Array(graph.before.length);
  for (const layer of graph.layers) settle(layer, wanted, centre, sizes);
  const passes = graph.before.length > 3000 ? 2 : 4;
  for (let pass = 0; pass < passes; pass += 1) {
    for (let i = 1; i < graph.layers.length; i += 1) {
      const layer = graph.layers[i] ?? [];
      wish(layer, graph.before, centre, wanted);
      settle(layer, wanted, centre, sizes);
    }
    for (let i = graph.layers.length - 2; i >= 0; i -= 1) {
      const layer = graph.layers[i] ?? [];
      wish(layer, graph.after, centre, wanted);
      settle(layer, wanted, centre, sizes);
    }
  }
  let top = Number.POSITIVE_INFINITY;
  for (let v = 0; v < centre.length; v += 1) top = Math.min(top, (centre[v] ?? 0) - (sizes.height[v] ?? 0) / 2);
  if (Number.isFinite(top)) for (let v = 0; v < centre.length; v += 1) centre[v] = (centre[v] ?? 0) - top;
  return centre;
}

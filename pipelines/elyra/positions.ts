/** Where the author drew each node; a node without a place gets one below the drawing. */
import type { StepPath } from "../graph";
import { fieldAt } from "./json";
import type { ScopedNode, Scopes } from "./scopes";

interface Point {
  readonly x: number;
  readonly y: number;
}

const ROW_HEIGHT = 110;

/** Empty for a canvas on which no node has a place: the graph is then laid out by its links alone. */
export function positions(scopes: Scopes): ReadonlyMap<StepPath, Point> {
  const places = new Map<StepPath, Point>();
  for (const scope of scopes.all) {
    const nodes = [...scope.nodes.values()].filter((node) => node.type !== "binding");
    const drawn = nodes.flatMap((node) => {
      const place = written(node);
      return place === null ? [] : [{ node, place }];
    });
    if (drawn.length === 0) continue;
    let left = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (const { node, place } of drawn) {
      places.set(node.path, place);
      left = Math.min(left, place.x);
      bottom = Math.max(bottom, place.y);
    }
    for (const node of nodes) {
      if (places.has(node.path)) continue;
      bottom += ROW_HEIGHT;
      places.set(node.path, { x: left, y: bottom });
    }
  }
  return places;
}

function written(node: ScopedNode): Point | null {
  const x = fieldAt(node.node, "app_data", "ui_data", "x_pos");
  const y = fieldAt(node.node, "app_data", "ui_data", "y_pos");
  return typeof x === "number" && typeof y === "number" ? { x, y } : null;
}

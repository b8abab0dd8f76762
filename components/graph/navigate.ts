/** Where an arrow key leads in a graph: along edges to the sides, to the neighbour above or below. */
import type { StepPath } from "@/pipelines/graph";
import type { GraphModel } from "./graph-model";
import type { Box } from "./layout";

export type Direction = "left" | "right" | "up" | "down";

export const ARROWS: { readonly [key: string]: Direction } = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const middle = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** How far to the side counts against how far ahead when no edge leads the way. */
const SIDE_WEIGHT = 3;

function nearest(model: GraphModel, from: Box, direction: Direction): StepPath | null {
  const start = middle(from);
  let best: StepPath | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const { step, box, look } of model.steps.values()) {
    if (look === "open") continue;
    const { x, y } = middle(box);
    const [dx, dy] = [x - start.x, y - start.y];
    const ahead = direction === "left" ? -dx : direction === "right" ? dx : direction === "up" ? -dy : dy;
    if (ahead <= 1) continue;
    const aside = Math.abs(direction === "left" || direction === "right" ? dy : dx);
    const cost = ahead + aside * SIDE_WEIGHT;
    if (cost < bestCost) {
      best = step.path;
      bestCost = cost;
    }
  }
  return best;
}

/** The step an arrow leads to; null where the graph ends. */
export function stepInDirection(model: GraphModel, from: StepPath, direction: Direction): StepPath | null {
  const box = model.steps.get(from)?.box;
  if (box === undefined) return model.order.find((drawn) => drawn.look !== "open")?.step.path ?? null;
  if (direction === "left" || direction === "right") {
    const joined = model.edges
      .filter((edge) => (direction === "right" ? edge.from : edge.to) === from)
      .map((edge) => (direction === "right" ? edge.to : edge.from))
      .flatMap((path) => {
        const drawn = model.steps.get(path);
        return drawn === undefined || drawn.look === "open" ? [] : [drawn];
      });
    const straightest = joined.sort(
      (a, b) => Math.abs(middle(a.box).y - middle(box).y) - Math.abs(middle(b.box).y - middle(box).y),
    )[0];
    if (straightest !== undefined) return straightest.step.path;
  }
  return nearest(model, box, direction);
}

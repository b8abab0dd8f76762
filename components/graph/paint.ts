/** Paints edges, frames and, seen from afar, the steps themselves on a canvas: one pass over what is in view. */
import { STATE_LOOKS } from "@/components/runs/run-status";
import type { StepPath } from "@/pipelines/graph";
import type { GraphModel } from "./graph-model";
import type { Box, RoutedEdge } from "./layout";
import { type EdgeTone, edgeTone, type StepFacts } from "./step-facts";
import { meets, type Size, seenBox, type View } from "./viewport";

/** Colours of the theme in force, by token name. */
export type Palette = (token: string) => string;

/** Reads tokens from an element; ask for a new one when the theme changes. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return (token) => {
    let colour = known.get(token);
    if (colour === undefined) {
      colour = style.getPropertyValue(token).trim() || "gray";
      known.set(token, colour);
    }
    return colour;
  };
}

export interface Scene {
  readonly model: GraphModel;
  readonly facts: ReadonlyMap<StepPath, StepFacts>;
  readonly selected: StepPath | null;
  /** Steps that a search found; null without a search. */
  readonly found: ReadonlySet<StepPath> | null;
}

const EDGE_STYLE: { readonly [tone in EdgeTone]: { token: string; dash: number[]; width: number; alpha: number } } = {
  plain: { token: "--border-control", dash: [], width: 1.4, alpha: 0.9 },
  done: { token: "--text-faint", dash: [], width: 1.4, alpha: 0.9 },
  active: { token: "--state-running", dash: [], width: 2, alpha: 1 },
  waiting: { token: "--border-strong", dash: [], width: 1.4, alpha: 1 },
  faint: { token: "--border-strong", dash: [3, 4], width: 1.2, alpha: 0.8 },
};
const TONES: readonly EdgeTone[] = ["faint", "waiting", "plain", "done", "active"];

/** Below this scale words cannot be read: steps are painted as plain rectangles. */
export const FAR_SCALE = 0.45;

/** `var(--state-failed)` → the theme's colour. */
const stateColour = (facts: StepFacts | undefined, palette: Palette): string => {
  if (!facts?.state) return palette("--border-control");
  return palette(STATE_LOOKS[facts.state].color.slice(4, -1));
};

function trace(ctx: CanvasRenderingContext2D, { points }: RoutedEdge, isCurved: boolean): void {
  const [first] = points;
  if (first === undefined) return;
  ctx.moveTo(first.x, first.y);
  for (let i = 1; i < points.length; i += 1) {
    const from = points[i - 1] ?? first;
    const to = points[i] ?? first;
    if (!isCurved || from.y === to.y) ctx.lineTo(to.x, to.y);
    else {
      const bend = Math.max(18, (to.x - from.x) / 2);
      ctx.bezierCurveTo(from.x + bend, from.y, to.x - bend, to.y, to.x, to.y);
    }
  }
}

/** Length of the two ends that are left of an edge which is not drawn whole. */
const STUB = 22;

/** Too many edges to draw whole: only where they leave and arrive, until one of their steps is selected. */
function traceStub(ctx: CanvasRenderingContext2D, { points }: RoutedEdge): void {
  const [from, to] = points;
  if (from === undefined || to === undefined) return;
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(from.x + STUB, from.y);
  ctx.moveTo(to.x - STUB, to.y);
  ctx.lineTo(to.x, to.y);
}

const isStub = (edge: RoutedEdge, scene: Scene): boolean =>
  edge.isJump && edge.from !== scene.selected && edge.to !== scene.selected;

const boxesOfEdges = new WeakMap<RoutedEdge, Box>();

function edgeBox(edge: RoutedEdge): Box {
  let box = boxesOfEdges.get(edge);
  if (box === undefined) {
    const xs = edge.points.map((p) => p.x);
    const ys = edge.points.map((p) => p.y);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    box = { x: x - 1, y: y - 1, width: Math.max(...xs) - x + 2, height: Math.max(...ys) - y + 2 };
    boxesOfEdges.set(edge, box);
  }
  return box;
}

function showsStub({ points }: RoutedEdge, seen: Box, scale: number): boolean {
  if (scale < FAR_SCALE) return false;
  return points.some(
    (p) => p.x + STUB > seen.x && p.x - STUB < seen.x + seen.width && p.y > seen.y && p.y < seen.y + seen.height,
  );
}

function paintEdges(ctx: CanvasRenderingContext2D, scene: Scene, seen: Box, scale: number, palette: Palette): void {
  const byTone: { readonly [tone in EdgeTone]: RoutedEdge[] } = {
    plain: [],
    done: [],
    active: [],
    waiting: [],
    faint: [],
  };
  for (const edge of scene.model.edges) {
    if (isStub(edge, scene) ? !showsStub(edge, seen, scale) : !meets(edgeBox(edge), seen)) continue;
    const tone = edgeTone(scene.facts.get(edge.from)?.state ?? null, scene.facts.get(edge.to)?.state ?? null);
    byTone[tone].push(edge);
  }
  const isFar = scale < FAR_SCALE;
  // Where hundreds of lines leave one step, each must weigh less or they become a wall.
  const weight = (tone: EdgeTone) => (tone === "active" ? 1 : Math.min(1, Math.max(0.12, 150 / byTone[tone].length)));
  for (const tone of TONES) {
    const edges = byTone[tone];
    if (edges.length === 0) continue;
    const { token, dash, width, alpha } = EDGE_STYLE[tone];
    ctx.strokeStyle = palette(token);
    ctx.globalAlpha = (isFar ? alpha * 0.7 : alpha) * weight(tone);
    ctx.lineWidth = isFar ? 1 / scale : width;
    ctx.setLineDash(isFar ? [] : dash);
    ctx.beginPath();
    for (const edge of edges) {
      if (isStub(edge, scene)) traceStub(ctx, edge);
      else trace(ctx, edge, !isFar);
    }
    ctx.stroke();
    if (isFar || tone === "faint") continue;
    ctx.globalAlpha = alpha;
    ctx.fillStyle = palette(token);
    ctx.beginPath();
    for (const edge of edges) {
      const end = edge.points[edge.points.length - 1];
      if (end === undefined) continue;
      ctx.moveTo(end.x, end.y);
      ctx.lineTo(end.x - 7, end.y - 3.5);
      ctx.lineTo(end.x - 7, end.y + 3.5);
    }
    ctx.fill();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function paintFrames(ctx: CanvasRenderingContext2D, scene: Scene, seen: Box, palette: Palette): void {
  for (const { step, box, look } of scene.model.order) {
    if (look !== "open") break;
    if (!meets(box, seen)) continue;
    ctx.beginPath();
    ctx.roundRect(box.x, box.y, box.width, box.height, 10);
    ctx.globalAlpha = 0.75;
    ctx.fillStyle = palette("--surface-hover");
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = scene.selected === step.path ? 2 : 1;
    ctx.strokeStyle = palette(scene.selected === step.path ? "--accent" : "--border-strong");
    ctx.stroke();
  }
  ctx.strokeStyle = palette("--border-control");
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  for (const { comment, box } of scene.model.comments) {
    for (const path of comment.steps) {
      const target = scene.model.steps.get(path)?.box;
      if (target === undefined) continue;
      ctx.moveTo(box.x + Math.min(24, box.width / 2), box.y + box.height);
      ctx.lineTo(target.x + 24, target.y);
    }
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintFarSteps(ctx: CanvasRenderingContext2D, scene: Scene, seen: Box, scale: number, palette: Palette): void {
  for (const { step, box, look } of scene.model.order) {
    if (look === "open" || !meets(box, seen)) continue;
    const facts = scene.facts.get(step.path);
    const isAside = scene.found !== null && !scene.found.has(step.path);
    ctx.globalAlpha = isAside ? 0.25 : facts?.state === "omitted" || facts?.state === "skipped" ? 0.5 : 1;
    ctx.fillStyle = stateColour(facts, palette);
    ctx.fillRect(box.x, box.y, box.width, box.height);
    if (scene.selected !== step.path) continue;
    ctx.globalAlpha = 1;
    ctx.strokeStyle = palette("--accent");
    ctx.lineWidth = 3 / scale;
    ctx.strokeRect(box.x - 3 / scale, box.y - 3 / scale, box.width + 6 / scale, box.height + 6 / scale);
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette("--state-queued");
  for (const { box } of scene.model.comments) if (meets(box, seen)) ctx.fillRect(box.x, box.y, box.width, box.height);
}

/** Paints one frame. The canvas is `size` CSS pixels large with `ratio` device pixels each. */
export function paintScene(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  size: Size,
  ratio: number,
  palette: Palette,
): void {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  ctx.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.left, ratio * view.top);
  const seen = seenBox(view, size, 4);
  paintFrames(ctx, scene, seen, palette);
  paintEdges(ctx, scene, seen, view.scale, palette);
  if (view.scale < FAR_SCALE) paintFarSteps(ctx, scene, seen, view.scale, palette);
}

/** Paints the map: every step as a spot of its state's colour. Answers the view the map was painted with. */
export function paintMap(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  size: Size,
  ratio: number,
  palette: Palette,
): void {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  for (const { step, box, look } of scene.model.order) {
    if (look === "open") continue;
    ctx.fillStyle = stateColour(scene.facts.get(step.path), palette);
    ctx.fillRect(
      box.x * view.scale + view.left,
      box.y * view.scale + view.top,
      Math.max(1.5, box.width * view.scale),
      Math.max(1.5, box.height * view.scale),
    );
  }
}

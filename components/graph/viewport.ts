/** The arithmetic of looking at a plane: panning, zooming at a point, fitting, bringing a box into view. */
import type { Box, Point } from "./layout";

/** A point of the plane is drawn at `x * scale + left`, `y * scale + top`. */
export interface View {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MAX_SCALE = 1.6;
const FIT_MARGIN = 24;

/** Smallest useful scale: the whole graph with room around it. */
function minScale(bounds: Box, size: Size): number {
  return Math.min(0.5, fitView(bounds, size).scale * 0.8);
}

const clampScale = (scale: number, bounds: Box, size: Size): number =>
  Math.min(MAX_SCALE, Math.max(minScale(bounds, size), scale));

/** The whole graph, centred, at most at its natural size. */
export function fitView(bounds: Box, size: Size): View {
  const scale = Math.min(
    1,
    Math.max(0.001, (size.width - 2 * FIT_MARGIN) / Math.max(1, bounds.width)),
    Math.max(0.001, (size.height - 2 * FIT_MARGIN) / Math.max(1, bounds.height)),
  );
  return {
    scale,
    left: (size.width - bounds.width * scale) / 2 - bounds.x * scale,
    top: (size.height - bounds.height * scale) / 2 - bounds.y * scale,
  };
}

/** Zooms by a factor while the plane's point under `at` stays where it is. */
export function zoomAt(view: View, factor: number, at: Point, bounds: Box, size: Size): View {
  const scale = clampScale(view.scale * factor, bounds, size);
  const ratio = scale / view.scale;
  return { scale, left: at.x - (at.x - view.left) * ratio, top: at.y - (at.y - view.top) * ratio };
}

/** Keeps a corner of the graph on screen, so that nobody gets lost in the void. */
export function clampView(view: View, bounds: Box, size: Size): View {
  const keep = 80;
  const left = Math.min(
    size.width - keep - bounds.x * view.scale,
    Math.max(keep - (bounds.x + bounds.width) * view.scale, view.left),
  );
  const top = Math.min(
    size.height - keep - bounds.y * view.scale,
    Math.max(keep - (bounds.y + bounds.height) * view.scale, view.top),
  );
  return left === view.left && top === view.top ? view : { ...view, left, top };
}

/** The view with the box's middle in the middle of the screen. */
export function centreOn(box: Box, scale: number, size: Size): View {
  return {
    scale,
    left: size.width / 2 - (box.x + box.width / 2) * scale,
    top: size.height / 2 - (box.y + box.height / 2) * scale,
  };
}

/** The view on the beginning of a graph that is too large to be read whole: its start on the left. */
export function startView(bounds: Box, first: Box, scale: number, size: Size): View {
  return { ...centreOn(first, scale, size), left: FIT_MARGIN - bounds.x * scale };
}

/** Moves as little as needed to show the box whole, with some room. */
export function reveal(view: View, box: Box, size: Size): View {
  const room = 40;
  const left = box.x * view.scale + view.left;
  const top = box.y * view.scale + view.top;
  const right = left + box.width * view.scale;
  const bottom = top + box.height * view.scale;
  const dx = left < room ? room - left : right > size.width - room ? size.width - room - right : 0;
  const dy = top < room ? room - top : bottom > size.height - room ? size.height - room - bottom : 0;
  return dx === 0 && dy === 0 ? view : { ...view, left: view.left + dx, top: view.top + dy };
}

/** The part of the plane on screen, wider by `margin` screen pixels on every side. */
export function seenBox(view: View, size: Size, margin = 0): Box {
  return {
    x: (-margin - view.left) / view.scale,
    y: (-margin - view.top) / view.scale,
    width: (size.width + 2 * margin) / view.scale,
    height: (size.height + 2 * margin) / view.scale,
  };
}

export const toPlane = (view: View, at: Point): Point => ({
  x: (at.x - view.left) / view.scale,
  y: (at.y - view.top) / view.scale,
});

export const meets = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export const holds = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

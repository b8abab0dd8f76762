/** Holds what part of the plane is in view and tells those who draw, at most once a frame. */
import type { Size, View } from "./viewport";

export interface Camera {
  readonly view: () => View;
  readonly size: () => Size;
  /** Null until the surface has a size. */
  readonly isReady: () => boolean;
  readonly look: (view: View) => void;
  readonly resize: (size: Size) => void;
  readonly onFrame: (draw: () => void) => () => void;
  /** Draws on the next frame though nothing moved. */
  readonly redraw: () => void;
}

/** A camera that sees nothing yet. */
export function createCamera(): Camera {
  let view: View = { left: 0, top: 0, scale: 1 };
  let size: Size = { width: 0, height: 0 };
  let frame = 0;
  const draws = new Set<() => void>();
  const redraw = () => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      for (const draw of draws) draw();
    });
  };
  return {
    view: () => view,
    size: () => size,
    isReady: () => size.width > 0 && size.height > 0,
    look: (next) => {
      if (next === view) return;
      view = next;
      redraw();
    },
    resize: (next) => {
      size = next;
      redraw();
    },
    onFrame: (draw) => {
      draws.add(draw);
      return () => draws.delete(draw);
    },
    redraw,
  };
}

/** Turns pointer, pinch and wheel on a surface into camera moves; a drag never counts as a click. */
import { type RefObject, useEffect } from "react";
import type { Camera } from "./camera";
import type { Box, Point } from "./layout";
import { clampView, zoomAt } from "./viewport";

const DRAG_FROM = 4;
const LINE = 16;

const wheelFactor = (event: WheelEvent): number => {
  const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
  return Math.exp(-Math.max(-120, Math.min(120, pixels)) * (event.ctrlKey ? 0.01 : 0.0022));
};

/** Pans by dragging, zooms at the pointer by wheel or pinch. `onTap` gets a press that did not move, in surface pixels. */
export function useGestures(
  surface: RefObject<HTMLElement | null>,
  camera: Camera,
  bounds: Box,
  onTap: (at: Point) => void,
): void {
  useEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const pointers = new Map<number, Point>();
    let start: Point | null = null;
    let isDragging = false;
    const place = (event: PointerEvent | WheelEvent): Point => {
      const rect = element.getBoundingClientRect();
      return { x: event.clientX - rect.left, y: event.clientY - rect.top };
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest("[data-still]")) return;
      pointers.set(event.pointerId, place(event));
      if (pointers.size === 1) {
        start = place(event);
        isDragging = false;
      }
    };
    const move = (event: PointerEvent) => {
      const last = pointers.get(event.pointerId);
      if (last === undefined || start === null) return;
      const at = place(event);
      if (!isDragging && pointers.size === 1 && Math.hypot(at.x - start.x, at.y - start.y) < DRAG_FROM) return;
      if (!isDragging) {
        isDragging = true;
        element.setPointerCapture(event.pointerId);
        element.dataset.dragging = "";
      }
      const view = camera.view();
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, at);
      if (other === undefined) {
        const moved = { ...view, left: view.left + at.x - last.x, top: view.top + at.y - last.y };
        camera.look(clampView(moved, bounds, camera.size()));
        return;
      }
      const before = Math.hypot(last.x - other.x, last.y - other.y);
      const now = Math.hypot(at.x - other.x, at.y - other.y);
      const centre = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      if (before > 0) camera.look(zoomAt(view, now / before, centre, bounds, camera.size()));
    };
    const up = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
      delete element.dataset.dragging;
      const isTap = !isDragging && event.type === "pointerup";
      if (isTap && !(event.target as Element).closest("button")) onTap(place(event));
    };
    const click = (event: MouseEvent) => {
      if (!isDragging) return;
      isDragging = false;
      event.stopPropagation();
      event.preventDefault();
    };
    const wheel = (event: WheelEvent) => {
      if ((event.target as Element).closest("[data-still]")) return;
      event.preventDefault();
      const view = camera.view();
      if (event.shiftKey) {
        const moved = { ...view, left: view.left - (event.deltaX || event.deltaY) };
        camera.look(clampView(moved, bounds, camera.size()));
      } else
        camera.look(
          clampView(zoomAt(view, wheelFactor(event), place(event), bounds, camera.size()), bounds, camera.size()),
        );
    };
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("click", click, true);
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("click", click, true);
      element.removeEventListener("wheel", wheel);
    };
  }, [surface, camera, bounds, onTap]);
}

/** The whole graph in a corner, with the part in view framed; a press or a drag on it goes there. */
import { useEffect, useRef } from "react";
import type { Camera } from "./camera";
import { type Palette, paintMap, type Scene } from "./paint";
import { centreOn, type Size, type View } from "./viewport";

const MAX: Size = { width: 176, height: 104 };

function mapView(scene: Scene): { readonly view: View; readonly size: Size } {
  const { bounds } = scene.model;
  const scale = Math.min((MAX.width - 8) / Math.max(1, bounds.width), (MAX.height - 8) / Math.max(1, bounds.height));
  const size = {
    width: Math.max(56, Math.min(MAX.width, bounds.width * scale + 8)),
    height: Math.max(40, Math.min(MAX.height, bounds.height * scale + 8)),
  };
  return { size, view: centreOn(bounds, scale, size) };
}

export function Minimap({
  camera,
  scene,
  palette,
}: {
  readonly camera: Camera;
  readonly scene: Scene;
  readonly palette: Palette | null;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { view, size } = mapView(scene);

  useEffect(() => {
    const ctx = canvas.current?.getContext("2d");
    if (!ctx || palette === null || canvas.current === null) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(size.width * ratio);
    canvas.current.height = Math.round(size.height * ratio);
    paintMap(ctx, scene, view, size, ratio, palette);
  });

  useEffect(
    () =>
      camera.onFrame(() => {
        if (frame.current === null) return;
        const seen = camera.view();
        const screen = camera.size();
        const left = (-seen.left / seen.scale) * view.scale + view.left;
        const top = (-seen.top / seen.scale) * view.scale + view.top;
        frame.current.style.transform = `translate(${left}px, ${top}px)`;
        frame.current.style.width = `${(screen.width / seen.scale) * view.scale}px`;
        frame.current.style.height = `${(screen.height / seen.scale) * view.scale}px`;
      }),
    [camera, view],
  );

  const go = (event: React.PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const rect = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - rect.left - view.left) / view.scale;
    const y = (event.clientY - rect.top - view.top) / view.scale;
    camera.look(centreOn({ x, y, width: 0, height: 0 }, camera.view().scale, camera.size()));
  };

  return (
    <div
      data-still
      aria-hidden
      onPointerDown={go}
      onPointerMove={go}
      className="absolute right-2 bottom-2 cursor-crosshair touch-none overflow-hidden rounded-md border border-line-strong bg-surface/90 max-md:hidden"
      style={{ width: size.width, height: size.height }}
    >
      <canvas ref={canvas} className="absolute inset-0 size-full" />
      <div ref={frame} className="absolute top-0 left-0 rounded-xs border border-accent bg-accent/10" />
    </div>
  );
}

/** The plane itself: a canvas for edges and frames, and real elements for the steps near enough to read. */
import { startTransition, useEffect, useRef, useState } from "react";
import type { StepPath } from "@/pipelines/graph";
import type { Camera } from "./camera";
import { GroupHeader } from "./group-header";
import type { Box } from "./layout";
import { FAR_SCALE, type Palette, paintScene, type Scene } from "./paint";
import { StepNode } from "./step-node";
import { holds, meets, seenBox } from "./viewport";

/** Elements are made this many pixels beyond the screen, so that a pan does not have to make them each frame. */
const MARGIN = 480;
/** With this many pixels left, those further on are made, in the time that frames leave. */
const AHEAD = 240;

interface Range {
  readonly box: Box;
  readonly isNear: boolean;
}

/** What has to exist as elements; renewed before the view leaves it, at once where it jumps. */
function useRange(camera: Camera): Range | null {
  const [range, setRange] = useState<Range | null>(null);
  useEffect(() => {
    let known: Range | null = null;
    return camera.onFrame(() => {
      if (!camera.isReady()) return;
      const view = camera.view();
      const size = camera.size();
      const isNear = view.scale >= FAR_SCALE;
      const seen = seenBox(view, size);
      // Zooming in far leaves a range much wider than the screen: it is renewed as well.
      const fitting = known?.isNear === isNear && known.box.width < 4 * seen.width + 4 * MARGIN ? known : null;
      if (fitting !== null && holds(fitting.box, seenBox(view, size, AHEAD))) return;
      const isAhead = fitting !== null && holds(fitting.box, seen);
      const next: Range = { box: seenBox(view, size, MARGIN), isNear };
      known = next;
      if (isAhead) startTransition(() => setRange(next));
      else setRange(next);
    });
  }, [camera]);
  return range;
}

export function GraphSurface({
  camera,
  scene,
  palette,
  current,
  onSelect,
  onFold,
  onUnfold,
}: {
  readonly camera: Camera;
  readonly scene: Scene;
  readonly palette: Palette | null;
  /** The step that Tab reaches; it exists as an element wherever it lies. */
  readonly current: StepPath | null;
  readonly onSelect: (path: StepPath) => void;
  readonly onFold: (path: StepPath) => void;
  readonly onUnfold: (path: StepPath) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const plane = useRef<HTMLDivElement>(null);
  const range = useRange(camera);

  useEffect(() => {
    let drawnScale = 0;
    const draw = () => {
      const ctx = canvas.current?.getContext("2d");
      if (!ctx || canvas.current === null || palette === null || !camera.isReady()) return;
      const view = camera.view();
      const size = camera.size();
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.current.width !== width) canvas.current.width = width;
      if (canvas.current.height !== height) canvas.current.height = height;
      paintScene(ctx, scene, view, size, ratio, palette);
      if (plane.current !== null) {
        // A layer of its own makes a pan cheap, but would blur words when their size changes.
        plane.current.style.willChange = view.scale === drawnScale ? "transform" : "auto";
        drawnScale = view.scale;
        plane.current.style.transform = `translate(${view.left}px, ${view.top}px) scale(${view.scale})`;
      }
    };
    camera.redraw();
    return camera.onFrame(draw);
  }, [camera, scene, palette]);

  const { model, facts, selected, found } = scene;
  const isShown = (path: StepPath, box: Box) =>
    range !== null && ((range.isNear && meets(box, range.box)) || path === current);
  return (
    <>
      <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />
      <div ref={plane} className="absolute top-0 left-0 origin-top-left">
        {range?.isNear
          ? model.comments.map(({ comment, box }) => (
              <div
                key={comment.id}
                role="note"
                className="absolute overflow-hidden rounded-sm border border-line-strong bg-queued-soft px-2.5 py-2 text-xs whitespace-pre-wrap text-dim"
                style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
              >
                {comment.content}
              </div>
            ))
          : null}
        {model.order.map((drawn) => {
          const { step, box, look } = drawn;
          if (!isShown(step.path, box)) return null;
          if (look === "open") {
            return (
              <GroupHeader
                key={step.path}
                drawn={drawn}
                facts={facts.get(step.path)}
                isSelected={selected === step.path}
                onSelect={onSelect}
                onFold={onFold}
              />
            );
          }
          return (
            <StepNode
              key={step.path}
              drawn={drawn}
              facts={facts.get(step.path)}
              isSelected={selected === step.path}
              isCurrent={current === step.path}
              isFar={!range?.isNear}
              isAside={found !== null && !found.has(step.path)}
              isFound={found?.has(step.path) ?? false}
              onSelect={onSelect}
              onUnfold={onUnfold}
            />
          );
        })}
      </div>
    </>
  );
}

/** The graph of a pipeline, and of a run when its tasks are given: layout, camera, keyboard, search and folding joined. */
"use client";

import { useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { NO_TASKS, type RunTasks } from "@/components/runs/run-tasks";
import { cn } from "@/components/ui/cn";
import type { PipelineGraph, StepPath } from "@/pipelines/graph";
import { GROUP_KINDS } from "@/pipelines/graph";
import { createCamera } from "./camera";
import { drawGraph, initiallyFolded, visibleStep } from "./graph-model";
import { GraphSurface } from "./graph-surface";
import { GraphToolbar } from "./graph-toolbar";
import type { Point } from "./layout";
import { Minimap } from "./minimap";
import { ARROWS, stepInDirection } from "./navigate";
import type { Scene } from "./paint";
import { stepFacts } from "./step-facts";
import { useGestures } from "./use-gestures";
import { usePalette } from "./use-palette";
import { centreOn, clampView, fitView, reveal, startView, toPlane, zoomAt } from "./viewport";

/** A graph that would be smaller than this when fitted opens at a readable scale instead. */
const READABLE = 0.6;
const OPENING_SCALE = 0.85;

export interface PipelineGraphViewProps {
  readonly graph: PipelineGraph;
  /** The run's tasks; without them the definition is drawn. */
  readonly run?: RunTasks;
  readonly selected?: StepPath | null;
  readonly onSelect: (path: StepPath | null) => void;
  readonly className?: string;
}

export function PipelineGraphView({ graph, run, selected = null, onSelect, className }: PipelineGraphViewProps) {
  const surface = useRef<HTMLElement>(null);
  const [camera] = useState(createCamera);
  const [folded, setFolded] = useState(() => initiallyFolded(graph, run !== undefined));
  const [query, setQuery] = useState("");
  const [focused, setFocused] = useState<StepPath | null>(null);
  const palette = usePalette();
  const model = useMemo(() => drawGraph(graph, folded), [graph, folded]);
  const facts = useMemo(() => stepFacts(graph, run ?? NO_TASKS), [graph, run]);
  const parentOf = useMemo(() => new Map(graph.steps.map((step) => [step.path, step.parent])), [graph]);
  const groups = useMemo(
    () => graph.steps.filter((step) => GROUP_KINDS.has(step.kind)).map((step) => step.path),
    [graph],
  );
  const search = useDeferredValue(query.trim().toLowerCase());
  const matches = useMemo(
    () => (search === "" ? null : graph.steps.filter((step) => step.name.toLowerCase().includes(search))),
    [graph, search],
  );
  const shownSelection = selected === null ? null : (visibleStep(model, parentOf, selected)?.step.path ?? null);
  const scene = useMemo<Scene>(() => {
    const found = matches?.flatMap((step) => visibleStep(model, parentOf, step.path)?.step.path ?? []);
    return { model, facts, selected: shownSelection, found: found === undefined ? null : new Set(found) };
  }, [model, facts, shownSelection, matches, parentOf]);
  const leaves = model.order.filter((drawn) => drawn.look !== "open");
  const current =
    [focused, shownSelection].find((path) => path !== null && model.steps.has(path)) ?? leaves[0]?.step.path ?? null;

  const show = useCallback(
    (path: StepPath) => {
      const box = model.steps.get(path)?.box;
      if (box !== undefined && camera.isReady()) camera.look(reveal(camera.view(), box, camera.size()));
    },
    [camera, model],
  );

  const openView = useCallback(() => {
    const fitted = fitView(model.bounds, camera.size());
    const { bounds } = model;
    const chosen = shownSelection === null ? undefined : model.steps.get(shownSelection);
    const first = leaves[0];
    if (fitted.scale >= READABLE || first === undefined) camera.look(fitted);
    else if (chosen !== undefined)
      camera.look(clampView(centreOn(chosen.box, OPENING_SCALE, camera.size()), bounds, camera.size()));
    else camera.look(startView(bounds, first.box, OPENING_SCALE, camera.size()));
  }, [camera, model, shownSelection, leaves]);
  const opening = useRef(openView);
  opening.current = openView;

  useLayoutEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const measure = () => {
      const wasReady = camera.isReady();
      const before = camera.size();
      camera.resize({ width: element.clientWidth, height: element.clientHeight });
      if (!wasReady && camera.isReady()) opening.current();
      else if (wasReady) {
        const view = camera.view();
        const [dx, dy] = [(element.clientWidth - before.width) / 2, (element.clientHeight - before.height) / 2];
        camera.look({ ...view, left: view.left + dx, top: view.top + dy });
      }
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [camera]);

  useEffect(() => {
    if (shownSelection !== null) show(shownSelection);
  }, [shownSelection, show]);

  /** Changes what is folded while the group stays where it is on screen. */
  const fold = useCallback(
    (path: StepPath, isFolded: boolean) => {
      const next = new Set(folded);
      if (isFolded) next.add(path);
      else next.delete(path);
      const before = model.steps.get(path)?.box;
      const after = drawGraph(graph, next).steps.get(path)?.box;
      const view = camera.view();
      if (before !== undefined && after !== undefined) {
        const [dx, dy] = [(before.x - after.x) * view.scale, (before.y - after.y) * view.scale];
        camera.look({ ...view, left: view.left + dx, top: view.top + dy });
      }
      setFolded(next);
      setFocused(path);
    },
    [camera, folded, graph, model],
  );
  const onFold = useCallback((path: StepPath) => fold(path, true), [fold]);
  const onUnfold = useCallback((path: StepPath) => fold(path, false), [fold]);
  const select = useCallback(
    (path: StepPath) => {
      setFocused(path);
      onSelect(path);
    },
    [onSelect],
  );

  const focus = (path: StepPath) => {
    setFocused(path);
    show(path);
    // The element may come only with the next frame.
    requestAnimationFrame(() =>
      surface.current
        ?.querySelector<HTMLElement>(`button[data-step="${CSS.escape(path)}"]`)
        ?.focus({ preventScroll: true }),
    );
  };

  const onTap = useCallback(
    (at: Point) => {
      const { x, y } = toPlane(camera.view(), at);
      const hit = [...model.order]
        .reverse()
        .find(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
      if (hit !== undefined && (hit.look !== "open" || y < hit.box.y + 34)) select(hit.step.path);
      else onSelect(null);
    },
    [camera, model, select, onSelect],
  );
  useGestures(surface, camera, model.bounds, onTap);

  const zoom = (factor: number) => {
    const size = camera.size();
    camera.look(zoomAt(camera.view(), factor, { x: size.width / 2, y: size.height / 2 }, model.bounds, size));
  };
  const fitAll = () => camera.look(fitView(model.bounds, camera.size()));

  const foldAll = () => {
    const after: ReadonlySet<StepPath> = folded.size > 0 ? new Set() : new Set(groups);
    setFolded(after);
    camera.look(fitView(drawGraph(graph, after).bounds, camera.size()));
  };

  const next = (direction: 1 | -1) => {
    if (matches === null || matches.length === 0) return;
    const at = matches.findIndex((step) => step.path === focused);
    const step = matches[(at + direction + matches.length) % matches.length] ?? matches[0];
    const drawn = step === undefined ? undefined : visibleStep(model, parentOf, step.path);
    if (drawn === undefined || step === undefined) return;
    setFocused(step.path);
    camera.look(centreOn(drawn.box, Math.max(0.8, camera.view().scale), camera.size()));
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if ((event.target as Element).closest("input") || event.metaKey || event.ctrlKey || event.altKey) return;
    const direction = ARROWS[event.key];
    if (direction !== undefined && current !== null) {
      event.preventDefault();
      const path = stepInDirection(model, current, direction);
      if (path !== null) focus(path);
    } else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fitAll();
  };

  return (
    <section
      ref={surface}
      aria-label={`Graph of ${graph.steps.length} steps. Arrow keys move along its edges, Enter opens a step.`}
      onKeyDown={onKeyDown}
      className={cn(
        "relative size-full min-h-0 cursor-grab touch-none overflow-hidden bg-sunken select-none data-dragging:cursor-grabbing",
        className,
      )}
    >
      <GraphSurface
        camera={camera}
        scene={scene}
        palette={palette}
        current={current}
        onSelect={select}
        onFold={onFold}
        onUnfold={onUnfold}
      />
      <GraphToolbar
        query={query}
        found={matches?.length ?? null}
        onQuery={setQuery}
        onNext={next}
        onZoom={zoom}
        onFit={fitAll}
        folding={groups.length === 0 ? null : folded.size > 0 ? "unfold" : "fold"}
        onFoldAll={foldAll}
      />
      {graph.steps.length > 12 ? <Minimap camera={camera} scene={scene} palette={palette} /> : null}
    </section>
  );
}

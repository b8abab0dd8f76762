/** From a pipeline's graph to what is drawn: which groups are open, sizes, places of nodes, notes and edges. */
import { GROUP_KINDS, type GraphComment, type PipelineGraph, type Step, type StepPath } from "@/pipelines/graph";
import { type Box, layoutGraph, type RoutedEdge } from "./layout";

const NODE_SIZE = { width: 200, height: 52 };

export interface DrawnStep {
  readonly step: Step;
  readonly box: Box;
  /** `open` groups are frames around their steps; `folded` ones hide them. */
  readonly look: "leaf" | "open" | "folded";
  /** Steps inside, at any depth, without groups. */
  readonly inside: number;
}

export interface DrawnComment {
  readonly comment: GraphComment;
  readonly box: Box;
}

export interface GraphModel {
  readonly steps: ReadonlyMap<StepPath, DrawnStep>;
  /** Outer frames before inner ones, then leaves: the order of painting. */
  readonly order: readonly DrawnStep[];
  readonly edges: readonly RoutedEdge[];
  readonly comments: readonly DrawnComment[];
  readonly bounds: Box;
}

const isGroup = (step: Step): boolean => GROUP_KINDS.has(step.kind);

/** Large graphs open with their groups folded; in a run a loop is one stack, because its steps stand for many tasks. */
export function initiallyFolded(graph: PipelineGraph, isRun: boolean): ReadonlySet<StepPath> {
  const folds = (step: Step): boolean => graph.steps.length > 120 || (isRun && step.kind === "loop");
  return new Set(graph.steps.filter((step) => isGroup(step) && folds(step)).map((step) => step.path));
}

/** The group that hides a step, or the step itself; undefined when the graph does not have it. */
export function visibleStep(model: GraphModel, parentOf: ReadonlyMap<StepPath, StepPath | null>, path: StepPath) {
  for (let at: StepPath | null | undefined = path; at; at = parentOf.get(at)) {
    const drawn = model.steps.get(at);
    if (drawn !== undefined) return drawn;
  }
  return undefined;
}

const NOTE_GAP = 20;

/** Notes stand in a row above the graph, each over the first step it speaks of. */
function placeComments(comments: readonly GraphComment[], boxes: ReadonlyMap<string, Box>): DrawnComment[] {
  const wanted = comments
    .map((comment) => {
      const width = Math.min(320, Math.max(160, comment.width));
      const lines = comment.content
        .split("\n")
        .reduce((n, line) => n + Math.max(1, Math.ceil((line.length * 6.6) / (width - 20))), 0);
      const height = Math.min(180, 18 + lines * 16);
      const xs = comment.steps.flatMap((path) => boxes.get(path)?.x ?? []);
      return { comment, width, height, x: xs.length > 0 ? Math.min(...xs) : 0 };
    })
    .sort((a, b) => a.x - b.x);
  let free = Number.NEGATIVE_INFINITY;
  return wanted.map(({ comment, width, height, x }) => {
    const left = Math.max(x, free);
    free = left + width + NOTE_GAP;
    return { comment, box: { x: left, y: -height - NOTE_GAP * 1.5, width, height } };
  });
}

/** Everything about the drawing that does not depend on the run's state. */
export function drawGraph(graph: PipelineGraph, folded: ReadonlySet<StepPath>): GraphModel {
  const byPath = new Map(graph.steps.map((step) => [step.path, step]));
  const inside = new Map<StepPath, number>();
  const hasChildren = new Set<StepPath>();
  for (const step of graph.steps) {
    if (step.parent !== null) hasChildren.add(step.parent);
    if (isGroup(step)) continue;
    for (let at = step.parent; at !== null; at = byPath.get(at)?.parent ?? null)
      inside.set(at, (inside.get(at) ?? 0) + 1);
  }
  const isHidden = (step: Step): boolean => {
    for (let at = step.parent; at !== null; at = byPath.get(at)?.parent ?? null) if (folded.has(at)) return true;
    return false;
  };
  const shown = graph.steps.filter((step) => !isHidden(step));
  const lookOf = (step: Step): DrawnStep["look"] =>
    !hasChildren.has(step.path) ? "leaf" : folded.has(step.path) ? "folded" : "open";
  const layout = layoutGraph(
    shown.map((step) => ({
      id: step.path,
      parent: step.parent,
      ...NODE_SIZE,
    })),
    shown.flatMap((step) => step.dependsOn.map((from) => ({ from, to: step.path }))),
  );
  const steps = new Map<StepPath, DrawnStep>();
  for (const step of shown) {
    const box = layout.boxes.get(step.path);
    if (box !== undefined) steps.set(step.path, { step, box, look: lookOf(step), inside: inside.get(step.path) ?? 0 });
  }
  const all = [...steps.values()];
  const comments = placeComments(graph.comments, layout.boxes);
  const top = Math.min(0, ...comments.map(({ box }) => box.y));
  const right = Math.max(layout.width, ...comments.map(({ box }) => box.x + box.width));
  return {
    steps,
    order: [...all.filter((drawn) => drawn.look === "open"), ...all.filter((drawn) => drawn.look !== "open")],
    edges: layout.edges,
    comments,
    bounds: { x: 0, y: top, width: right, height: layout.height - top },
  };
}

/** A version's graph arranged for planning: steps by path, what is planned at once, and how groups behave. */
import { GROUP_KINDS, type PipelineGraph, type RetrySpec, type Step, type StepPath } from "@/pipelines/graph";
import { listsByKey } from "@/server/domain/lists-by-key";

/**
 * How a task takes part. `leaf` starts a process. `gate` is a group that is reached like a step and only then lets its
 * children go (Kubeflow). `loop` is reached like a gate and makes its children, one per item. `frame` is a group drawn
 * around steps that depend on each other directly (Elyra super nodes).
 */
export type Role = "leaf" | "gate" | "loop" | "frame";

export interface GraphIndex {
  readonly graph: PipelineGraph;
  readonly steps: ReadonlyMap<StepPath, Step>;
  /** Steps by the group they lie in. */
  readonly children: ReadonlyMap<StepPath, readonly Step[]>;
  /** Steps that get their task when the run begins, parents before children; those inside a loop come with it. */
  readonly initial: readonly Step[];
  /** Role of a step's task; an iteration of a looped step has a task of its own, that of its body. */
  readonly role: (step: Step, iteration: number | null) => Role;
  /** What every iteration of a loop gets a task for, parents before children; the insides of further loops come later. */
  readonly bodyOf: (loop: Step) => readonly Step[];
  /** The retries of a step, its own or those of the nearest group around it. */
  readonly retryOf: (step: Step) => RetrySpec | null;
  /** Whether the step, or a group around it, cleans up after others: it runs also when the run is ended early. */
  readonly isExit: (step: Step) => boolean;
}

/** An exit task waits for a group of its own and for whatever may become of that. */
function cleansUp(step: Step, steps: ReadonlyMap<StepPath, Step>): boolean {
  if (step.trigger !== "completed") return false;
  const takesStatus = step.parameters.some(({ source }) => source.from === "final-status");
  return takesStatus || step.dependsOn.some((path) => steps.get(path)?.kind === "exit-handler");
}

const childrenOf = (steps: readonly Step[]): ReadonlyMap<StepPath, readonly Step[]> =>
  listsByKey(steps.flatMap((step) => (step.parent === null ? [] : [[step.parent, step] as const])));

/** Arranges a graph; throws when the stored value is not one. */
export function indexGraph(graph: PipelineGraph): GraphIndex {
  const steps = new Map<StepPath, Step>();
  const insideLoop = new Set<StepPath>();
  const initial: Step[] = [];
  for (const step of graph.steps) {
    if (typeof step.path !== "string" || !Array.isArray(step.dependsOn) || typeof step.body?.body !== "string") {
      throw new Error("the stored graph of this version is damaged: a step has no path, order or body");
    }
    const parent = step.parent === null ? undefined : steps.get(step.parent);
    if (step.parent !== null && parent === undefined) {
      throw new Error(`the stored graph of this version is damaged: step ${step.path} lies in no known group`);
    }
    steps.set(step.path, step);
    if (parent !== undefined && (parent.loop !== undefined || insideLoop.has(parent.path))) insideLoop.add(step.path);
    else initial.push(step);
  }
  const children = childrenOf(graph.steps);
  const group: Role = graph.format === "elyra" ? "frame" : "gate";
  const role = (step: Step, iteration: number | null): Role => {
    if (step.loop !== undefined && iteration === null) return "loop";
    return GROUP_KINDS.has(step.kind) ? group : "leaf";
  };
  const bodies = new Map<StepPath, readonly Step[]>();
  const inside = (step: Step): Step[] =>
    (children.get(step.path) ?? []).flatMap((child) => [child, ...(child.loop === undefined ? inside(child) : [])]);
  const bodyOf = (loop: Step): readonly Step[] => {
    const known = bodies.get(loop.path);
    if (known !== undefined) return known;
    const body = inside(loop);
    bodies.set(loop.path, body);
    return body;
  };
  const around = (step: Step): Step | undefined => (step.parent === null ? undefined : steps.get(step.parent));
  const retryOf = (step: Step): RetrySpec | null => {
    for (let at: Step | undefined = step; at !== undefined; at = around(at))
      if (at.retry !== undefined) return at.retry;
    return null;
  };
  const isExit = (step: Step): boolean => {
    for (let at: Step | undefined = step; at !== undefined; at = around(at)) if (cleansUp(at, steps)) return true;
    return false;
  };
  return { graph, steps, children, initial, role, bodyOf, retryOf, isExit };
}

/** A version's graph arranged for planning: steps by path, what is planned at once, and how groups behave. */
import { GROUP_KINDS, type PipelineGraph, type Step, type StepPath } from "@/pipelines/graph";

/**
 * How a step takes part. `leaf` starts a process. `gate` is a group that is reached like a step and only then lets its
 * children go (Kubeflow). `frame` is a group drawn around steps that depend on each other directly (Elyra super nodes).
 */
export type Role = "leaf" | "gate" | "frame";

export interface GraphIndex {
  readonly graph: PipelineGraph;
  readonly steps: ReadonlyMap<StepPath, Step>;
  /** Steps that get their task when the run begins, parents before children; those inside a loop come with it. */
  readonly initial: readonly Step[];
  readonly role: (step: Step) => Role;
  /** Whether this path is that of a step which starts a process; false for an unknown one. */
  readonly isLeaf: (path: StepPath) => boolean;
}

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
    if (parent !== undefined && (parent.kind === "loop" || insideLoop.has(parent.path))) insideLoop.add(step.path);
    else initial.push(step);
  }
  const group: Role = graph.format === "elyra" ? "frame" : "gate";
  const role = (step: Step): Role => (GROUP_KINDS.has(step.kind) ? group : "leaf");
  const isLeaf = (path: StepPath): boolean => {
    const step = steps.get(path);
    return step !== undefined && role(step) === "leaf";
  };
  return { graph, steps, initial, role, isLeaf };
}

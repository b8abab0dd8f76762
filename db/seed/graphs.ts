/** Graphs of no-op container steps in the shapes that seeds need. */
import type { PipelineGraph, Step } from "@/pipelines/graph";

export interface StepShape {
  readonly key: string;
  readonly after: readonly string[];
}

function containerStep(shape: StepShape): Step {
  return {
    path: encodeURIComponent(shape.key),
    key: shape.key,
    parent: null,
    kind: "container",
    name: shape.key,
    dependsOn: shape.after.map(encodeURIComponent),
    trigger: "succeeded",
    cache: { enabled: false },
    interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
    parameters: [],
    artifacts: [],
    body: { body: "container", image: "local", command: ["/bin/true"], args: [], env: [], component: "step" },
  };
}

/** A flat graph of the given steps. */
export function graphOf(name: string, shapes: readonly StepShape[]): PipelineGraph {
  return {
    format: "kfp",
    formatVersion: "IR 2.1.0",
    name,
    description: "",
    parameters: [{ name: "lr", type: "number", required: false, default: 0.01 }],
    outputs: { parameters: [], artifacts: [] },
    outputTypes: { parameters: {}, artifacts: {} },
    inputArtifacts: [],
    steps: shapes.map(containerStep),
    comments: [],
    needs: [],
    changes: [],
    unknownFields: [],
  };
}

/** `count` steps in a row. */
export function chainShapes(count: number): StepShape[] {
  return Array.from({ length: count }, (_, i) => ({ key: `step-${i}`, after: i > 0 ? [`step-${i - 1}`] : [] }));
}

/** One step, `width` side by side in ten chains' width of layers, one step. */
export function wideShapes(width: number): StepShape[] {
  const middle = Array.from({ length: Math.max(0, width - 2) }, (_, i) => ({
    key: `wide-${i}`,
    after: i < width / 4 ? ["first"] : [`wide-${Math.floor((i * 7) / 11)}`],
  }));
  return [{ key: "first", after: [] }, ...middle, { key: "last", after: middle.map((shape) => shape.key) }];
}

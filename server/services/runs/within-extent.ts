/** Which remarks of a version concern a run that goes no further than one step. */
import type { PipelineGraph, StepPath } from "@/pipelines/graph";
import { stepsUpTo } from "@/server/domain/planning/extent";
import { indexGraph } from "@/server/domain/planning/graph-index";

/** Tells of a problem or notice whether a run up to a step has to do with it; those of no step concern every run. */
export function withinExtent(
  graph: PipelineGraph,
  upTo: StepPath | undefined,
): (remark: { readonly step?: StepPath | null }) => boolean {
  if (upTo === undefined) return () => true;
  const steps = stepsUpTo(indexGraph(graph), upTo);
  return ({ step }) => step === undefined || step === null || steps.has(step);
}

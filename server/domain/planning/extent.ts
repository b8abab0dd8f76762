/** Which part of a graph a run that ends at one step executes, and that part as a graph of its own. */
import type { OutputBinding, PipelineGraph, Step, StepPath } from "@/pipelines/graph";
import type { GraphIndex } from "./graph-index";

/**
 * The steps that must be over before `step` can be: with everything inside it, what it and the groups around it wait
 * for, and so on. Groups around any of them come along for themselves, not for all they hold; a group that is waited
 * for comes whole.
 */
export function stepsUpTo(index: GraphIndex, step: StepPath): ReadonlySet<StepPath> {
  const isWholeByPath = new Map<StepPath, boolean>();
  const agenda: { readonly path: StepPath; readonly isWhole: boolean }[] = [{ path: step, isWhole: true }];
  for (let next = agenda.pop(); next !== undefined; next = agenda.pop()) {
    const { path, isWhole } = next;
    const wanted = index.steps.get(path);
    const known = isWholeByPath.get(path);
    if (wanted === undefined || known === true || known === isWhole) continue;
    isWholeByPath.set(path, isWhole);
    if (wanted.parent !== null) agenda.push({ path: wanted.parent, isWhole: false });
    for (const dependency of wanted.dependsOn) agenda.push({ path: dependency, isWhole: true });
    if (isWhole) for (const child of index.children.get(path) ?? []) agenda.push({ path: child.path, isWhole: true });
  }
  return new Set(isWholeByPath.keys());
}

function outputsFrom(kept: ReadonlySet<StepPath>, bindings: readonly OutputBinding[]): OutputBinding[] {
  return bindings
    .map((binding) => ({ ...binding, sources: binding.sources.filter((source) => kept.has(source.step)) }))
    .filter((binding) => binding.sources.length > 0);
}

function groupUpTo(kept: ReadonlySet<StepPath>, step: Step): Step {
  if (step.body.body !== "group") return step;
  const { outputParameters, outputArtifacts } = step.body;
  return {
    ...step,
    body: {
      body: "group",
      outputParameters: outputsFrom(kept, outputParameters),
      outputArtifacts: outputsFrom(kept, outputArtifacts),
    },
  };
}

/** The graph of a run up to a step: the steps outside are not in it, nor the outputs that only they could give. */
export function graphUpTo(index: GraphIndex, step: StepPath): PipelineGraph {
  const kept = stepsUpTo(index, step);
  const { graph } = index;
  return {
    ...graph,
    steps: graph.steps.filter(({ path }) => kept.has(path)).map((one) => groupUpTo(kept, one)),
    outputs: {
      parameters: outputsFrom(kept, graph.outputs.parameters),
      artifacts: outputsFrom(kept, graph.outputs.artifacts),
    },
  };
}

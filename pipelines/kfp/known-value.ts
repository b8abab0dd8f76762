/** What is known of an input before a run starts: constants, and parameters of the run, handed down through groups. */
import type { JsonValue, ParameterSource, Step, StepPath } from "../graph";

/** Values of the run's parameters; null before anyone has given them. */
export type GivenParameters = { readonly [name: string]: JsonValue } | null;

export type KnownSource =
  | { readonly is: "constant"; readonly value: JsonValue }
  | { readonly is: "parameter"; readonly name: string }
  | { readonly is: "later" };

const LATER: KnownSource = { is: "later" };

/** Follows a source from the graph around a step up to where its value is written or given; what a step makes is known later. */
export function knownSource(
  source: ParameterSource,
  parent: StepPath | null,
  steps: ReadonlyMap<StepPath, Step>,
): KnownSource {
  if (source.from === "constant") {
    const hasPlaceholder = typeof source.value === "string" && source.value.includes("{{$");
    return hasPlaceholder ? LATER : { is: "constant", value: source.value };
  }
  if (source.from !== "parent") return LATER;
  if (parent === null) return { is: "parameter", name: source.input };
  const group = steps.get(parent);
  const binding = group?.parameters.find(({ name }) => name === source.input);
  if (group === undefined || group.loop?.itemInput === source.input || binding?.selector !== undefined) return LATER;
  if (binding !== undefined) return knownSource(binding.source, group.parent, steps);
  const preset = group.interface.parameters.find(({ name }) => name === source.input)?.default;
  return preset === undefined ? LATER : { is: "constant", value: preset };
}

/** Whether a run may end without ever coming to this step: it stands under a condition or in a loop. */
export function mayBeLeftOut(step: Step, steps: ReadonlyMap<StepPath, Step>): boolean {
  if (step.condition !== undefined || step.loop !== undefined) return true;
  const parent = step.parent === null ? undefined : steps.get(step.parent);
  return parent !== undefined && mayBeLeftOut(parent, steps);
}

/** What the form of a new run holds, and how it becomes a request or a list of errors. */

import { parameterText } from "@/components/run-inputs/parameter-text";
import { fieldId, readValues } from "@/components/run-inputs/parameter-values";
import type { FieldError } from "@/components/ui/error-summary";
import type { Pair } from "@/components/ui/pairs-editor";
import { tagsOf } from "@/components/ui/tag-fields";
import type { JsonValue, ParameterSpec, Problem } from "@/pipelines/graph";
import type { StartRunInput } from "@/server/domain/inputs/runs";

export interface RunFormValues {
  readonly name: string;
  readonly description: string;
  readonly experimentId: string | null;
  /** Null as long as nobody chose: as the pipeline says. */
  readonly cache: "use" | "ignore" | null;
  /** Paths of the steps that reuse nothing. */
  readonly cacheOff: readonly string[];
  readonly stopsOnFailure: boolean;
  /** Null for the default profile. */
  readonly profile: string | null;
  readonly priority: number;
  readonly tags: readonly Pair[];
  /** As typed, in the order of the version's parameters. */
  readonly parameters: string[];
}

/** What another run or another version of the form already said, by parameter name. */
export interface Prefill {
  readonly name: string;
  readonly description: string;
  readonly experimentId: string | null;
  readonly cache: RunFormValues["cache"];
  readonly cacheOff: readonly string[];
  readonly stopsOnFailure: boolean;
  readonly profile: string | null;
  readonly priority: number;
  readonly tags: readonly Pair[];
  /** Values of an earlier run. */
  readonly values: { readonly [name: string]: JsonValue };
  /** Texts typed before the version was changed; they win. */
  readonly texts: { readonly [name: string]: string };
}

export const NO_PREFILL: Prefill = {
  name: "",
  description: "",
  experimentId: null,
  cache: null,
  cacheOff: [],
  stopsOnFailure: false,
  profile: null,
  priority: 0,
  tags: [],
  values: {},
  texts: {},
};

export function initialValues(specs: readonly ParameterSpec[], prefill: Prefill): RunFormValues {
  return {
    name: prefill.name,
    description: prefill.description,
    experimentId: prefill.experimentId,
    cache: prefill.cache,
    cacheOff: prefill.cacheOff,
    stopsOnFailure: prefill.stopsOnFailure,
    profile: prefill.profile,
    priority: prefill.priority,
    tags: prefill.tags,
    parameters: specs.map((spec) => {
      const typed = Object.hasOwn(prefill.texts, spec.name) ? prefill.texts[spec.name] : undefined;
      // A run tells a parameter that was left out as null.
      const value = Object.hasOwn(prefill.values, spec.name) ? (prefill.values[spec.name] ?? undefined) : spec.default;
      return typed ?? parameterText(spec, value);
    }),
  };
}

/** The part of a run that a form starts: all of it, up to a step, or from a step of the run it was cloned from. */
export interface RunPart {
  readonly kind: "up-to" | "from";
  readonly step: string;
}

/** What was chosen beside the name and the place of the run. */
export type StartOptions = Pick<StartRunInput, "versionId" | "parameters"> &
  Partial<
    Pick<StartRunInput, "profile" | "priority" | "cache" | "cacheOff" | "stopsOnFailure" | "upTo" | "from" | "tags">
  >;

/** What a start and its preview are asked alike. */
export function startOptions(
  version: { readonly id: string; readonly parameters: readonly ParameterSpec[] },
  values: Pick<RunFormValues, "cache" | "cacheOff" | "stopsOnFailure" | "profile" | "priority" | "tags" | "parameters">,
  part: RunPart | null,
  clonedFrom: string | null,
): StartOptions {
  const tags = tagsOf(values.tags);
  return {
    versionId: version.id,
    parameters: { ...readValues(version.parameters, values.parameters) },
    ...(values.profile === null ? {} : { profile: values.profile }),
    ...(values.priority === 0 ? {} : { priority: values.priority }),
    ...(values.cache === null ? {} : { cache: values.cache }),
    ...(values.cacheOff.length === 0 ? {} : { cacheOff: [...values.cacheOff] }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(values.stopsOnFailure ? { stopsOnFailure: true } : {}),
    ...(part?.kind === "up-to" ? { upTo: part.step } : {}),
    ...(part?.kind === "from" && clonedFrom !== null ? { from: { runId: clonedFrom, step: part.step } } : {}),
  };
}

/** Sorts what the server refused: what belongs to a parameter, and the rest. */
export function placeProblems(
  specs: readonly ParameterSpec[],
  problems: readonly Problem[],
): { readonly atFields: readonly FieldError[]; readonly others: readonly Problem[] } {
  const atFields: FieldError[] = [];
  const others: Problem[] = [];
  for (const problem of problems) {
    const index = specs.findIndex((spec) => problem.place === spec.name || problem.place === `parameters.${spec.name}`);
    const spec = specs[index];
    if (spec) atFields.push({ fieldId: fieldId(index), label: spec.name, message: problem.message });
    else others.push(problem);
  }
  return { atFields, others };
}

/** What the form of a new run holds, and how it becomes a request or a list of errors. */

import type { FieldError } from "@/components/ui/error-summary";
import type { JsonValue, ParameterSpec, Problem } from "@/pipelines/graph";
import { parameterText, readParameter } from "./parameter-text";

export interface RunFormValues {
  readonly name: string;
  readonly description: string;
  readonly experimentId: string | null;
  readonly useCache: boolean;
  /** As typed, in the order of the version's parameters. */
  readonly parameters: string[];
}

/** What another run or another version of the form already said, by parameter name. */
export interface Prefill {
  readonly name: string;
  readonly description: string;
  readonly experimentId: string | null;
  /** Values of an earlier run. */
  readonly values: { readonly [name: string]: JsonValue };
  /** Texts typed before the version was changed; they win. */
  readonly texts: { readonly [name: string]: string };
}

export const NO_PREFILL: Prefill = { name: "", description: "", experimentId: null, values: {}, texts: {} };

export const fieldId = (index: number): string => `parameter-${index}`;

export function initialValues(specs: readonly ParameterSpec[], prefill: Prefill): RunFormValues {
  return {
    name: prefill.name,
    description: prefill.description,
    experimentId: prefill.experimentId,
    useCache: true,
    parameters: specs.map((spec) => {
      const typed = Object.hasOwn(prefill.texts, spec.name) ? prefill.texts[spec.name] : undefined;
      const value = Object.hasOwn(prefill.values, spec.name) ? prefill.values[spec.name] : spec.default;
      return typed ?? parameterText(spec, value);
    }),
  };
}

/** The values to send; parameters left to their default are not among them. */
export function readValues(
  specs: readonly ParameterSpec[],
  texts: readonly string[],
): { readonly [name: string]: JsonValue } {
  const values: [string, JsonValue][] = [];
  specs.forEach((spec, index) => {
    const reading = readParameter(spec, texts[index] ?? "");
    if (reading.ok && reading.value !== undefined) values.push([spec.name, reading.value]);
  });
  return Object.fromEntries(values);
}

/** Every parameter that cannot be sent as typed. */
export function valueErrors(specs: readonly ParameterSpec[], texts: readonly string[]): readonly FieldError[] {
  return specs.flatMap((spec, index) => {
    const reading = readParameter(spec, texts[index] ?? "");
    return reading.ok ? [] : [{ fieldId: fieldId(index), label: spec.name, message: reading.message }];
  });
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

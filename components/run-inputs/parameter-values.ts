/** The texts of a form's parameters as values to send, or as errors at their fields. Pure. */
import type { FieldError } from "@/components/ui/error-summary";
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";
import { readParameter } from "./parameter-text";

export const fieldId = (index: number): string => `parameter-${index}`;

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

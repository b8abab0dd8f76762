/** Where a step's inputs come from: bindings, defaults and conversion to the declared type (formats-kfp 1.3). */
import type { ArtifactBinding, JsonValue, ParameterBinding, ParameterSpec, Step } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import { assertNever } from "../assert-never";
import { applySelector, fitInput, valueText } from "../kfp/values";

/** Reads what others left; undefined when there is no such value. */
export interface ValueLookup {
  /** An input of the group around the step, or of the run. */
  readonly parent: (input: string) => JsonValue | undefined;
  readonly output: (step: string, output: string) => JsonValue | undefined;
}

/** Reads the artifacts others left, by whatever identifies one to the caller; empty when there are none. */
export interface ArtifactLookup<T> {
  readonly parent: (input: string) => readonly T[];
  readonly output: (step: string, output: string) => readonly T[];
}

export type Resolved<T> =
  | { readonly ok: true; readonly values: { readonly [name: string]: T } }
  | { readonly ok: false; readonly reason: Reason };

const missing = (message: string, place: string): { ok: false; reason: Reason } => ({
  ok: false,
  reason: { code: "missing-input", message, subject: place },
});

const sameJson = (a: JsonValue, b: JsonValue): boolean => JSON.stringify(a) === JSON.stringify(b);

function place(binding: ParameterBinding | ArtifactBinding | undefined): string {
  const source = binding?.source;
  if (source === undefined) return "nothing gives it a value";
  if (source.from === "task")
    return `it comes from output "${source.output}" of step "${source.step}", which is not there`;
  return source.from === "parent" ? `it comes from input "${source.input}", which has no value` : "it has no value";
}

type Read = { readonly value: JsonValue | undefined } | { readonly problem: string };

function readSource({ source }: ParameterBinding, lookup: ValueLookup): Read {
  switch (source.from) {
    case "constant":
      return { value: source.value };
    case "parent":
      return { value: lookup.parent(source.input) };
    case "task":
      return { value: lookup.output(source.step, source.output) };
    case "final-status":
      return { problem: "the final status of another step is not supported yet" };
    default:
      return assertNever(source);
  }
}

function read(binding: ParameterBinding, lookup: ValueLookup): Read {
  const found = readSource(binding, lookup);
  if (binding.selector === undefined || "problem" in found || found.value === undefined) return found;
  const picked = applySelector(binding.selector, found.value);
  return picked.ok ? picked : { problem: picked.message };
}

function toDeclaredType(
  spec: ParameterSpec,
  value: JsonValue,
): { readonly value: JsonValue } | { readonly problem: string } {
  const fitted = fitInput(spec.name, spec.type, value);
  if (!fitted.ok) return { problem: fitted.message };
  const isAllowed = spec.literals === undefined || spec.literals.some((literal) => sameJson(literal, fitted.value));
  return isAllowed ? fitted : { problem: `${valueText(fitted.value).slice(0, 80)} is not one of the allowed values` };
}

/**
 * Values of all parameters of a step. A value that is absent or null gives way to the default; without one an optional
 * input of a group is null and that of a leaf is left out. Anything else that is missing fails with the input named.
 */
export function resolveParameters(step: Step, isGroup: boolean, lookup: ValueLookup): Resolved<JsonValue> {
  const values = new Map<string, JsonValue>();
  const bindings = new Map(step.parameters.map((binding) => [binding.name, binding]));
  for (const spec of step.interface.parameters) {
    const binding = bindings.get(spec.name);
    bindings.delete(spec.name);
    const found: Read = binding === undefined ? { value: undefined } : read(binding, lookup);
    const at = `${step.path}.${spec.name}`;
    if ("problem" in found) return missing(`Input "${spec.name}" of step "${step.name}": ${found.problem}.`, at);
    const given = found.value ?? spec.default;
    if (given === undefined || given === null) {
      if (spec.required)
        return missing(`Input "${spec.name}" of step "${step.name}" is missing: ${place(binding)}.`, at);
      if (isGroup) values.set(spec.name, null);
      continue;
    }
    const fitted = toDeclaredType(spec, given);
    if ("problem" in fitted) return missing(`Input "${spec.name}" of step "${step.name}": ${fitted.problem}.`, at);
    values.set(spec.name, fitted.value);
  }
  for (const binding of bindings.values()) {
    const found = read(binding, lookup);
    if ("value" in found && found.value !== undefined) values.set(binding.name, found.value);
  }
  return { ok: true, values: Object.fromEntries(values) };
}

/** Artifacts of a step by input name; an optional one that is not there is left out. */
export function resolveArtifacts<T>(step: Step, lookup: ArtifactLookup<T>): Resolved<readonly T[]> {
  const values = new Map<string, readonly T[]>();
  const optional = new Set(step.interface.artifacts.filter((spec) => spec.optional).map((spec) => spec.name));
  for (const binding of step.artifacts) {
    const { source } = binding;
    const found = source.from === "parent" ? lookup.parent(source.input) : lookup.output(source.step, source.output);
    if (found.length > 0) values.set(binding.name, found);
    else if (!optional.has(binding.name)) {
      const message = `Input artifact "${binding.name}" of step "${step.name}" is missing: ${place(binding)}.`;
      return missing(message, `${step.path}.${binding.name}`);
    }
  }
  return { ok: true, values: Object.fromEntries(values) };
}

/** Whether a step takes anything at all; most need no look at the values. */
export const hasInputs = (step: Step): boolean =>
  step.parameters.length > 0 || step.artifacts.length > 0 || step.interface.parameters.length > 0;

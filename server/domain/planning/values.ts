/** Where a step's inputs come from: bindings, defaults and conversion to the declared type. */
import type { ArtifactBinding, JsonValue, ParameterBinding, ParameterSpec, Step } from "@/pipelines/graph";
import type { Reason, ReasonCode } from "@/server/domain/reason";
import { assertNever } from "../assert-never";
import { applySelector, fitInput, valueText } from "../kfp/values";

/** Reads what others left; undefined when there is no such value. */
export interface ValueLookup {
  /** An input of the group around the step, or of the run. */
  readonly parent: (input: string) => JsonValue | undefined;
  readonly output: (step: string, output: string) => JsonValue | undefined;
  /** How a step before this one ended, as an exit task is told. */
  readonly finalStatus: (step: string) => JsonValue | undefined;
  /** Fills the placeholders that the author wrote into constants from the other inputs of the step. */
  readonly fill: (values: ReadonlyMap<string, JsonValue>) => ReadonlyMap<string, JsonValue>;
}

/** Reads the artifacts others left, by whatever identifies one to the caller; empty when there are none. */
export interface ArtifactLookup<T> {
  readonly parent: (input: string) => readonly T[];
  readonly output: (step: string, output: string) => readonly T[];
}

export type Resolved<T> =
  | { readonly ok: true; readonly values: { readonly [name: string]: T } }
  | { readonly ok: false; readonly reason: Reason };

const refused = (code: ReasonCode, message: string, place: string): { ok: false; reason: Reason } => ({
  ok: false,
  reason: { code, message, subject: place },
});

const sameJson = (a: JsonValue, b: JsonValue): boolean => JSON.stringify(a) === JSON.stringify(b);

function place(binding: ParameterBinding | ArtifactBinding | undefined): string {
  const source = binding?.source;
  if (source === undefined) return "nothing gives it a value";
  if (source.from === "task")
    return `it comes from output "${source.output}" of step "${source.step}", which was not written. Let that step write it, or make the input optional`;
  return source.from === "parent" ? `it comes from input "${source.input}", which has no value` : "it has no value";
}

type Read = { readonly value: JsonValue | undefined } | { readonly problem: string };

function readSource({ source }: ParameterBinding, lookup: ValueLookup): JsonValue | undefined {
  switch (source.from) {
    case "constant":
      return source.value;
    case "parent":
      return lookup.parent(source.input);
    case "task":
      return lookup.output(source.step, source.output);
    case "final-status":
      return lookup.finalStatus(source.step);
    default:
      return assertNever(source);
  }
}

function read(binding: ParameterBinding, lookup: ValueLookup): Read {
  const value = readSource(binding, lookup);
  if (binding.selector === undefined || value === undefined) return { value };
  const picked = applySelector(binding.selector, value);
  return picked.ok ? picked : { problem: picked.message };
}

/** The value as a declared input takes it, or why it does not. */
export function toDeclaredType(
  spec: ParameterSpec,
  value: JsonValue,
): { readonly value: JsonValue } | { readonly problem: string } {
  const fitted = fitInput(spec.name, spec.type, value);
  if (!fitted.ok) return { problem: fitted.message };
  const isAllowed = spec.literals === undefined || spec.literals.some((literal) => sameJson(literal, fitted.value));
  return isAllowed ? fitted : { problem: `${valueText(fitted.value).slice(0, 80)} is not one of the allowed values` };
}

/**
 * Values of all parameters of a step but `later`, which a loop gives to its iterations. A value that is absent or null
 * gives way to the default; without one an optional input of a group is null and that of a leaf is left out. Anything
 * else that is missing fails with the input named.
 */
export function resolveParameters(
  step: Step,
  isGroup: boolean,
  lookup: ValueLookup,
  later?: string,
): Resolved<JsonValue> {
  const found = new Map<string, JsonValue>();
  for (const binding of step.parameters) {
    const one = read(binding, lookup);
    if ("problem" in one) {
      const message = `Input "${binding.name}" of step "${step.name}": ${one.problem}.`;
      return refused("bad-input", message, `${step.path}.${binding.name}`);
    }
    if (one.value !== undefined) found.set(binding.name, one.value);
  }
  const filled = lookup.fill(found);
  const values = new Map(filled);
  for (const spec of step.interface.parameters) {
    if (spec.name === later) continue;
    const given = filled.get(spec.name) ?? spec.default;
    values.delete(spec.name);
    if (given === undefined || given === null) {
      if (spec.required) {
        const binding = step.parameters.find((one) => one.name === spec.name);
        const message = `Input "${spec.name}" of step "${step.name}" is missing: ${place(binding)}.`;
        return refused("missing-input", message, `${step.path}.${spec.name}`);
      }
      if (isGroup) values.set(spec.name, null);
      continue;
    }
    const fitted = toDeclaredType(spec, given);
    if ("problem" in fitted) {
      const message = `Input "${spec.name}" of step "${step.name}": ${fitted.problem}.`;
      return refused("bad-input", message, `${step.path}.${spec.name}`);
    }
    values.set(spec.name, fitted.value);
  }
  return { ok: true, values: Object.fromEntries(values) };
}

/** Artifacts of a step by input name; an optional one that is not there is left out. */
export function resolveArtifacts<T>(step: Step, lookup: ArtifactLookup<T>): Resolved<readonly T[]> {
  const values = new Map<string, readonly T[]>();
  const specs = new Map(step.interface.artifacts.map((spec) => [spec.name, spec]));
  for (const binding of step.artifacts) {
    const { source } = binding;
    const spec = specs.get(binding.name);
    const found = source.from === "parent" ? lookup.parent(source.input) : lookup.output(source.step, source.output);
    // A list may be empty: a loop without items leaves one.
    if (found.length > 0 || spec?.isList === true) values.set(binding.name, found);
    else if (spec?.optional !== true) {
      const message = `Input artifact "${binding.name}" of step "${step.name}" is missing: ${place(binding)}.`;
      return refused("missing-input", message, `${step.path}.${binding.name}`);
    }
  }
  return { ok: true, values: Object.fromEntries(values) };
}

/** Whether a step takes anything at all; most need no look at the values. */
export const hasInputs = (step: Step): boolean =>
  step.parameters.length > 0 || step.artifacts.length > 0 || step.interface.parameters.length > 0;

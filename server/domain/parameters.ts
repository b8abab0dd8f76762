/** Checks the parameters given for a run against what its version declares; no value is ever converted. */
import type { JsonValue, ParameterSpec, ParameterType } from "@/pipelines/graph";
import { assertNever } from "./assert-never";

export interface ParameterProblem {
  /** The parameter it is about; null when it is about the request as a whole. */
  readonly name: string | null;
  readonly rule: "required" | "none-given" | "unknown" | "type" | "literal";
  /** Kubeflow's own sentence, which its clients and tests know. */
  readonly message: string;
}

/** The values a run works with, defaults filled in, or everything that is wrong. */
export type ParameterCheck =
  | { readonly ok: true; readonly values: ReadonlyMap<string, JsonValue> }
  | { readonly ok: false; readonly problems: readonly ParameterProblem[] };

const WANTED: { readonly [type in ParameterType]: string } = {
  string: "string",
  integer: "double or integer",
  number: "double or integer",
  boolean: "bool",
  list: "list",
  struct: "struct",
};

/**
 * Resolves given values against the declared parameters: given, else the default, else null where it is optional.
 * `null` stands for "no parameters were sent at all", which Kubeflow words differently.
 */
export function checkParameters(
  specs: readonly ParameterSpec[],
  given: ReadonlyMap<string, JsonValue> | null,
): ParameterCheck {
  const problems: ParameterProblem[] = [];
  const values = new Map<string, JsonValue>();
  const missing = specs.filter((spec) => spec.required && given?.has(spec.name) !== true).map((spec) => spec.name);
  if ((given === null || given.size === 0) && missing.length > 0) {
    const message = `pipeline requiring input has no parameter(s) provided. Need parameter(s): ${missing.join(", ")}`;
    problems.push({ name: missing.length === 1 ? (missing[0] ?? null) : null, rule: "none-given", message });
  } else {
    for (const name of missing) {
      const message = `parameter ${name} is not optional, yet has neither default value nor user provided value`;
      problems.push({ name, rule: "required", message });
    }
  }
  for (const spec of specs) {
    const value = given?.get(spec.name);
    if (value === undefined) {
      if (!spec.required) values.set(spec.name, spec.default ?? null);
      continue;
    }
    const problem = checkParameter(spec, value);
    if (problem === null) values.set(spec.name, value);
    else problems.push(problem);
  }
  const known = new Set(specs.map((spec) => spec.name));
  const unknown = [...(given?.keys() ?? [])].filter((name) => !known.has(name)).sort();
  if (unknown.length > 0) {
    const message = `parameter(s) provided are not required by pipeline: ${unknown.join(", ")}`;
    problems.push({ name: unknown.length === 1 ? (unknown[0] ?? null) : null, rule: "unknown", message });
  }
  return problems.length === 0 ? { ok: true, values } : { ok: false, problems };
}

/** What is wrong with one given value, or null. */
function checkParameter(spec: ParameterSpec, value: JsonValue): ParameterProblem | null {
  const { name, type, literals } = spec;
  if (!isOfType(type, value)) {
    const message = `input parameter ${name} requires type ${WANTED[type]}, but the parameter value is of type ${typeOf(value)}`;
    return { name, rule: "type", message };
  }
  if (literals === undefined || literals.some((literal) => isSame(literal, value))) return null;
  const allowed = literals.map((literal) => shownValue(literal)).join(", ");
  const message = `input parameter "${name}" value ${shownValue(value)} does not match any of the allowed literal values: ${allowed}`;
  return { name, rule: "literal", message };
}

/** Whether a value fits a declared type as Kubeflow sees it: any number fits both number types, null fits none. */
export function isOfType(type: ParameterType, value: JsonValue): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "struct":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return assertNever(type);
  }
}

/** Deep equality of JSON values; the order of keys does not count. */
function isSame(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => isSame(item, right[index] ?? null));
  }
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isSame(left[key] ?? null, right[key] ?? null));
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "struct";
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "double" : "string";
}

function shownValue(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}

/** How Kubeflow writes parameter values as text and reads them back from the files of a step. */

import type { JsonValue, ParameterType } from "@/pipelines/graph";
import { select, selectorKey } from "@/pipelines/kfp/selector";
import { readLenientJson } from "@/pipelines/text/json";
import { isOfType } from "../parameters";

/** A value, or why there is none in a sentence for the task. */
export type ValueOutcome =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };

/** Go's `strconv.ParseBool`, which Kubeflow reads boolean files with. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The text a value has in an argument: strings as they are, null as nothing, the rest as compact JSON. */
export function valueText(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Reads the file a step wrote for one output parameter. */
export function readParameterFile(type: ParameterType, text: string): ValueOutcome {
  switch (type) {
    case "string":
      return { ok: true, value: text };
    case "integer":
    case "number": {
      const trimmed = text.trim();
      const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
      if (!Number.isFinite(value)) return unread("a number", text);
      return type === "integer" && !Number.isInteger(value) ? unread("a whole number", text) : { ok: true, value };
    }
    case "boolean": {
      const value = BOOLEANS.get(text.trim());
      return value === undefined ? unread("true or false", text) : { ok: true, value };
    }
    case "list":
    case "struct": {
      const json = parseLenientJson(text);
      const wanted = type === "list" ? "a JSON list" : "a JSON object";
      if (!json.ok) return unread(wanted, text, json.message);
      return isOfType(type, json.value) ? json : unread(wanted, text);
    }
  }
}

/** Reads JSON that Python may have written: bare `Infinity` and `NaN` become the strings of that spelling. */
export function parseLenientJson(text: string): ValueOutcome {
  const outcome = readLenientJson(text);
  if (outcome.ok) return outcome;
  const [problem] = outcome.problems;
  return { ok: false, message: problem === undefined ? "no JSON" : `${problem.place}: ${problem.message}` };
}

/**
 * The value a task gets for a declared input: text is made of anything for a string, every other type must match.
 * A JSON string is not parsed for a list or struct.
 */
export function fitInput(name: string, type: ParameterType, value: JsonValue): ValueOutcome {
  if (type === "string") return { ok: true, value: typeof value === "string" ? value : valueText(value) };
  if (isOfType(type, value)) return { ok: true, value };
  const found = value === null ? "null" : Array.isArray(value) ? "list" : typeof value === "object" ? "struct" : typeof value; // biome-ignore format: one sentence
  return {
    ok: false,
    message: `The input "${name}" takes a ${type}, but was given a ${found}: ${shorten(valueText(value))}`,
  };
}

/** Picks the part of a resolved value that a `parameterExpressionSelector` names; a missing key is an error. */
export function applySelector(selector: string, value: JsonValue): ValueOutcome {
  const key = selectorKey(selector);
  const picked = key === null ? undefined : select(value, key);
  if (picked !== undefined) return { ok: true, value: picked };
  return { ok: false, message: `nothing is found by the selector ${selector} in ${shorten(valueText(value))}` };
}

function unread(wanted: string, text: string, fault?: string): ValueOutcome {
  const where = fault === undefined ? "" : ` (${fault.replace(/\.$/, "")})`;
  return { ok: false, message: `expected ${wanted}, found ${JSON.stringify(shorten(text))}${where}` };
}

function shorten(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}

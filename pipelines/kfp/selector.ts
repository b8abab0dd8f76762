/** Reads the one form of `parameterExpressionSelector` that Kubeflow writes: a key of a JSON value. */
import type { JsonValue } from "../graph";

const SELECTOR =
  /^\s*parseJson\(\s*string_value\s*\)\s*\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d{1,9}))\s*\]\s*$/;

/** The key or index that a selector picks, or null for a form nobody writes. */
export function selectorKey(selector: string): string | number | null {
  const match = SELECTOR.exec(selector);
  if (match === null) return null;
  if (match[3] !== undefined) return Number(match[3]);
  return (match[1] ?? match[2] ?? "").replace(/\\(.)/g, "$1");
}

/** Applies a selector to a resolved value; a missing key is an answer, undefined. */
export function select(value: JsonValue, key: string | number): JsonValue | undefined {
  const parsed = typeof value === "string" ? parseOrUndefined(value) : value;
  if (typeof key === "number") return Array.isArray(parsed) ? parsed[key] : undefined;
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) return undefined;
  return Object.hasOwn(parsed, key) ? parsed[key] : undefined;
}

function parseOrUndefined(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Reads numbers and lists out of documents that a step wrote, where Python's bare `Infinity` has become a string. */
import type { JsonValue } from "@/pipelines/graph";

export type JsonObject = { readonly [key: string]: JsonValue };

export const isObject = (value: JsonValue | undefined): value is JsonObject & { [key: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NAMED: ReadonlyMap<string, number> = new Map([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

/** A number, also one written as text; null for anything else. Infinite ones count. */
export function numberOf(value: JsonValue | undefined): number | null {
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value !== "string") return null;
  const text = value.trim();
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

/** A list, also one that Kubeflow's store has wrapped as `{list: […]}`; null for anything else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] | null {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value.list) ? value.list : null;
}

/** An object, also one wrapped as `{struct: {…}}`; null for anything else. */
export function structOf(value: JsonValue | undefined): JsonObject | null {
  if (!isObject(value)) return null;
  return Object.keys(value).length === 1 && isObject(value.struct) ? value.struct : value;
}

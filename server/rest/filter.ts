/** The filter grammar of Kubeflow's lists: JSON predicates on named keys, joined by AND. */
import type { JsonValue } from "@/pipelines/graph";
import type { Predicate, Scalar } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import { type JsonObject, message } from "./json";

const OPERATIONS: { readonly [name: string]: "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "in" | "contains" } = {
  EQUALS: "eq",
  NOT_EQUALS: "ne",
  GREATER_THAN: "gt",
  GREATER_THAN_EQUALS: "ge",
  LESS_THAN: "lt",
  LESS_THAN_EQUALS: "le",
  IN: "in",
  IS_SUBSTRING: "contains",
};
const NUMBERS: { readonly [number: string]: string } = {
  1: "EQUALS",
  2: "NOT_EQUALS",
  3: "GREATER_THAN",
  5: "GREATER_THAN_EQUALS",
  6: "LESS_THAN",
  7: "LESS_THAN_EQUALS",
  8: "IN",
  9: "IS_SUBSTRING",
};

/** How a key's values are read: as text, as whole seconds since 1970, or as words that stand for others of ours. */
export type Key<Field extends string> =
  | { readonly field: Field; readonly as: "text" | "second" }
  | { readonly field: Field; readonly as: "words"; readonly words: { readonly [word: string]: readonly Scalar[] } }
  | { readonly as: "ignored" };

export type Keys<Field extends string> = { readonly [key: string]: Key<Field> };

interface Given {
  readonly key: string;
  readonly operation: (typeof OPERATIONS)[string];
  readonly values: readonly Scalar[];
  readonly isList: boolean;
}

const invalid = (text: string): ProblemError => new ProblemError("invalid", text);

/** The filter's JSON, also when it was encoded twice, as Kubeflow's own pages do. */
function decode(text: string): JsonValue {
  for (const candidate of [text, decoded(text)]) {
    try {
      if (candidate !== null) return JSON.parse(candidate);
    } catch {}
  }
  throw invalid(`failed to parse valid filter from ${JSON.stringify(text.slice(0, 200))}`);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

const SCALARS: readonly string[] = ["int_value", "long_value", "string_value", "timestamp_value"];
const LISTS: readonly string[] = ["int_values", "long_values", "string_values"];

function scalar(value: JsonValue | undefined, field: string): Scalar {
  if (field === "timestamp_value" && typeof value === "string") {
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw invalid(`invalid timestamp ${value} in the filter`);
    return Math.floor(ms / 1000);
  }
  if (field.startsWith("string") && typeof value === "string") return value;
  if (/^(?:int|long)/.test(field)) {
    if (typeof value === "number") return value;
    if (typeof value === "string" && /^-?\d{1,18}$/.test(value)) return Number(value);
  }
  throw invalid(`invalid ${field} in the filter`);
}

function givenPredicate(raw: JsonValue): Given {
  const predicate: JsonObject = message(raw);
  const { operation, key, ...rest } = predicate;
  const name = typeof operation === "number" ? NUMBERS[operation] : typeof operation === "string" ? operation : "";
  const op = name !== undefined && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (op === undefined) throw invalid(`filter has no known operation: ${JSON.stringify(operation ?? null)}`);
  if (typeof key !== "string" || key === "") throw invalid("filter has a predicate without a key");
  const fields = Object.keys(rest);
  const unknown = fields.find((field) => !SCALARS.includes(field) && !LISTS.includes(field));
  if (unknown !== undefined) throw invalid(`unknown field "${unknown}" in the filter`);
  const [field, ...others] = fields;
  if (field === undefined || others.length > 0) throw invalid(`filter on "${key}" needs exactly one value`);
  if (LISTS.includes(field)) {
    const { values } = message(rest[field]);
    if (!Array.isArray(values)) throw invalid(`invalid ${field} in the filter`);
    return { key, operation: op, values: values.map((value) => scalar(value, field)), isList: true };
  }
  return { key, operation: op, values: [scalar(rest[field], field)], isList: false };
}

function checkShape({ operation, values, isList }: Given): void {
  if (operation === "in" && !isList) throw invalid(`cannot use IN operator with scalar type ${typeof values[0]}`);
  if (operation !== "in" && isList) throw invalid(`cannot use scalar operator ${operation} with a list`);
  if (operation === "contains" && typeof values[0] !== "string") {
    throw invalid("cannot use IS_SUBSTRING operator with a value that is no string");
  }
}

/** Values of a key of words; one that no row can have matches nothing, as it would for Kubeflow. */
function wordPredicate<Field extends string>(
  field: Field,
  words: { readonly [word: string]: readonly Scalar[] },
  { operation, values, key }: Given,
): Predicate<Field> {
  const meant = new Set(values.flatMap((value) => (Object.hasOwn(words, value) ? (words[value] ?? []) : [])));
  if (operation === "eq" || operation === "in") return { field, operation: "in", values: [...meant] };
  if (operation === "ne") {
    const others = Object.values(words).flat();
    return { field, operation: "in", values: [...new Set(others.filter((value) => !meant.has(value)))] };
  }
  throw invalid(`the key "${key}" can only be compared with EQUALS, NOT_EQUALS and IN`);
}

function second(value: Scalar): number {
  if (typeof value === "number") return value;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw invalid(`${JSON.stringify(value)} is not a moment; give seconds since 1970 or RFC 3339`);
  return Math.floor(ms / 1000);
}

function predicateOf<Field extends string>(keys: Keys<Field>, given: Given): Predicate<Field> | null {
  checkShape(given);
  const key = Object.hasOwn(keys, given.key) ? keys[given.key] : undefined;
  if (key === undefined) throw invalid(`no support for filtering on unrecognized field ${JSON.stringify(given.key)}`);
  if (key.as === "ignored") return null;
  const { field } = key;
  if (key.as === "words") return wordPredicate(field, key.words, given);
  const values = given.values.map((value) => (key.as === "second" ? second(value) : String(value)));
  const { operation } = given;
  if (operation === "in") return { field, operation, values };
  const value = values[0] ?? "";
  if (operation === "contains") return { field, operation, value: String(value) };
  return { field, operation: operation ?? "eq", value };
}

export interface Filter<Field extends string> {
  readonly predicates: readonly Predicate<Field>[];
  /** `tags.<name>` predicates, where the list has tags. */
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

/** Reads a filter; the empty text is none. Throws `invalid` in Kubeflow's words. */
export function readFilter<Field extends string>(keys: Keys<Field>, text: string, hasTags = false): Filter<Field> {
  if (text === "") return { predicates: [], tags: [] };
  const filter = message(decode(text));
  const raw = filter.predicates ?? [];
  const unknown = Object.keys(filter).find((field) => field !== "predicates");
  if (unknown !== undefined || !Array.isArray(raw)) {
    throw invalid(`failed to parse valid filter from ${JSON.stringify(text.slice(0, 200))}`);
  }
  const predicates: Predicate<Field>[] = [];
  const tags: { name: string; value: string }[] = [];
  for (const given of raw.map(givenPredicate)) {
    if (hasTags && given.key.startsWith("tags.")) {
      const [value] = given.values;
      if (given.operation !== "eq" || typeof value !== "string")
        throw invalid("tags can only be compared with EQUALS and a string");
      tags.push({ name: given.key.slice("tags.".length), value });
      continue;
    }
    const predicate = predicateOf(keys, given);
    if (predicate !== null) predicates.push(predicate);
  }
  return { predicates, tags };
}

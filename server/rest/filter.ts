/** The filter grammar of Kubeflow's lists: JSON predicates on named keys, joined by AND. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import type { Predicate, Scalar } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import { type JsonObject, message } from "./json";

type Operation = "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "in" | "contains";

const OPERATIONS: { readonly [name: string]: Operation } = {
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

/** Words of an enumeration: what of ours each stands for, and which number stands for the word. */
export interface Words {
  readonly values: { readonly [word: string]: readonly Scalar[] };
  readonly numbers: { readonly [number: string]: string };
}

/** How a key's values are read: as text, as whole seconds since 1970, or as words that stand for others of ours. */
export type Key<Field extends string> =
  | { readonly field: Field; readonly as: "text" | "second" }
  | { readonly field: Field; readonly as: "words"; readonly words: Words }
  | { readonly as: "ignored" };

export type Keys<Field extends string> = { readonly [key: string]: Key<Field> };

interface Given {
  readonly key: string;
  readonly operation: Operation;
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

/** RFC 3339 as whole seconds since 1970, which is all that Kubeflow compares. */
function momentSecond(text: string): number {
  const parsed = z.iso.datetime({ offset: true }).safeParse(text);
  if (parsed.success) return Math.floor(Date.parse(parsed.data) / 1000);
  throw invalid(`${JSON.stringify(text)} is not a moment; give seconds since 1970 or RFC 3339`);
}

const SCALARS: readonly string[] = ["int_value", "long_value", "string_value", "timestamp_value"];
const LISTS: readonly string[] = ["int_values", "long_values", "string_values"];

function scalar(value: JsonValue | undefined, field: string): Scalar {
  if (field === "timestamp_value" && typeof value === "string") return momentSecond(value);
  if (field.startsWith("string") && typeof value === "string") return value;
  if (/^(?:int|long)/.test(field)) {
    if (typeof value === "number" && Number.isInteger(value)) return value;
    if (typeof value === "string" && /^-?\d{1,18}$/.test(value)) return Number(value);
  }
  throw invalid(`invalid ${field} in the filter`);
}

function givenPredicate(raw: JsonValue): Given {
  const predicate: JsonObject = message(raw, "predicates of the filter");
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
    const { values } = message(rest[field], `${field} of the filter`);
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

/** How a word of Kubeflow's stands to what was given; texts compare as its database compares them. */
const COMPARISONS: {
  readonly [operation in Given["operation"]]: (word: string, values: readonly string[]) => boolean;
} = {
  eq: (word, values) => values.includes(word),
  in: (word, values) => values.includes(word),
  ne: (word, values) => !values.includes(word),
  gt: (word, [value = ""]) => word > value,
  ge: (word, [value = ""]) => word >= value,
  lt: (word, [value = ""]) => word < value,
  le: (word, [value = ""]) => word <= value,
  contains: (word, [value = ""]) => word.toLowerCase().includes(value.toLowerCase()),
};

/** Which of our values a condition on Kubeflow's words lets through; a word that no row can have matches nothing. */
function wordPredicate<Field extends string>(
  { field, words }: Extract<Key<Field>, { as: "words" }>,
  { operation, values }: Given,
): Predicate<Field> {
  const numbered = values.map(
    (value) => (Object.hasOwn(words.numbers, value) ? words.numbers[value] : undefined) ?? String(value),
  );
  const meant = Object.entries(words.values).flatMap(([word, ours]) =>
    COMPARISONS[operation](word, numbered) ? ours : [],
  );
  return { field, operation: "in", values: [...new Set(meant)] };
}

const second = (value: Scalar): number =>
  typeof value === "number" ? value : /^\d{1,15}$/.test(value) ? Number(value) : momentSecond(value);

function predicateOf<Field extends string>(keys: Keys<Field>, given: Given): Predicate<Field> | null {
  checkShape(given);
  const key = Object.hasOwn(keys, given.key) ? keys[given.key] : undefined;
  if (key === undefined) throw invalid(`no support for filtering on unrecognized field ${JSON.stringify(given.key)}`);
  if (key.as === "ignored") return null;
  const { field } = key;
  if (key.as === "words") return wordPredicate(key, given);
  const values = given.values.map((value) => (key.as === "second" ? second(value) : String(value)));
  const { operation } = given;
  if (operation === "in") return { field, operation, values };
  const value = values[0] ?? "";
  if (operation === "contains") return { field, operation, value: String(value) };
  return { field, operation, value };
}

export interface Filter<Field extends string> {
  readonly predicates: readonly Predicate<Field>[];
  /** `tags.<name>` predicates, where the list has tags. */
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

/** Reads a filter; the empty text is none. Throws `invalid` in Kubeflow's words. */
export function readFilter<Field extends string>(keys: Keys<Field>, text: string, hasTags = false): Filter<Field> {
  if (text === "") return { predicates: [], tags: [] };
  const filter = message(decode(text), "filter");
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

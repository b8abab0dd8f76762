/** A small language for protobuf messages written as JSON: camelCase or snake_case keys, unknown fields found. */
import type { JsonValue, Problem } from "../graph";
import { shorten } from "../text/limits";

type JsonObject = { readonly [key: string]: JsonValue };

/** What reading gathers on its way through a document. */
export interface ReadContext {
  readonly problems: Problem[];
  /** Places of fields nobody knows, where the format drops them instead of refusing the file. */
  readonly dropped: string[];
  readonly refusesUnknown: boolean;
}

/** Reads one value; `undefined` after noting a problem. */
export type Reader<T> = (value: JsonValue, place: string, context: ReadContext) => T | undefined;

type Fields = { readonly [field: string]: Reader<unknown> };
/** A message as read: every field may be absent. */
export type Message<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Reader<infer T> ? T : never };
/** The message type that a reader made by `message` gives. */
export type Read<R> = R extends Reader<infer T> ? T : never;

/** Appends a key to a place, quoting what would be ambiguous. */
export function placeOf(place: string, key: string): string {
  const shown = shorten(key);
  if (/^[A-Za-z_][\w-]*$/.test(shown)) return place === "" ? shown : `${place}.${shown}`;
  return `${place}[${JSON.stringify(shown)}]`;
}

function wrongType(context: ReadContext, place: string, wanted: string, value: JsonValue): undefined {
  const found = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value === "object" ? "a mapping" : `${typeof value} ${shorten(JSON.stringify(value))}`; // biome-ignore format: one sentence
  const message = `Expected ${wanted}, found ${found}.`;
  context.problems.push({ severity: "error", stage: "upload", place, rule: "wrong-type", message });
  return undefined;
}

export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const text: Reader<string> = (value, place, context) =>
  typeof value === "string" ? value : wrongType(context, place, "a string", value);

export const flag: Reader<boolean> = (value, place, context) =>
  typeof value === "boolean" ? value : wrongType(context, place, "true or false", value);

/** A number, or the decimal string that protobuf writes for 64-bit integers. */
export const number: Reader<number> = (value, place, context) => {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : wrongType(context, place, "a number", value);
};

export const anything: Reader<JsonValue> = (value) => value;

export const struct: Reader<JsonObject> = (value, place, context) =>
  isObject(value) ? value : wrongType(context, place, "a mapping", value);

export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, place, context) => {
    if (!Array.isArray(value)) return wrongType(context, place, "a list", value);
    const items: T[] = [];
    value.forEach((one, index) => {
      const read = item(one, `${place}[${index}]`, context);
      if (read !== undefined) items.push(read);
    });
    return items;
  };
}

/** A mapping with free keys; a Map, so that no key can reach a prototype. */
export function mapOf<T>(item: Reader<T>): Reader<ReadonlyMap<string, T>> {
  return (value, place, context) => {
    if (!isObject(value)) return wrongType(context, place, "a mapping", value);
    const entries = new Map<string, T>();
    for (const [key, one] of Object.entries(value)) {
      const read = item(one, placeOf(place, key), context);
      if (read !== undefined) entries.set(key, read);
    }
    return entries;
  };
}

export function oneOf<const T extends string>(names: readonly T[]): Reader<T> {
  return (value, place, context) => {
    const found = names.find((name) => name === value);
    return found ?? wrongType(context, place, `one of ${names.filter((name) => name !== "").join(", ")}`, value);
  };
}

/** A message with these fields. JSON null counts as absent, except where any value is allowed. */
export function message<F extends Fields>(fields: F): Reader<Message<F>> {
  const byName = new Map<string, string>();
  for (const field of Object.keys(fields)) {
    byName.set(field, field);
    byName.set(snakeCase(field), field);
  }
  return (value, place, context) => {
    if (!isObject(value)) return wrongType(context, place, "a mapping", value);
    const read: { [field: string]: unknown } = {};
    for (const [key, one] of Object.entries(value)) {
      const field = byName.get(key);
      const reader = field === undefined ? undefined : fields[field];
      if (field === undefined || reader === undefined) unknownField(context, place, key, fields);
      else if (one !== null || reader === anything) {
        const result = reader(one, placeOf(place, key), context);
        if (result !== undefined) read[field] = result;
      }
    }
    return read as Message<F>;
  };
}

/** Reads with another stance on unknown fields. */
export function dropping<T>(reader: Reader<T>): Reader<T> {
  return (value, place, context) => reader(value, place, { ...context, refusesUnknown: false });
}

function unknownField(context: ReadContext, place: string, key: string, fields: Fields): void {
  const where = placeOf(place, key);
  if (!context.refusesUnknown) {
    context.dropped.push(where);
    return;
  }
  const known = Object.keys(fields).join(", ");
  const message = `The field "${shorten(key)}" is not part of the pipeline format here (known: ${known}). Remove it, or compile the pipeline again with the SDK.`;
  context.problems.push({ severity: "error", stage: "upload", place: where, rule: "unknown-field", message });
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Between a parameter's value and what a person types for it: one rule per type, in both directions. */
import type { JsonValue, ParameterSpec, ParameterType } from "@/pipelines/graph";

export type ParameterReading =
  /** `undefined`: nothing is sent and the default of the version holds. */
  { readonly ok: true; readonly value: JsonValue | undefined } | { readonly ok: false; readonly message: string };

const fail = (message: string): ParameterReading => ({ ok: false, message });
const give = (value: JsonValue | undefined): ParameterReading => ({ ok: true, value });

/** The text a control starts with. Lists, structs and choices are JSON text; a string is itself. */
export function parameterText(spec: ParameterSpec, value: JsonValue | undefined): string {
  if (value === undefined) return "";
  if (spec.literals) return JSON.stringify(value);
  if (typeof value === "string" && spec.type !== "list" && spec.type !== "struct") return value;
  return spec.type === "list" || spec.type === "struct" ? JSON.stringify(value, null, 2) : JSON.stringify(value);
}

/** One short line that says what a value is, as for a default beside its field. */
export function describeValue(value: JsonValue): string {
  if (value === "") return "empty text";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readJson(text: string, isRight: (value: JsonValue) => boolean, wanted: string): ParameterReading {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    const where = error instanceof Error ? error.message.replace(/^JSON\.parse: /, "") : "";
    return fail(`This is not JSON (${where}). Write ${wanted}.`);
  }
  return isRight(value) ? give(value) : fail(`Write ${wanted}.`);
}

const READERS: { readonly [type in ParameterType]: (text: string) => ParameterReading } = {
  string: (text) => give(text),
  integer: (text) => {
    if (!/^[+-]?\d+$/.test(text.trim())) return fail("Write a whole number, such as 42.");
    const value = Number(text);
    return Number.isSafeInteger(value) ? give(value) : fail("This number is too large to be kept exactly.");
  },
  number: (text) => {
    const value = Number(text);
    return text.trim() !== "" && Number.isFinite(value) ? give(value) : fail("Write a number, such as 0.01 or 1e-3.");
  },
  boolean: (text) => (text === "true" || text === "false" ? give(text === "true") : fail("Choose on or off.")),
  list: (text) => readJson(text, Array.isArray, 'a JSON list, such as ["a", "b"]'),
  struct: (text) =>
    readJson(
      text,
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      'a JSON object, such as {"rate": 0.1}',
    ),
};

/** What a typed text stands for, or why it stands for nothing. */
export function readParameter(spec: ParameterSpec, text: string): ParameterReading {
  const hasDefault = spec.default !== undefined;
  if (text === "" && spec.required && !hasDefault) return fail("This value is required.");
  if (text === "" && !(spec.type === "string" && hasDefault && !spec.literals)) return give(undefined);
  if (spec.literals) {
    const literal = spec.literals.find((each) => JSON.stringify(each) === text);
    return literal === undefined ? fail("Choose one of the allowed values.") : give(literal);
  }
  return READERS[spec.type](text);
}

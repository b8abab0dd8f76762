/** The values of a form as one YAML document, and back: for the text view, for files, and for values of another run. */
import { stringify } from "yaml";
import { parameterText, readParameter } from "@/components/run-inputs/parameter-text";
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";
import { readYamlDocuments } from "@/pipelines/text/yaml";
import { isOfType } from "@/server/domain/parameters";

/** Texts for the fields that the values have a place for, and the names that have none. */
export interface Taken {
  readonly texts: { readonly [name: string]: string };
  readonly unknown: readonly string[];
}

export type DocumentReading =
  | ({ readonly ok: true } & Taken)
  | { readonly ok: false; readonly problems: readonly string[] };

const WANTED: { readonly [type in ParameterSpec["type"]]: string } = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  struct: "an object",
};

const isMap = (value: JsonValue | undefined): value is { [name: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was typed, as YAML; what is left to its default is left out, and what cannot be read stands as it was typed. */
export function writeDocument(specs: readonly ParameterSpec[], texts: readonly string[]): string {
  const pairs = specs.flatMap((spec, index): [string, JsonValue][] => {
    const text = texts[index] ?? "";
    const reading = readParameter(spec, text);
    if (!reading.ok) return text === "" ? [] : [[spec.name, text]];
    return reading.value === undefined ? [] : [[spec.name, reading.value]];
  });
  return pairs.length === 0 ? "" : stringify(Object.fromEntries(pairs), { lineWidth: 0 });
}

/** Values by name: the document itself, or what it keeps under `parameters` as the files of other tools do. */
function valuesIn(document: JsonValue): { readonly [name: string]: JsonValue } | null {
  if (document === null) return {};
  if (!isMap(document)) return null;
  const { runtime_config: config, parameters } = document;
  if (isMap(config) && isMap(config.parameters)) return config.parameters;
  return Object.keys(document).length === 1 && isMap(parameters) ? parameters : document;
}

/** Reads YAML or JSON. Text that is none of both, or values of a wrong type, are told one by one. */
export function readDocument(specs: readonly ParameterSpec[], text: string): DocumentReading {
  const outcome = readYamlDocuments(text);
  if (!outcome.ok) return { ok: false, problems: outcome.problems.map(({ place, message }) => `${place}: ${message}`) };
  const documents = outcome.value;
  const values = documents.length > 1 ? null : valuesIn(documents[0] ?? null);
  if (values === null) {
    return { ok: false, problems: ["Write one value per parameter, as in “rate: 0.1”."] };
  }
  const wrong = specs.flatMap((spec): string[] => {
    const value = Object.hasOwn(values, spec.name) ? (values[spec.name] ?? null) : null;
    return value === null || isOfType(spec.type, value) ? [] : [`${spec.name} takes ${WANTED[spec.type]}.`];
  });
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, ...takeValues(specs, values) };
}

/** Values by name as texts of the form; null is a value that was never given. */
export function takeValues(specs: readonly ParameterSpec[], values: { readonly [name: string]: JsonValue }): Taken {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const texts: [string, string][] = [];
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const spec = byName.get(name);
    if (spec === undefined) unknown.push(name);
    else texts.push([name, parameterText(spec, value ?? undefined)]);
  }
  return { texts: Object.fromEntries(texts), unknown };
}
